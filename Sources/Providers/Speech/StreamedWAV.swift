internal import Codecs
internal import Pipeline

/// Takes the RIFF header off a WAV stream whose length nobody knew when it began.
///
/// Chunks before `data` may be any; the length of `data` is 0 or 0xFFFFFFFF in a stream and is not
/// looked at. Only 16-bit mono PCM and G.711 are speech here.
struct StreamedWAV {
    /// Headers are short; a longer one is no WAV.
    private static let headerLimit = 4_096

    private var header: [UInt8] = []
    /// Known once the header is whole.
    private(set) var source: SpeechSource?

    /// Takes the next octets, cut anywhere.
    ///
    /// - Returns: those of them that are audio.
    /// - Throws: `ProviderFailure.garbage` when it is no such WAV.
    mutating func take(_ octets: [UInt8]) throws(ProviderFailure) -> [UInt8] {
        guard source == nil else { return octets }
        header += octets
        guard let start = try readHeader() else { return [] }
        defer { header = [] }
        return Array(header[start...])
    }

    /// - Returns: where the audio starts; `nil` while the header is not whole.
    private mutating func readHeader() throws(ProviderFailure) -> Int? {
        guard header.count >= 12 else { return nil }
        guard header.starts(with: Array("RIFF".utf8)), name(at: 8) == "WAVE" else {
            throw .garbage
        }
        var start = 12
        var found: SpeechSource?
        while header.count >= start + 8 {
            if name(at: start) == "data" {
                guard let found else { throw .garbage }
                source = found
                return start + 8
            }
            let length = number(at: start + 4, octets: 4)
            guard start + 8 + length <= Self.headerLimit else { throw .garbage }
            let end = start + 8 + length + length % 2  // chunks are padded to even lengths
            guard header.count >= end else { return nil }
            if name(at: start) == "fmt ", length >= 16 { found = try format(at: start + 8) }
            start = end
        }
        guard header.count <= Self.headerLimit else { throw .garbage }
        return nil
    }

    /// Reads a `fmt ` chunk (RIFF WAVE: tag, channels, rate, octets per second, align, bits).
    private func format(at start: Int) throws(ProviderFailure) -> SpeechSource {
        let tag = number(at: start, octets: 2)
        let bits = number(at: start + 14, octets: 2)
        let hertz = number(at: start + 4, octets: 4)
        guard number(at: start + 2, octets: 2) == 1, Resampler.inputRates.contains(hertz) else {
            throw .garbage
        }
        switch (tag, bits) {
        case (1, 16), (0xFFFE, 16): return SpeechSource(.linear16, hertz: hertz)
        case (6, 8): return SpeechSource(.aLaw, hertz: hertz)
        case (7, 8): return SpeechSource(.muLaw, hertz: hertz)
        default: throw .garbage  // a pair of numbers from outside
        }
    }

    private func name(at start: Int) -> String {
        String(decoding: header[start..<start + 4], as: UTF8.self)
    }

    private func number(at start: Int, octets: Int) -> Int {
        header[start..<start + octets].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
