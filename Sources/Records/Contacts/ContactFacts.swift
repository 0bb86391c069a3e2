/// What one source tells of a person: their name, and the fields it was configured to give.
///
/// Texts are made fit to be spoken and put into prompts: one line, no markup, of bounded length.
package struct ContactFacts: Equatable, Sendable, Codable {
    /// What the source calls them.
    package var externalID: String?
    package private(set) var name: String?
    package private(set) var firstName: String?
    /// By our names.
    package private(set) var fields: [String: String] = [:]

    private static let nameLimit = 80
    private static let fieldLimit = 200

    package init(
        externalID: String? = nil, name: String? = nil, firstName: String? = nil,
        lastName: String? = nil, fields: [String: String?] = [:]
    ) {
        self.externalID = externalID.flatMap { Self.plain($0, limit: 200) }
        self.firstName = firstName.flatMap { Self.plain($0, limit: Self.nameLimit) }
        let last = lastName.flatMap { Self.plain($0, limit: Self.nameLimit) }
        let whole = [self.firstName, last].compactMap(\.self).joined(separator: " ")
        self.name =
            name.flatMap { Self.plain($0, limit: Self.nameLimit) } ?? (whole.isEmpty ? nil : whole)
        if self.firstName == nil {
            self.firstName = self.name?.split(separator: " ").first.map(String.init)
        }
        for (field, value) in fields {
            self.fields[field] = value.flatMap { Self.plain($0, limit: Self.fieldLimit) }
        }
    }

    /// Takes over what `other` knows and this does not.
    package mutating func complete(from other: ContactFacts) {
        if name == nil {
            name = other.name
            firstName = other.firstName
        }
        fields.merge(other.fields) { own, _ in own }
    }

    /// One line without what could end a note in a prompt, or open a variable; `nil` when nothing
    /// is left.
    private static func plain(_ text: String, limit: Int) -> String? {
        let characters = text.map { character -> Character in
            let isOne = character.unicodeScalars.allSatisfy {
                !$0.properties.isDefaultIgnorableCodePoint
                    && $0.properties.generalCategory != .control
            }
            return isOne && !character.isWhitespace && !"<>{}".contains(character)
                ? character : " "
        }
        let line = String(characters).split(separator: " ").joined(separator: " ")
        guard !line.isEmpty else { return nil }
        return line.count > limit ? String(line.prefix(limit)) + "…" : line
    }
}

/// A field that a source is asked for.
package struct ContactField: Equatable, Sendable {
    /// As prompts and records call it.
    package let name: String
    /// As the source calls it.
    package let source: String

    /// Reads `skin_type`, or `plan=membership_level` where the source has another name for it.
    ///
    /// - Returns: `nil` unless both are letters, digits and underscores.
    package init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last else { return nil }
        name = Self.trimmed(first)
        source = Self.trimmed(last)
        guard Self.isName(name), Self.isName(source) else { return nil }
    }

    /// Whether a text may stand for a field or column wherever it is asked for.
    package static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.count <= 100
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    private static func trimmed(_ text: Substring) -> String {
        text.split(separator: " ").joined(separator: " ")
    }
}
