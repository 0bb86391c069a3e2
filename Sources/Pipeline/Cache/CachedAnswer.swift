/// An answer worth keeping.
package struct CachedAnswer: Equatable, Sendable {
    package let text: String
    /// What the caller may say next.
    package let hints: RecognitionHints?

    /// The answer that a stream of the model amounts to.
    ///
    /// `nil` when it is no answer to keep: it used a tool, ends the call, may not be interrupted, or
    /// says nothing.
    ///
    /// - Parameter events: all of one stream that ended well.
    package init?(_ events: [ModelEvent]) {
        var text = ""
        var hints: RecognitionHints?
        for event in events {
            switch event {
            case .text(let token): text += token
            case .expects(let expected): hints = expected
            case .toolCall, .guarded, .closing: return nil
            }
        }
        guard !text.trimmed.isEmpty else { return nil }
        self.text = text
        self.hints = hints
    }

    /// The answer as a model would stream it: what to expect, then word by word.
    package var events: [ModelEvent] {
        var events = hints.map { [ModelEvent.expects($0)] } ?? []
        var word = ""
        for character in text {
            // A word begins with the white space before it, as tokens do.
            if character.isWhitespace, word.last?.isWhitespace == false {
                events.append(.text(word))
                word = ""
            }
            word.append(character)
        }
        events.append(.text(word))
        return events
    }

    /// In memory, without what a grammar may add.
    var octetCount: Int { text.utf8.count }
}
