/// An answer of a chain of language models.
///
/// Whole words are given; an answer that breaks off is continued by the next model behind what was
/// given, unless it asked for a tool or closed the call: it then ends there.
package struct ChainedAnswer: ChainedWork {
    package private(set) var request: ModelRequest
    private let asked: ModelRequest
    private var answer = StreamedAnswer()
    private var isClosing = false

    package init(_ request: ModelRequest) {
        self.request = request
        asked = request
    }

    package var mayStandAsItIs: Bool { !answer.given.isEmpty && answer.endsWithSentence }

    package mutating func take(_ event: ModelEvent) -> [ModelEvent] {
        switch event {
        case .text(let token): return pieces(answer.take(token))
        case .toolCall: answer.tookToolCall()
        case .closing: isClosing = true
        case .expects, .guarded: break
        }
        return [event]
    }

    package mutating func finish(by provider: FailoverPolicy.Provider) -> [ModelEvent] {
        pieces(answer.finish())
    }

    package mutating func breakOff(by provider: FailoverPolicy.Provider) -> Bool {
        let recovery = answer.fail()
        guard !isClosing, let next = StreamedAnswer.request(recovery, of: asked) else {
            return false
        }
        request = next
        return true
    }

    private func pieces(_ text: String) -> [ModelEvent] { text.isEmpty ? [] : [.text(text)] }
}
