/// Why a template is none, or cannot be filled in; positions count characters from 0.
package enum PromptTemplateError: Error, Equatable {
    /// `{{` without `}}`.
    case unclosed(position: Int)
    /// Between the braces stands no name of letters, digits, `_`, `.` and `-`.
    case badName(String, position: Int)
    /// No value was given for it.
    case unknownVariable(String)
}

/// A system prompt with `{{variables}}`.
///
/// Values go in as they are: braces in a value stay braces, so a caller's name opens no variable.
package struct PromptTemplate: Equatable, Sendable {
    private enum Part: Equatable, Sendable {
        case text(String)
        case variable(String)
    }
    private var parts: [Part] = []

    package init(parsing text: String) throws(PromptTemplateError) {
        var rest = Substring(text)
        while let open = Self.find("{{", in: rest) {
            let position = text.distance(from: text.startIndex, to: open.lowerBound)
            guard let close = Self.find("}}", in: rest[open.upperBound...]) else {
                throw .unclosed(position: position)
            }
            let inside = String(rest[open.upperBound..<close.lowerBound])
            let name = inside.trimmed
            guard Self.isName(name) else { throw .badName(inside, position: position) }
            if open.lowerBound > rest.startIndex {
                parts.append(.text(String(rest[..<open.lowerBound])))
            }
            parts.append(.variable(name))
            rest = rest[close.upperBound...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
    }

    /// The names it uses.
    package var variables: Set<String> {
        Set(parts.compactMap { if case .variable(let name) = $0 { name } else { nil } })
    }

    /// Fails at start for what would fail in a call: a variable that nothing will give a value.
    package func check(known: Set<String>) throws(PromptTemplateError) {
        if let unknown = variables.subtracting(known).min() { throw .unknownVariable(unknown) }
    }

    package func filled(with values: [String: String]) throws(PromptTemplateError) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let piece): text += piece
            case .variable(let name):
                guard let value = values[name] else { throw .unknownVariable(name) }
                text += value
            }
        }
        return text
    }

    private static func find(_ braces: String, in text: Substring) -> Range<Substring.Index>? {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index...].hasPrefix(braces) {
                return index..<text.index(index, offsetBy: 2)
            }
            index = text.index(after: index)
        }
        return nil
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." || $0 == "-" }
    }
}
