import Codecs
import Foundation
import Pipeline

/// Hears a recording as the gateway does: frame by frame, one probability each.
struct Ear {
    private static let frameCount = 160
    private let weights: SileroWeights?

    init(_ plan: Plan) throws {
        weights = try plan.weights.map { try SileroWeights(SafetensorsFile(Self.octets(of: $0))) }
    }

    /// As the gateway sets them for this detector.
    var settings: SpeechActivity.Settings { weights == nil ? .init() : .neural }

    /// What 20 ms of a recording tell.
    struct Frame {
        let probability: Float
        /// Of the voice that paused, told before the frame is judged.
        let intonation: Intonation?
    }

    /// As a live call hears: the melody is a frame behind.
    func frames(of path: String) throws -> [Frame] {
        let octets = try Self.octets(of: path)
        let pcm = try WAVFile.parse(octets.span).samples
        let probabilities = probabilities(of: pcm)
        var prosody = Prosody()
        return probabilities.indices.map { index in
            let frame = pcm.span.extracting(Self.samples(ofFrame: index))
            let before = index == 0 ? 0 : probabilities[index - 1]
            return Frame(
                probability: probabilities[index],
                intonation: prosody.hear(frame, probability: before))
        }
    }

    private func probabilities(of pcm: [Int16]) -> [Float] {
        let frames = (0..<pcm.count / Self.frameCount).map(Self.samples(ofFrame:))
        if let weights {
            var detector = SileroDetector(weights: weights)
            return frames.map { detector.speechProbability(in: pcm.span.extracting($0)) }
        }
        var detector = EnergyDetector()
        return frames.map { detector.speechProbability(in: pcm.span.extracting($0)) }
    }

    private static func samples(ofFrame index: Int) -> Range<Int> {
        index * frameCount..<(index + 1) * frameCount
    }

    private static func octets(of path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
