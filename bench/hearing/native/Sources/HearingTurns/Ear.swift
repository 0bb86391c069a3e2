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

    /// One probability for each 20 ms.
    func probabilities(of path: String) throws -> [Float] {
        let octets = try Self.octets(of: path)
        let pcm = try WAVFile.parse(octets.span).samples
        if let weights {
            var detector = SileroDetector(weights: weights)
            return Self.frames(of: pcm).map {
                detector.speechProbability(in: pcm.span.extracting($0))
            }
        }
        var detector = EnergyDetector()
        return Self.frames(of: pcm).map { detector.speechProbability(in: pcm.span.extracting($0)) }
    }

    private static func frames(of pcm: [Int16]) -> [Range<Int>] {
        (0..<pcm.count / frameCount).map { $0 * frameCount..<($0 + 1) * frameCount }
    }

    private static func octets(of path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
