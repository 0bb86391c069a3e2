import Codecs
import Foundation
import Pipeline
import Testing

/// The energy detector and `SpeechActivity` on labelled audio.
@Suite struct SpeechDetectionTests {
    /// What the manifest says of one file; times in milliseconds.
    struct Fixture: Decodable, Sendable {
        struct Segment: Decodable, Sendable {
            let start: Int
            let end: Int
            private enum CodingKeys: String, CodingKey {
                case start = "start_ms"
                case end = "end_ms"
            }
        }
        let path: String
        let kind: String
        let speech: [Segment]?
        let ratio: Int?
        private enum CodingKeys: String, CodingKey {
            case path, kind, speech
            case ratio = "snr_db"
        }
    }

    private struct Manifest: Decodable { let files: [Fixture] }

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "audio-fixtures")

    private static func fixtures() throws -> [Fixture] {
        let data = try Data(contentsOf: folder.appending(path: "manifest.json"))
        return try JSONDecoder().decode(Manifest.self, from: data).files
    }

    /// Heard frame by frame after `lead` milliseconds of the quietest line there is.
    private static func hear(
        _ fixture: Fixture, lead: Int = 0, tail: Int = 400
    ) throws -> (isSpeech: [Bool], decided: [Int], onsets: [Int]) {
        let data = try Data(contentsOf: folder.appending(path: fixture.path))
        let audio = try WAVFile.parse([UInt8](data).span)
        var line = SeededGenerator(seed: 1)
        func quiet(_ milliseconds: Int) -> [Int16] {
            (0..<milliseconds * 8).map { _ in Int16.random(in: -4...4, using: &line) }
        }
        let samples = quiet(lead) + audio.channel(0) + quiet(tail)
        var detector = EnergyDetector()
        var activity = SpeechActivity()
        let count = samples.count / 160
        var isSpeech = [Bool](repeating: false, count: count)
        var decided: [Int] = []
        var onsets: [Int] = []
        for frame in 0..<count {
            let span = samples[frame * 160..<(frame + 1) * 160]
            let probability = detector.speechProbability(in: Array(span).span)
            let now = MonotonicTime(sinceStart: .milliseconds((frame + 1) * 20))
            switch activity.hear(probability, lasting: .milliseconds(20), at: now) {
            case .started(let onset):
                let first = Int(onset.sinceStart.milliseconds) / 20
                for index in first...frame { isSpeech[index] = true }
                onsets.append(first * 20 - lead)
                decided.append((frame + 1) * 20 - lead)
            case .stopped, .none: break
            }
            if activity.isSpeaking { isSpeech[frame] = true }
        }
        return (isSpeech, decided, onsets)
    }

    private static func recall(_ fixture: Fixture, lead: Int) throws -> (hits: Int, of: Int) {
        let heard = try hear(fixture, lead: lead)
        var (hits, total) = (0, 0)
        for segment in fixture.speech ?? [] {
            for frame in (segment.start + lead + 19) / 20..<(segment.end + lead) / 20 {
                total += 1
                if heard.isSpeech[frame] { hits += 1 }
            }
        }
        return (hits, total)
    }

    @Test func labelledSpeechIsHeard() throws {
        for (name, kinds, ratio) in [
            ("clean", ["speech", "backchannel"], Int?.none), ("20 dB", ["mixed"], 20),
        ] {
            var (hits, total) = (0, 0)
            for fixture in try Self.fixtures()
            where kinds.contains(fixture.kind) && fixture.ratio == ratio {
                let counts = try Self.recall(fixture, lead: ratio == nil ? 1_000 : 0)
                hits += counts.hits
                total += counts.of
            }
            try #require(total > 400)
            #expect(Double(hits) / Double(total) >= 0.95, "\(name)")
        }
    }

    /// From the label to the decision, the debounce of 100 ms included.
    @Test func onsetsAreNoticedInTime() throws {
        var late: [Int] = []
        for fixture in try Self.fixtures() {
            let isClean = ["speech", "backchannel"].contains(fixture.kind) && fixture.ratio == nil
            let isInterruption = fixture.path.hasPrefix("interruption/")
            guard isClean || isInterruption, let first = fixture.speech?.first else { continue }
            let heard = try Self.hear(fixture, lead: isInterruption ? 0 : 1_000)
            // Steady noise is speech until it is known, so decisions well before count as none.
            let decision = try #require(
                heard.decided.first { $0 > first.start - 100 }, "\(fixture.path)")
            late.append(decision - first.start)
        }
        late.sort()
        let median = late[late.count / 2]
        let p95 = late[late.count * 95 / 100]
        #expect(median - 100 <= 60)
        #expect(p95 - 100 <= 80)
    }

    @Test func silenceAndSteadyNoiseAreNoSpeech() throws {
        for path in [
            "silence/digital.wav", "silence/line.wav", "noise/pink.wav", "noise/white.wav",
            "noise/hum-50hz.wav",
        ] {
            let fixture = Fixture(path: path, kind: "noise", speech: nil, ratio: nil)
            let heard = try Self.hear(fixture, lead: 0, tail: 0)
            let isSilence = path.hasPrefix("silence")
            let frames = heard.isSpeech.dropFirst(isSilence ? 0 : 100)
            let rate = Double(frames.filter { $0 }.count) / Double(max(1, frames.count))
            #expect(rate <= 0.05, "\(path)")
        }
    }

    /// Digital silence, full scale and no samples at all.
    @Test func extremeFramesAreProbabilities() {
        var detector = EnergyDetector()
        let loud = [Int16](repeating: .min, count: 160)
        let silent = [Int16](repeating: 0, count: 160)
        for _ in 0..<200 { #expect(detector.speechProbability(in: silent.span) < 0.35) }
        for _ in 0..<200 {
            #expect((0...1).contains(detector.speechProbability(in: loud.span)))
        }
        #expect((0...1).contains(detector.speechProbability(in: [Int16]().span)))
    }
}
