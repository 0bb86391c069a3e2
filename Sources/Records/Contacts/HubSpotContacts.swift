/// People among HubSpot's contacts (protocols/crm.md §1.1).
package struct HubSpotContacts: ContactSource {
    package let name = HubSpotReceiver.system
    package let advice =
        "check HUBSPOT_ACCESS_TOKEN and its scope crm.objects.contacts.read"
    private let connection: CRMConnection
    private let fields: [ContactField]

    /// - Parameters:
    ///   - connection: the one that calls are logged over, for the account's limits are of both.
    ///   - fields: properties of contacts that are taken over beside the name.
    package init(_ connection: CRMConnection, fields: [ContactField] = []) {
        self.connection = connection
        self.fields = fields
    }

    package func person(
        with number: CallerNumber
    ) async throws(ContactSourceError) -> ContactFacts? {
        guard let digits = HubSpotCall.searchableDigits(number.text) else { return nil }
        let answer = try await connection.look(
            "POST", "/crm/v3/objects/contacts/search",
            HubSpotReceiver.contactSearch(
                number.text, digits, properties: fields.map(\.source)),
            rate: HubSpotReceiver.search)
        guard answer.isSuccess else { throw failure(answer) }
        guard let results = JSONTree(parsing: answer.body)?["results"]?.list else {
            throw .failed(reason: "it answered no results")
        }
        return number.owner(among: results) { contact in
            ["phone", "mobilephone"].compactMap { contact["properties"]?[$0]?.text }
        }.map(facts)
    }

    package func person(
        called id: String
    ) async throws(ContactSourceError) -> ContactFacts? {
        guard !id.isEmpty, id.count <= 20, id.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return nil
        }
        let properties = (["firstname", "lastname"] + fields.map(\.source))
            .joined(separator: ",")
        let answer = try await connection.look(
            "GET", "/crm/v3/objects/contacts/\(id)?properties=\(properties)")
        if answer.status == 404 { return nil }
        guard answer.isSuccess else { throw failure(answer) }
        guard let contact = JSONTree(parsing: answer.body), contact["id"] != nil else {
            throw .failed(reason: "it answered no contact")
        }
        return facts(contact)
    }

    private func facts(_ contact: JSONTree) -> ContactFacts {
        let properties = contact["properties"]
        return ContactFacts(
            externalID: contact["id"]?.words, firstName: properties?["firstname"]?.text,
            lastName: properties?["lastname"]?.text,
            fields: fields.values { properties?[$0]?.words })
    }

    /// A day's limit is over tomorrow only; an hour is a while to ask again.
    private func failure(_ answer: OutboxAnswer) -> ContactSourceError {
        let isDaily = JSONTree(parsing: answer.body)?["policyName"]?.text == "DAILY"
        guard answer.status == 429, isDaily else { return ContactSourceError(answer) }
        return .limited(wait: .seconds(3_600))
    }
}

extension [ContactField] {
    /// What each field holds.
    ///
    /// - Parameter value: of a field, by the source's name for it.
    /// - Returns: values by our names.
    func values(_ value: (String) -> String?) -> [String: String?] {
        reduce(into: [:]) { $0[$1.name] = value($1.source) }
    }
}

extension JSONTree {
    /// A value as it is told: texts and numbers, yes and no, and lists of such between commas.
    var words: String? {
        switch self {
        case .null, .object: nil
        case .bool(let flag): flag ? "yes" : "no"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .text(let text): text
        case .list(let list): list.compactMap(\.words).joined(separator: ", ")
        }
    }
}
