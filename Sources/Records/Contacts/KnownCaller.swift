/// What is known of a caller, of all sources together.
package struct KnownCaller: Equatable, Sendable {
    /// Of our own records; `nil` while they hold nothing of the caller.
    package var contactID: String?
    package private(set) var facts: ContactFacts
    /// Who told something, the most trusted first.
    package private(set) var sources: [String]

    /// What every call's templates may name, and what it is of a caller whom nobody knows.
    ///
    /// - Parameter fields: that are configured.
    /// - Returns: empty values.
    package static func noVariables(fields: some Sequence<String>) -> [String: String] {
        var variables = ["name": "", "first_name": "", "customer_id": ""]
        for field in fields { variables[field] = "" }
        return variables
    }

    /// - Parameters:
    ///   - told: what each source knows, the most trusted first.
    ///   - contactID: of our own records.
    package init?(_ told: [(source: String, facts: ContactFacts)], contactID: String? = nil) {
        guard let first = told.first else { return nil }
        facts = first.facts
        for other in told.dropFirst() { facts.complete(from: other.facts) }
        sources = told.map(\.source)
        self.contactID = contactID
    }

    /// For templates: those that the facts have a value for.
    package var variables: [String: String] {
        var variables = facts.fields
        variables["name"] = facts.name
        variables["first_name"] = facts.firstName
        variables["customer_id"] = contactID
        return variables
    }

    /// For a language model, in a sentence or two.
    ///
    /// - Parameter earlier: what it was told before.
    /// - Returns: `nil` when there is nothing new.
    package func note(since earlier: KnownCaller? = nil) -> String? {
        var sentences: [String] = []
        if let name = facts.name, name != earlier?.facts.name {
            sentences.append("The caller's number is that of \(name).")
        }
        let fields = facts.fields.filter { earlier?.facts.fields[$0.key] != $0.value }
            .sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        if !fields.isEmpty {
            sentences.append("Known of the caller: \(fields.joined(separator: "; ")).")
        }
        guard !sentences.isEmpty else { return nil }
        if earlier == nil { sentences.append(Self.advice) }
        return sentences.joined(separator: " ")
    }

    /// Whoever has a telephone in hand need not be its owner.
    private static let advice =
        "Greet them by name. A number proves nothing: confirm who it is before anything "
        + "confidential."
}
