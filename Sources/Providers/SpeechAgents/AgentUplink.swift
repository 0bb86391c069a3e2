internal import Codecs
internal import Pipeline

/// The caller's audio on its way to an agent: gathered to 40 ms and wrapped as JSON.
///
/// In the agent's own format nothing is allocated per frame. Before the agent takes audio the last
/// two seconds are kept.
struct AgentUplink: ~Copyable {
    private static let messagesPerSecond = 25

    private let format: AudioFormat
    private let before: [UInt8]
    private let after: [UInt8]
    private let octetsPerMessage: Int
    private let waitingLimit: Int
    private var gathered: [UInt8] = []
    private var isOpen = false
    /// `nil`: the agent takes the call's own format.
    private var converter: AgentAudio?
    private var text: [UInt8] = []

    /// - Parameters:
    ///   - format: of the call.
    ///   - before: what stands before the base64 in a message.
    ///   - after: what stands behind it.
    init(from format: AudioFormat, before: String, after: String) {
        self.format = format
        self.before = Array(before.utf8)
        self.after = Array(after.utf8)
        let octetsPerSecond = format.rate.rawValue * (format.octetsPerSample ?? 2)
        octetsPerMessage = octetsPerSecond / Self.messagesPerSecond
        waitingLimit = octetsPerSecond * 2
        gathered.reserveCapacity(octetsPerMessage * 2)
    }

    /// The agent takes audio from now on.
    ///
    /// - Parameters:
    ///   - target: in this format.
    ///   - send: takes what has waited.
    /// - Throws: `EngineError` when the call's audio cannot be brought into it.
    mutating func open(
        in target: AudioFormat, send: (Span<UInt8>) -> Void
    ) throws(EngineError) {
        converter =
            target == format ? nil : try AgentAudio(from: SpeechSource(format), to: target)
        isOpen = true
        flush(send)
    }

    mutating func hear(_ octets: Span<UInt8>, send: (Span<UInt8>) -> Void) {
        for index in octets.indices { gathered.append(octets[index]) }
        guard isOpen else {
            let surplus = gathered.count - waitingLimit
            // Seldom, as moving the rest costs its length.
            if surplus >= octetsPerMessage { gathered.removeFirst(surplus) }
            return
        }
        if gathered.count >= octetsPerMessage { flush(send) }
    }

    private mutating func flush(_ send: (Span<UInt8>) -> Void) {
        guard !gathered.isEmpty else { return }
        // Taken out while it is read, so that the rest may change.
        var octets: [UInt8] = []
        swap(&octets, &gathered)
        if let converted = converter?.convert(octets.span) {
            write(converted)
        } else {
            write(octets)
        }
        octets.removeAll(keepingCapacity: true)
        swap(&octets, &gathered)
        send(text.span.extracting(0..<written))
    }

    private var written = 0

    /// Fills the front of `text` with one message.
    private mutating func write(_ octets: [UInt8]) {
        let count = before.count + FrameBase64.encodedCount(octets.count) + after.count
        if text.count < count { text = [UInt8](repeating: 0, count: count) }
        let (before, after) = (before, after)
        unsafe text.withUnsafeMutableBufferPointer { buffer in
            // The span lives no longer than the buffer it was made of.
            var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
            for octet in before { output.append(octet) }
            FrameBase64.encode(octets.span, into: &output)
            for octet in after { output.append(octet) }
            written = unsafe output.finalize(for: buffer)
        }
    }
}
