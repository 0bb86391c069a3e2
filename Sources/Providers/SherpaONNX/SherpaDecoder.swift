internal import Codecs
internal import Pipeline

/// One call's ear on sherpa-onnx: a stream for each utterance.
final class SherpaDecoder: CallDecoder, @unchecked Sendable {
    // Sendable because it has one owner at a time: whoever makes it hands it to its call's worker.
    private let ear: SherpaEar
    private var stream: SherpaEar.Stream?
    private var audio: RecognizerAudio?

    init(_ ear: SherpaEar) { self.ear = ear }

    func start(
        _ utterance: Utterance, of request: RecognitionRequest
    ) throws(EngineError) {
        audio = try RecognizerAudio(request.format, to: ear.rate, fillsBand: false)
        guard let stream = SherpaEar.Stream(ear) else {
            throw .failed("sherpa-onnx has no memory for an utterance")
        }
        self.stream = stream
    }

    func take(_ octets: [UInt8]) {
        guard let samples = audio?.samples(of: octets) else { return }
        stream?.hear(samples.map { Float($0) / 32_768 })
    }

    var text: String { Self.readable(stream?.text ?? "") }

    /// The networks look ahead, so that the last words come out only with more audio: silence, until
    /// two more pieces of it are through.
    func finish() -> String {
        defer { drop() }
        let silence = [Float](repeating: 0, count: ear.rate.rawValue / 10)
        var pieces = 0
        for _ in 0..<Self.tailLimit where pieces < 2 { pieces += stream?.hear(silence) ?? 0 }
        return text
    }

    func drop() { stream = nil }

    /// Many models know capital letters only.
    static func readable(_ text: String) -> String {
        let words = text.trimmed
        return words.contains(where: \.isLowercase) ? words : words.lowercased()
    }

    /// Tenths of a second; the largest pieces of published models have 1.1 s.
    private static let tailLimit = 24
}
