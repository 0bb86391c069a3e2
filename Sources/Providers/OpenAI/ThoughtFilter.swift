/// Takes `<think>…</think>` out of streamed text: reasoning that a server did not set apart.
///
/// Text is held back only while it may be the beginning of a tag.
struct ThoughtFilter: Sendable {
    private static let opening = "<think>"
    private static let closing = "</think>"

    private var held = ""
    private var isThinking = false

    mutating func take(_ text: String) -> String {
        held += text
        var passed = ""
        while !held.isEmpty {
            let tag = isThinking ? Self.closing : Self.opening
            if let range = Self.find(tag, in: held) {
                if !isThinking { passed += held[..<range.lowerBound] }
                held = String(held[range.upperBound...])
                isThinking.toggle()
                // What follows a thought on a line of its own begins with that line's end.
                if !isThinking { held = String(held.drop(while: \.isNewline)) }
                continue
            }
            let kept = Self.beginning(of: tag, atEndOf: held)
            if !isThinking { passed += held[..<kept] }
            held = String(held[kept...])
            break
        }
        return passed
    }

    /// What was held back and turned out to be no tag.
    mutating func finish() -> String {
        defer { held = "" }
        return isThinking ? "" : held
    }

    private static func find(_ tag: String, in text: String) -> Range<String.Index>? {
        var start = text.startIndex
        while let index = text[start...].firstIndex(of: "<") {
            if text[index...].hasPrefix(tag) {
                return index..<text.index(index, offsetBy: tag.count)
            }
            start = text.index(after: index)
        }
        return nil
    }

    private static func beginning(of tag: String, atEndOf text: String) -> String.Index {
        var start = text.startIndex
        while let index = text[start...].firstIndex(of: "<") {
            if tag.hasPrefix(text[index...]) { return index }
            start = text.index(after: index)
        }
        return text.endIndex
    }
}
