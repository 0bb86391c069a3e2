internal import Codecs
internal import Pipeline

/// Turns espeak-ng's WAV stream into blocks of the format that was asked for.
struct EspeakAudio: ~Copyable {
    /// A RIFF header with a `fmt ` chunk of 16 octets and the head of the `data` chunk.
    private static let headerLength = 44
    /// About -54 dBFS: below it is silence.
    private static let silence: UInt16 = 64
    /// Blocks of 20 ms at first, for early audio, then of 100 ms, for few writes.
    private static let shortBlocks = 5

    private let format: AudioFormat
    private var header: [UInt8] = []
    private var resampler: Resampler?
    /// At most 20 ms of leading silence stay.
    private var silenceKept = 0
    private var lead: [Int16] = []
    private var isSpeaking = false
    /// The first octet of a sample whose second has not come.
    private var half: UInt8?
    private var encoded: [UInt8] = []
    private var blocksTaken = 0

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
        var start = 0
        while header.count < Self.headerLength, start < octets.byteCount {
            header.append(Self.octet(octets, start))
            start += 1
            if header.count == Self.headerLength { try readHeader() }
        }
        var samples: [Int16] = []
        samples.reserveCapacity((octets.byteCount - start) / 2 + 1)
        for index in start..<octets.byteCount {
            let octet = Self.octet(octets, index)
            if let low = half {
                samples.append(Int16(truncatingIfNeeded: UInt16(octet) << 8 | UInt16(low)))
                half = nil
            } else {
                half = octet
            }
        }
        encode(withoutLead(samples))
        return completeBlocks()
    }

    /// The rest, once the stream has ended; `nil` when there is none.
    mutating func finish() -> [UInt8]? {
        let room = resampler?.tailBound ?? 0
        let tail = [Int16](capacity: room) { output in
            resampler?.finish(into: &output)
        }
        append(tail)
        defer { encoded = [] }
        return encoded.isEmpty || !isSpeaking ? nil : encoded
    }

    // Every bit pattern is an octet, and the load checks its bounds.
    private static func octet(_ octets: RawSpan, _ index: Int) -> UInt8 {
        unsafe octets.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }

    private mutating func readHeader() throws(EngineError) {
        let isPCM =
            header.starts(with: Array("RIFF".utf8)) && header[8...].starts(with: Array("WAVE".utf8))
            && header[20..<24].elementsEqual([1, 0, 1, 0])  // PCM, mono
            && header[34..<36].elementsEqual([16, 0])  // bits per sample
        guard isPCM else { throw .failed("espeak-ng sent no 16-bit mono WAV") }
        let rate = header[24..<28].reversed().reduce(0) { $0 << 8 | Int($1) }
        do {
            resampler = try Resampler(from: rate, to: format.rate)
        } catch {
            throw .failed("espeak-ng's rate of \(rate) Hz: \(error)")
        }
        silenceKept = rate / 50
    }

    /// Drops the silence before the first sound, but for its last 20 ms.
    private mutating func withoutLead(_ samples: [Int16]) -> [Int16] {
        guard !isSpeaking else { return samples }
        lead += samples
        if let first = lead.firstIndex(where: { $0.magnitude > Self.silence }) {
            isSpeaking = true
            defer { lead = [] }
            return Array(lead[max(0, first - silenceKept)...])
        }
        lead.removeFirst(max(0, lead.count - silenceKept))
        return []
    }

    private mutating func encode(_ samples: [Int16]) {
        guard !samples.isEmpty, let room = resampler?.outputBound(samples.count) else { return }
        let resampled = [Int16](capacity: room) { output in
            resampler?.process(samples.span, into: &output)
        }
        append(resampled)
    }

    private mutating func append(_ samples: [Int16]) {
        switch format.encoding {
        case .linear16:
            for sample in samples {
                encoded.append(UInt8(truncatingIfNeeded: sample))
                encoded.append(UInt8(truncatingIfNeeded: sample >> 8))
            }
        case .muLaw, .aLaw:
            var octets = [UInt8](repeating: 0, count: samples.count)
            var room = octets.mutableSpan
            if format.encoding == .muLaw {
                MuLaw.encode(samples.span, into: &room)
            } else {
                ALaw.encode(samples.span, into: &room)
            }
            encoded += octets
        case .opus: preconditionFailure("init refuses Opus")
        }
    }

    private mutating func completeBlocks() -> [[UInt8]] {
        var blocks: [[UInt8]] = []
        var start = 0
        let octetsPerSecond = format.rate.rawValue * (format.octetsPerSample ?? 1)
        while true {
            let length =
                blocksTaken < Self.shortBlocks ? octetsPerSecond / 50 : octetsPerSecond / 10
            guard encoded.count - start >= length else { break }
            blocks.append(Array(encoded[start..<start + length]))
            start += length
            blocksTaken += 1
        }
        encoded.removeFirst(start)
        return blocks
    }
}
