import Foundation
import ProviderSimulators
import Testing

/// The ear of the simulated cloud: a word is heard where its audio came, and only there.
@Suite struct SimulatedRecordingsTests {
    /// Four words of 300 ms, each noise of its own loudness; the seed is part of the recording.
    private static func recording(
        seed: UInt64, loudness: [Int] = [9_000, 5_000, 12_000, 3_000]
    ) -> [Int16] {
        var state = seed
        return (0..<9_600).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let most = loudness[index / 2_400]
            return Int16(Int(state >> 33) % (2 * most) - most)
        }
    }

    private static let recordings: SimulatedRecordings = {
        var recordings = SimulatedRecordings()
        recordings.add(recording(seed: 1), transcript: "four words were said", speech: 0..<1_200)
        recordings.add(
            recording(seed: 2, loudness: [3_000, 12_000, 1_500, 9_000]),
            transcript: "others came after those", speech: 0..<1_200)
        return recordings
    }()

    /// At another rate, as forms hold speech; every second sample is what it was.
    private static func doubled(_ samples: [Int16]) -> [Int16] { samples.flatMap { [$0, $0] } }

    @Test(arguments: [0, 77, 1_600])
    func `Whole speech is told by its loudness`(lead: Int) {
        let samples = [Int16](repeating: 0, count: lead) + Self.recording(seed: 1)
        #expect(
            Self.recordings.transcript(of: Self.doubled(samples), hertz: 16_000)
                == "four words were said")
    }

    @Test func `Words that did not come are not heard`() {
        let samples = Array(Self.recording(seed: 1).prefix(2 * 2_400 + 600))
        #expect(Self.recordings.transcript(of: samples, hertz: 8_000) == "four words")
    }

    @Test func `Silence says nothing`() {
        let silence = [Int16](repeating: 0, count: 16_000)
        #expect(Self.recordings.transcript(of: silence, hertz: 8_000) == "")
    }
}
