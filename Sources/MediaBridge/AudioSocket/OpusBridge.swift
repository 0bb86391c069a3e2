internal import Codecs

/// Opus packets of an `/audio` client to linear PCM and back; nothing for other encodings.
struct OpusBridge: ~Copyable {
    private static let rate = SampleRate.hz16000
    /// 20 ms, the packet we send.
    private static let frameLength = rate.rawValue / 50
    private static let longestPacket = 1_500

    private var decoder: OpusDecoder?
    private var encoder: OpusEncoder?
    private var samples: [Int16]
    private var octets: [UInt8]
    private var packet: [UInt8]
    /// Audio that does not fill a packet yet.
    private var pending: [Int16] = []
    private(set) var rejectedPackets = 0

    var encodes: Bool { encoder != nil }

    /// - Throws: `CallSetupError` when libopus has no memory.
    init?(input: AudioFormat, output: AudioFormat) throws(CallSetupError) {
        guard input.encoding == .opus || output.encoding == .opus else { return nil }
        do {
            decoder = input.encoding == .opus ? try OpusDecoder(rate: Self.rate) : nil
            encoder = output.encoding == .opus ? try OpusEncoder(rate: Self.rate) : nil
        } catch {
            throw .codec(String(describing: error))
        }
        samples = Array(repeating: 0, count: OpusDecoder.maximumSampleCount(Self.rate))
        octets = Array(repeating: 0, count: samples.count * 2)
        packet = Array(repeating: 0, count: Self.longestPacket)
    }

    /// What a call works with instead of `format`.
    static func linear(_ format: AudioFormat) -> AudioFormat {
        format.encoding == .opus ? AudioFormat(.linear16, rate) : format
    }

    /// Decodes one packet and hands on its octets; a packet that is none is counted.
    mutating func expand(_ packet: Span<UInt8>, _ use: (Span<UInt8>) -> Void) {
        guard decoder != nil else { return use(packet) }
        guard let count = decode(packet) else {
            rejectedPackets += 1
            return
        }
        for index in 0..<count {
            octets[2 * index] = UInt8(truncatingIfNeeded: samples[index])
            octets[2 * index + 1] = UInt8(truncatingIfNeeded: samples[index] >> 8)
        }
        use(octets.span.extracting(0..<2 * count))
    }

    /// Encodes linear octets and hands on each packet of 20 ms they fill.
    mutating func compress(_ linear: [UInt8], _ use: (Span<UInt8>) -> Void) {
        for index in stride(from: 0, to: linear.count - 1, by: 2) {
            pending.append(
                Int16(bitPattern: UInt16(linear[index + 1]) << 8 | UInt16(linear[index])))
        }
        var audio: [Int16] = []
        swap(&audio, &pending)
        var start = 0
        while start + Self.frameLength <= audio.count {
            if !encode(audio.span.extracting(start..<start + Self.frameLength), use) {
                rejectedPackets += 1
            }
            start += Self.frameLength
        }
        audio.removeFirst(start)
        pending = audio
    }

    private mutating func decode(_ packet: Span<UInt8>) -> Int? {
        // Taken out and put back, so that decoder and memory are two accesses.
        var pcm: [Int16] = []
        swap(&pcm, &samples)
        defer { swap(&pcm, &samples) }
        var span = pcm.mutableSpan
        return try? decoder?.decode(packet, into: &span)
    }

    /// The client's buffer was emptied: half a packet of the old audio goes with it.
    mutating func restart() { pending.removeAll(keepingCapacity: true) }

    private mutating func encode(_ frame: Span<Int16>, _ use: (Span<UInt8>) -> Void) -> Bool {
        var octets: [UInt8] = []
        swap(&octets, &packet)
        defer { swap(&octets, &packet) }
        var written = 0
        var isEncoded = true
        // The span lives no longer than the buffer it was made of.
        unsafe octets.withUnsafeMutableBufferPointer { buffer in
            var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
            do { try encoder?.encode(frame, into: &output) } catch { isEncoded = false }
            written = unsafe output.finalize(for: buffer)
        }
        if written > 0 { use(octets.span.extracting(0..<written)) }
        return isEncoded
    }
}
