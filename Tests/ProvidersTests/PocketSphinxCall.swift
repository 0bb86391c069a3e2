import Codecs
import Foundation
import Pipeline
import Providers
import Testing

/// One call to the real recogniser: plays samples into its ring and collects the outcomes.
final class PocketSphinxCall: Sendable {
    let ring = AudioRing(capacity: 1 << 20)
    let session: any RecognitionSession
    private let format: AudioFormat
    private let results: AsyncStream<RecognitionResult>

    private static let recognizer = PocketSphinxRecognizer()

    init(_ format: AudioFormat = .telephone, language: Language = .english) throws {
        let (results, continuation) = AsyncStream.makeStream(of: RecognitionResult.self)
        self.format = format
        self.results = results
        session = try Self.recognizer.makeSession(
            RecognitionRequest(format: format, language: language), audio: ring
        ) { continuation.yield($0) }
    }

    func end() { session.close() }

    /// Plays one utterance and waits for what the recogniser makes of it.
    ///
    /// `samples` are at 8 kHz; interim results are passed over.
    func say(
        _ samples: [Int16], _ hints: RecognitionHints, id: Utterance.ID = 1
    ) async throws -> RecognitionResult.Outcome {
        session.begin(Utterance(id: id, hints: hints), from: ring.end)
        ring.write(octets(of: samples).span)
        session.finish(id, at: ring.end)
        let (utterance, outcome) = try #require(await nextOutcome())
        #expect(utterance == id)
        return outcome
    }

    /// The next final result or failure.
    func nextOutcome() async -> (Utterance.ID, RecognitionResult.Outcome)? {
        for await result in results {
            guard case .interim(let text) = result.outcome else {
                return (result.utterance, result.outcome)
            }
            #expect(!text.isEmpty)
        }
        return nil
    }

    /// 8 kHz samples as the call's format has them.
    func octets(of samples: [Int16]) -> [UInt8] {
        let pcm = resampled(samples)
        var octets = [UInt8](repeating: 0, count: pcm.count)
        switch format.encoding {
        case .muLaw:
            var span = octets.mutableSpan
            MuLaw.encode(pcm.span, into: &span)
        case .aLaw:
            var span = octets.mutableSpan
            ALaw.encode(pcm.span, into: &span)
        case .linear16, .opus:
            octets = pcm.flatMap {
                [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
            }
        }
        return octets
    }

    private func resampled(_ samples: [Int16]) -> [Int16] {
        guard var resampler = try? Resampler(from: 8_000, to: format.rate) else { return [] }
        return [Int16](capacity: resampler.outputBound(samples.count)) { output in
            resampler.process(samples.span, into: &output)
        }
    }
}

/// A recording of Debian's alsa-utils at 8 kHz.
func alsaClip(_ name: String) throws -> [Int16] {
    let octets = [UInt8](
        try Data(contentsOf: URL(filePath: "/usr/share/sounds/alsa/\(name).wav")))
    let file = try WAVFile.parse(octets.span)
    var resampler = try Resampler(from: file.sampleRate, to: .hz8000, quality: .best)
    return [Int16](capacity: resampler.outputBound(file.samples.count)) { output in
        resampler.process(file.samples.span, into: &output)
    }
}

/// A line of the demonstration calls in `audio-fixtures/demo` (8 kHz).
func demoClip(_ name: String) throws -> [Int16] {
    let url = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "audio-fixtures/demo/\(name).wav")
    let octets = [UInt8](try Data(contentsOf: url))
    return try WAVFile.parse(octets.span).samples
}
