/// One chunk of speech from a chain of synthesisers.
///
/// When a voice breaks off, the next one says the rest from the first word that was not wholly
/// heard; its word timings are moved behind the audio that was given.
package struct ChainedSpeech: ChainedWork {
    /// A chunk that one voice said from its first word to its last: how fast it speaks.
    package struct Lesson: Equatable, Sendable {
        package let provider: FailoverPolicy.Provider
        package let text: String
        package let audio: Duration
    }

    /// What is still to be said.
    package private(set) var request: String
    package private(set) var lesson: Lesson?
    /// By provider.
    private let paces: [SpeakingPace]
    private let octetsPerSecond: Int
    /// Of the voice in use: what it gave of `request`.
    private var octetCount = 0
    private var words: [WordTiming] = []
    /// Of the voices before it.
    private var saidBefore = Duration.zero

    /// - Parameters:
    ///   - text: the chunk.
    ///   - octetsPerSecond: of the audio that was asked for.
    ///   - paces: how fast each provider's voice speaks, as far as it is known.
    package init(_ text: String, octetsPerSecond: Int, paces: [SpeakingPace]) {
        request = text
        self.octetsPerSecond = octetsPerSecond
        self.paces = paces
    }

    /// A sentence that stops in its middle does not.
    package var mayStandAsItIs: Bool { false }

    package mutating func take(_ block: SpeechBlock) -> [SpeechBlock] {
        octetCount += block.octets.count
        words += block.words
        guard !block.octets.isEmpty || !block.words.isEmpty else { return [] }
        guard saidBefore > .zero, !block.words.isEmpty else { return [block] }
        let moved = block.words.map {
            WordTiming(word: $0.word, start: $0.start + saidBefore)
        }
        return [SpeechBlock(octets: block.octets, words: moved, levels: block.levels)]
    }

    package mutating func finish(by provider: FailoverPolicy.Provider) -> [SpeechBlock] {
        lesson = Lesson(provider: provider, text: request, audio: audio)
        return []
    }

    package mutating func breakOff(by provider: FailoverPolicy.Provider) -> Bool {
        let pace = paces.indices.contains(provider) ? paces[provider] : SpeakingPace()
        let remainder = SpeechRemainder(of: request, words: words, audio: audio, pace: pace)
        saidBefore += remainder.resumesAt
        request = remainder.left
        octetCount = 0
        words = []
        return !request.isEmpty
    }

    private var audio: Duration {
        .microseconds(octetCount * 1_000_000 / max(1, octetsPerSecond))
    }
}
