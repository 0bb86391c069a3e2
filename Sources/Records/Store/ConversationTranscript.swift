internal import Events

/// Who said what in a call, one line each: `user: …` and `ai: …`.
///
/// It holds what was heard: of an answer that was cut only the part that reached the caller.
struct ConversationTranscript {
    private enum Speaker: String { case user, ai }

    private struct Line {
        let speaker: Speaker
        let turn: Int
        var words: String
    }

    private var lines: [Line] = []

    var text: String {
        lines.filter { !$0.words.isEmpty }.map { "\($0.speaker.rawValue): \($0.words)" }
            .joined(separator: "\n")
    }

    mutating func add(_ body: EventBody) {
        switch body {
        case .transcript(let said) where said.isFinal: append(.user, said.turn, said.text)
        case .agentSpeech(let said) where !said.filler: append(.ai, said.turn, said.text)
        case .interruption(let cut): replace(answerOf: cut.turn, with: cut.heard)
        case .turnCompleted(let turn): replace(answerOf: turn.turn, with: turn.heard)
        case .transcript, .agentSpeech, .callStarted, .callEnded, .speechStarted, .speechEnded,
            .toolCall, .toolResult, .sentiment, .sentimentAlert, .contextIssue,
            .callbackScheduled, .transferRequested, .dtmf, .carrierStatus, .quality, .error,
            .providerFailover:
            break
        }
    }

    /// What one side says in a row and in one turn is one line.
    private mutating func append(_ speaker: Speaker, _ turn: Int, _ words: String) {
        if let last = lines.indices.last, lines[last].speaker == speaker, lines[last].turn == turn {
            lines[last].words += lines[last].words.isEmpty ? words : " " + words
        } else {
            lines.append(Line(speaker: speaker, turn: turn, words: words))
        }
    }

    private mutating func replace(answerOf turn: Int, with heard: String) {
        let places = lines.indices.filter { lines[$0].speaker == .ai && lines[$0].turn == turn }
        guard let first = places.first else { return }
        lines[first].words = heard
        for place in places.dropFirst() { lines[place].words = "" }
    }
}
