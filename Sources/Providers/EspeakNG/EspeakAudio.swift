internal import Codecs
internal import Pipeline

/// Turns espeak-ng's WAV stream into blocks of the format that was asked for.
struct EspeakAudio: ~Copyable {
    private let format: AudioFormat
    private var wav = StreamedWAV()
    private var cutter: SpeechCutter?

    /// - Parameter format: any but Opus.
    /// - Throws: `EngineError.unavailable` for Opus.
    init(format: AudioFormat) throws(EngineError) {
        guard format.encoding != .opus else {
            throw .unavailable("espeak-ng's speech is not encoded as Opus here")
        }
        self.format = format
    }

    /// Takes the next octets of the stream and returns the blocks they complete.
    mutating func take(_ octets: RawSpan) throws(EngineError) -> [[UInt8]] {
        // Every bit pattern is an octet, and the load checks its bounds.
        var copy: [UInt8] = []
        for index in 0..<octets.byteCount {
            copy.append(unsafe octets.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        let audio: [UInt8]
        do {
            audio = try wav.take(copy)
        } catch {
            throw .failed("espeak-ng sent no 16-bit mono WAV")
        }
        if cutter == nil, let source = wav.source {
            cutter = try SpeechCutter(from: source, to: format, blocks: .regular)
        }
        return cutter?.take(audio) ?? []
    }

    /// The rest, once the stream has ended; `nil` when there is none.
    mutating func finish() -> [UInt8]? { cutter?.finish() }
}
