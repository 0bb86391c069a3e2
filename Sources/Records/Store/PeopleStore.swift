package import Foundation

/// Who calls, what is remembered of them, and the prompts agents talk by.
package protocol PeopleStore: ContactStore {
    /// Keeps a contact under its number, over what was there.
    func keep(_ contact: Contact, at now: Date) async throws(RecordStoreError)
    func contact(number: String) async throws(RecordStoreError) -> Contact?
    func add(_ memory: Memory) async throws(RecordStoreError)
    /// What is remembered of a contact and has not expired, the latest first.
    func memories(ofContact id: String, at now: Date, limit: Int) async throws(RecordStoreError)
        -> [Memory]

    /// Keeps a text as the next version of a prompt and puts it in force.
    func addPrompt(_ name: String, language: String?, body: String, at now: Date)
        async throws(RecordStoreError) -> Prompt
    func activePrompt(_ name: String) async throws(RecordStoreError) -> Prompt?
    /// All versions, the latest first.
    func prompts(named name: String) async throws(RecordStoreError) -> [Prompt]
    /// Puts a version in force; `nil` when there is no such one.
    func activatePrompt(_ name: String, version: Int) async throws(RecordStoreError) -> Prompt?
}

package struct Contact: Equatable, Sendable {
    package var id: String
    /// E.164.
    package var phoneNumber: String
    package var name: String?
    package var email: String?
    package var language: String?
    /// What other systems call them, by the system's name.
    package var externalIDs: [String: String] = [:]
    package var attributes: [String: String] = [:]
    /// When another system was last asked about them.
    package var fetched: Date?
    /// The system that told of them first; `nil` for those who were put into our own records.
    package var source: String?

    package init(id: String, phoneNumber: String) {
        self.id = id
        self.phoneNumber = phoneNumber
    }
}

package struct Memory: Equatable, Sendable {
    package var id: String
    package var contactID: String
    package var callID: String?
    /// Such as `preference` or `summary`.
    package var kind: String
    package var content: String
    package var created: Date
    package var expires: Date?

    package init(
        id: String, contactID: String, callID: String? = nil, kind: String, content: String,
        created: Date, expires: Date? = nil
    ) {
        self.id = id
        self.contactID = contactID
        self.callID = callID
        self.kind = kind
        self.content = content
        self.created = created
        self.expires = expires
    }
}

package struct Prompt: Equatable, Sendable {
    package var id: String
    package var name: String
    /// From 1.
    package var version: Int
    package var language: String?
    package var body: String
    package var isActive: Bool
    package var created: Date
}
