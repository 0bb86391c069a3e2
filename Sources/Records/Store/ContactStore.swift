package import Foundation

/// What other systems answered when they were asked who has a number.
package protocol ContactStore: Sendable {
    /// The contact with a number, and what was answered about it, however long ago.
    func contactLookups(of number: String) async throws(RecordStoreError) -> (
        contact: Contact?, lookups: [ContactLookup]
    )
    /// Keeps answers over those of the same sources, and the contact, if there is one, over what
    /// was there.
    func keep(
        _ lookups: [ContactLookup], of number: String, contact: Contact?, at now: Date
    ) async throws(RecordStoreError)
    func contact(id: String) async throws(RecordStoreError) -> Contact?
    /// Deletes a contact with its memories and what was answered about the number, and takes its
    /// name off the conversations.
    ///
    /// - Returns: whether there was anything.
    func forgetContact(number: String) async throws(RecordStoreError) -> Bool
}

/// One system's answer about a number.
package struct ContactLookup: Equatable, Sendable {
    package let source: String
    /// `nil`: it knows nobody with the number.
    package let facts: ContactFacts?
    package let fetched: Date

    package init(source: String, facts: ContactFacts?, fetched: Date) {
        self.source = source
        self.facts = facts
        self.fetched = fetched
    }
}

extension Contact {
    /// What our own records say.
    var facts: ContactFacts {
        ContactFacts(name: name, fields: attributes.mapValues(Optional.some))
    }
}
