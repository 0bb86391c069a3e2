internal import Foundation

/// People that an address of the operator's own knows: it is given the number and answers JSON.
///
/// An address with `{number}` is asked with GET, any other with POST and
/// `{"phone_number": "+57…"}`, or `{"customer_id": "…"}` where a customer is asked for by their id.
/// The answer is an object, or a list of one; 204, 404, `null` and an empty object or list say that
/// nobody is known.
package struct JSONContacts: ContactSource {
    package struct Settings: Equatable, Sendable {
        package var url: String
        package var idMember = "id"
        package var nameMember = "name"
        package var fields: [ContactField] = []

        package init(url: String) { self.url = url }
    }

    package let name = "json"
    package let advice = "check CONTACT_JSON_URL and CONTACT_JSON_KEY"
    private let connection: CRMConnection
    private let settings: Settings
    private static let placeholder = "{number}"

    /// - Parameters:
    ///   - connection: with an empty base.
    ///   - settings: where it is, and what is taken over of its answers.
    package init(_ connection: CRMConnection, settings: Settings) {
        self.connection = connection
        self.settings = settings
    }

    package func person(
        with number: CallerNumber
    ) async throws(ContactSourceError) -> ContactFacts? {
        guard settings.url.contains(Self.placeholder) else {
            return try await ask("POST", settings.url, ["phone_number": .text(number.text)])
        }
        let url = settings.url.replacing(Self.placeholder, with: number.text.queryValue)
        return try await ask("GET", url, nil)
    }

    package func person(
        called id: String
    ) async throws(ContactSourceError) -> ContactFacts? {
        guard !settings.url.contains(Self.placeholder), !id.isEmpty, id.count <= 100 else {
            return nil
        }
        return try await ask("POST", settings.url, ["customer_id": .text(id)])
    }

    private func ask(
        _ method: String, _ url: String, _ body: [String: JSONTree]?
    ) async throws(ContactSourceError) -> ContactFacts? {
        let answer = try await connection.look(
            method, url, body.map(JSONTree.object), headers: [("Accept", "application/json")])
        if answer.status == 404 || answer.status == 204 { return nil }
        guard answer.isSuccess else { throw ContactSourceError(answer) }
        switch JSONTree(parsing: answer.body) {
        case .null?: return nil
        case .object(let members)?: return facts(members)
        case .list(let list)?:
            guard case .object(let members)? = list.first, list.count == 1 else { return nil }
            return facts(members)
        default: throw .failed(reason: "it answered no JSON object")  // other JSON, or none
        }
    }

    private func facts(_ members: [String: JSONTree]) -> ContactFacts? {
        guard !members.isEmpty else { return nil }
        return ContactFacts(
            externalID: members[settings.idMember]?.words,
            name: members[settings.nameMember]?.text,
            firstName: members["first_name"]?.text, lastName: members["last_name"]?.text,
            fields: settings.fields.values { members[$0]?.words })
    }
}
