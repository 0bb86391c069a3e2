internal import Codecs
package import Pipeline

/// What one request to a voice used, told once when it is over, however it ended.
package typealias SpeechUsage = @Sendable (UsageAmount) -> Void

/// Makes a provider's pieces of audio into blocks and keeps count of them.
struct SpeechRelay: ~Copyable {
    private let source: SpeechSource
    private let blocks: AsyncThrowingStream<SpeechBlock, any Error>.Continuation
    private var cutter: SpeechCutter
    private var words: [WordTiming] = []
    private var octetCount = 0

    /// - Parameters:
    ///   - source: what the provider sends.
    ///   - format: what is wanted.
    ///   - blocks: takes the result; the relay never finishes it.
    /// - Throws: as `SpeechCutter` does.
    init(
        from source: SpeechSource, to format: AudioFormat,
        into blocks: AsyncThrowingStream<SpeechBlock, any Error>.Continuation
    ) throws(EngineError) {
        self.source = source
        self.blocks = blocks
        cutter = try SpeechCutter(from: source, to: format, blocks: .early)
    }

    var hasAudio: Bool { octetCount > 0 }
    var audioMilliseconds: Int { Int(source.duration(ofOctets: octetCount) / .milliseconds(1)) }

    /// More audio, with words that start at times of the provider's audio.
    mutating func take(_ octets: [UInt8], words more: [WordTiming] = []) {
        octetCount += octets.count
        words += more
        for block in cutter.take(octets) { give(block) }
    }

    /// The stream has ended well.
    ///
    /// - Throws: `ProviderFailure.closedEarly` when a text with words in it had no audio.
    mutating func finish(_ text: String) throws(ProviderFailure) {
        if let rest = cutter.finish() { give(rest) }
        guard hasAudio || !text.contains(where: { $0.isLetter || $0.isNumber }) else {
            throw .closedEarly
        }
    }

    private mutating func give(_ octets: [UInt8]) {
        let cut = cutter.cut
        let timings = words.map {
            WordTiming(word: $0.word, start: max(.zero, $0.start - cut))
        }
        words = []
        blocks.yield(SpeechBlock(octets: octets, words: timings))
    }
}

extension UsageAmount {
    /// One request to a voice.
    init(characters: Int, audioMilliseconds: Int) {
        self.init()
        requests = 1
        self.characters = characters
        self.audioMilliseconds = audioMilliseconds
    }
}
