internal import Codecs
internal import Foundation

/// A recording as a caller's telephone sends it: µ-law at 8 kHz, and where its voice is.
struct CallerRecording: Sendable {
    let name: String
    let text: String?
    let octets: [UInt8]
    /// Samples at 8 kHz from the first voiced one to the one after the last.
    let voice: Range<Int>

    /// A window this far under the loudest one still belongs to the voice.
    private static let voiceRangeDecibels = 35.0
    private static let windowLength = 40  // 5 ms

    /// - Throws: `CallerError.recording` for what is no WAV file or holds no sound.
    init(path: String, text: String?) throws(CallerError) {
        let samples: [Int16]
        do {
            let file = try WAVFile.parse([UInt8](Data(contentsOf: URL(fileURLWithPath: path))).span)
            samples = try Self.narrowband(file)
        } catch {
            throw .recording(path, String(describing: error))
        }
        guard let voice = Self.voice(in: samples) else {
            throw .recording(path, "it holds no sound")
        }
        name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        self.text = text
        self.voice = voice
        var octets = [UInt8](repeating: MuLaw.silence, count: (samples.count + 159) / 160 * 160)
        var span = octets.mutableSpan
        MuLaw.encode(samples.span, into: &span)
        self.octets = octets
    }

    private static func narrowband(_ file: WAVFile) throws -> [Int16] {
        let mono = file.channel(0)
        var resampler = try Resampler(from: file.sampleRate, to: .hz8000)
        return [Int16](capacity: resampler.outputBound(mono.count)) {
            resampler.process(mono.span, into: &$0)
        }
    }

    private static func voice(in samples: [Int16]) -> Range<Int>? {
        let starts = stride(from: 0, to: samples.count, by: windowLength)
        let levels = starts.map { start in
            let end = min(start + windowLength, samples.count)
            return AudioLevel(of: samples.span.extracting(start..<end)).rms
        }
        guard let loudest = levels.max(), loudest > -60,
            let first = levels.firstIndex(where: { $0 > loudest - voiceRangeDecibels }),
            let last = levels.lastIndex(where: { $0 > loudest - voiceRangeDecibels })
        else { return nil }
        return first * windowLength..<min((last + 1) * windowLength, samples.count)
    }
}
