internal import Codecs

/// The agent's linear PCM to Opus packets for an `/audio` client.
struct OpusPacker: ~Copyable {
    /// 20 ms, the packet we send.
    private static let frameLength = AudioFormat.unpacked.rate.rawValue / 50
    private static let longestPacket = 1_500

    private var encoder: OpusEncoder
    private var packet: [UInt8]
    /// Audio that does not fill a packet yet.
    private var pending: [Int16] = []
    private(set) var rejectedPackets = 0

    /// - Returns: `nil` when `format` is not Opus.
    /// - Throws: `CallSetupError` when libopus has no memory.
    init?(_ format: AudioFormat) throws(CallSetupError) {
        guard format.encoding == .opus else { return nil }
        do { encoder = try OpusEncoder(rate: AudioFormat.unpacked.rate) } catch {
            throw .codec(String(describing: error))
        }
        packet = Array(repeating: 0, count: Self.longestPacket)
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
            do { try encoder.encode(frame, into: &output) } catch { isEncoded = false }
            written = unsafe output.finalize(for: buffer)
        }
        if written > 0 { use(octets.span.extracting(0..<written)) }
        return isEncoded
    }
}
