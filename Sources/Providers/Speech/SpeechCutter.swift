internal import Codecs
internal import Pipeline

/// What a provider's raw audio is; always mono.
struct SpeechSource: Equatable, Sendable {
    /// Not Opus.
    let encoding: AudioEncoding
    /// Samples per second; providers have rates that the bridge does not carry.
    let hertz: Int

    /// The audio is in `format` already.
    init(_ format: AudioFormat) {
        encoding = format.encoding
        hertz = format.rate.rawValue
    }

    /// - Parameters:
    ///   - encoding: not Opus.
    ///   - hertz: samples per second.
    init(_ encoding: AudioEncoding, hertz: Int) {
        self.encoding = encoding
        self.hertz = hertz
    }

    var octetsPerSample: Int { encoding == .linear16 ? 2 : 1 }

    /// How long so much audio lasts.
    func duration(ofOctets count: Int) -> Duration {
        .microseconds(count / octetsPerSample * 1_000_000 / max(1, hertz))
    }
}

/// Turns a provider's raw audio into blocks of the format that was asked for.
///
/// Silence before the first sound is cut to 20 ms. What is in the right format already keeps its
/// octets as they came.
struct SpeechCutter: ~Copyable {
    /// How long blocks are.
    enum Blocks {
        /// 20 ms at first, for early audio, then 100 ms, for few writes.
        case regular
        /// As audio comes, at most 100 ms; nothing waits for more to come.
        case early
    }

    /// About -54 dBFS: below it is silence.
    private static let silence: UInt16 = 64
    private static let shortBlocks = 5

    private let source: SpeechSource
    private let format: AudioFormat
    private let blocks: Blocks
    private var resampler: Resampler
    /// The first octet of a sample whose second has not come.
    private var half: UInt8?
    /// Of the source, while it is all silence.
    private var lead: [UInt8] = []
    private var isSpeaking = false
    private var encoded: [UInt8] = []
    private var blocksTaken = 0
    private var droppedOctets = 0

    /// - Parameters:
    ///   - source: what comes in.
    ///   - format: what goes out; any but Opus.
    ///   - blocks: how long they are.
    /// - Throws: `EngineError.unavailable` for Opus, `EngineError.failed` for an odd rate.
    init(
        from source: SpeechSource, to format: AudioFormat, blocks: Blocks
    ) throws(EngineError) {
        guard format.encoding != .opus, source.encoding != .opus else {
            throw .unavailable("synthesised speech is not encoded as Opus here")
        }
        do {
            resampler = try Resampler(from: source.hertz, to: format.rate)
        } catch {
            throw .failed("a voice's rate of \(source.hertz) Hz: \(error)")
        }
        self.source = source
        self.format = format
        self.blocks = blocks
    }

    /// How much of the source's start was cut off; final once there is a block.
    var cut: Duration { source.duration(ofOctets: droppedOctets) }

    /// Takes the next octets, cut anywhere, and returns the blocks they complete.
    mutating func take(_ octets: [UInt8]) -> [[UInt8]] {
        var whole = half.map { [$0] + octets } ?? octets
        half = nil
        if !whole.count.isMultiple(of: source.octetsPerSample) { half = whole.removeLast() }
        encode(withoutLead(whole))
        return completeBlocks()
    }

    /// The rest, once the stream has ended; `nil` when there is none.
    mutating func finish() -> [UInt8]? {
        let room = resampler.tailBound
        let tail = [Int16](capacity: room) { resampler.finish(into: &$0) }
        append(tail)
        defer { encoded = [] }
        return encoded.isEmpty || !isSpeaking ? nil : encoded
    }

    /// Drops the silence before the first sound, but for its last 20 ms.
    private mutating func withoutLead(_ octets: [UInt8]) -> [UInt8] {
        guard !isSpeaking else { return octets }
        lead += octets
        let kept = source.hertz / 50
        let samples = decoded(lead)
        let first = samples.firstIndex { $0.magnitude > Self.silence }
        let cut = max(0, (first ?? samples.count) - kept) * source.octetsPerSample
        lead.removeFirst(cut)
        droppedOctets += cut
        guard first != nil else { return [] }
        isSpeaking = true
        defer { lead = [] }
        return lead
    }

    private func decoded(_ octets: [UInt8]) -> [Int16] {
        var samples = [Int16](repeating: 0, count: octets.count / source.octetsPerSample)
        var room = samples.mutableSpan
        switch source.encoding {
        case .muLaw: MuLaw.decode(octets.span, into: &room)
        case .aLaw: ALaw.decode(octets.span, into: &room)
        case .linear16:
            for index in room.indices {
                let sample = UInt16(octets[2 * index + 1]) << 8 | UInt16(octets[2 * index])
                room[index] = Int16(bitPattern: sample)
            }
        case .opus: preconditionFailure("init refuses Opus")
        }
        return samples
    }

    private mutating func encode(_ octets: [UInt8]) {
        guard !octets.isEmpty else { return }
        guard source != SpeechSource(format) else {
            encoded += octets
            return
        }
        let samples = decoded(octets)
        let room = resampler.outputBound(samples.count)
        append([Int16](capacity: room) { resampler.process(samples.span, into: &$0) })
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
        let perSample = format.octetsPerSample ?? 1
        let octetsPerSecond = format.rate.rawValue * perSample
        let (short, long) = (octetsPerSecond / 50, octetsPerSecond / 10)
        var result: [[UInt8]] = []
        var start = 0
        while true {
            let left = encoded.count - start
            let wanted = blocksTaken < Self.shortBlocks ? short : long
            let length = blocks == .early && left >= short ? min(left, wanted) : wanted
            guard left >= length else { break }
            result.append(Array(encoded[start..<start + length]))
            start += length
            blocksTaken += 1
        }
        encoded.removeFirst(start)
        return result
    }
}
