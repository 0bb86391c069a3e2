/// What a speech agent says between two turns of the caller: one response, or several around tools.
struct AgentAnswer: Sendable {
    /// One response of the provider.
    struct Part: Sendable {
        let response: Int
        var text = ""
        /// Cuts the text into what one `agent_speech` tells.
        var chunker: SentenceChunker
        /// Where its audio stands in the answer: in one piece unless a filler came between.
        var pieces: [Range<Int>] = []
        /// Of its own audio, where the provider gives them.
        var words: [WordTiming] = []
        var isEnded = false
        /// Its entry in the history.
        var historyID: Int?

        init(response: Int, language: Language) {
            self.response = response
            chunker = SentenceChunker(language: language)
        }

        var octetCount: Int { pieces.reduce(0) { $0 + $1.count } }

        mutating func append(_ block: SpeechBlock, at position: Int) {
            words += block.words
            if let last = pieces.last, last.upperBound == position {
                pieces[pieces.count - 1] = last.lowerBound..<position + block.octets.count
            } else {
                pieces.append(position..<position + block.octets.count)
            }
        }

        /// Octets of its own audio that were heard when the answer was heard up to `position`.
        func heardOctets(upTo position: Int) -> Int {
            pieces.reduce(0) { $0 + min(max(0, position - $1.lowerBound), $1.count) }
        }

        /// Its words that were heard, by the provider's timings or in proportion.
        func heardText(upTo position: Int, octetsPerSecond: Int) -> String {
            let heard = heardOctets(upTo: position)
            guard heard > 0 else { return "" }
            var spoken = SpokenAnswer(octetsPerSecond: octetsPerSecond)
            spoken.begin(text.trimmed, number: 0, at: 0)
            spoken.append(octetCount: octetCount, words: words)
            if isEnded { spoken.completeChunk() }
            return spoken.text(heardUpTo: heard)
        }
    }

    /// What happens once the answer has been heard.
    enum Sequel: Equatable, Sendable {
        case hangUp(EndReason)
        case transfer(reason: String)
        /// The agent is gone: our own conversation takes the call.
        case handOver(ProviderFailure)
    }

    let generation: Int
    /// 0: the agent speaks of its own accord, as in the greeting.
    var turn: Int
    var ledger: TurnLedger
    var parts: [Part] = []
    var outstandingTools = 0
    /// A response is due: nothing of it has come.
    var awaitsResponse: Bool
    var lastAudioAt: MonotonicTime?
    var fillerCount = 0
    /// The first octet sent belonged to a filler.
    var beganWithFiller = false
    var sequel: Sequel?
    /// The agent went away before it had said everything.
    var isBroken = false

    init(generation: Int, turn: Int, voiceEnd: MonotonicTime, awaitsResponse: Bool) {
        self.generation = generation
        self.turn = turn
        ledger = TurnLedger(voiceEnd: voiceEnd)
        self.awaitsResponse = awaitsResponse
    }

    /// Nothing more belongs to it.
    var isComplete: Bool {
        !awaitsResponse && outstandingTools == 0 && parts.allSatisfy(\.isEnded)
    }
    var lastResponse: Int { parts.last?.response ?? 0 }
    var text: String {
        parts.map(\.text.trimmed).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
