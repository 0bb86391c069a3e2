internal import Pipeline

/// Keeps all inputs of one live call, so that it can be run again.
///
/// Used on the call's loop only. Writes into memory it has, and hands a block of it to the control
/// plane every second or 16 KiB; nothing is allocated for a frame, and nothing waits.
final class FlightRecorder {
    private static let blockOctets = 16_384
    private static let blockInterval = Duration.seconds(1)

    private let callID: String
    private let outlet: FlightOutlet
    /// The largest record, in octets; what comes later is not kept.
    private let limit: Int
    private var writer: FlightRecordWriter
    private var digest = DecisionDigest()
    private var handedOver = 0
    private var blockCount = 0
    private var handedOverAt: MonotonicTime
    private var isOver = false

    init(_ call: FlightCall, outlet: FlightOutlet, limit: Int, at now: MonotonicTime) {
        callID = call.callID
        self.outlet = outlet
        self.limit = limit
        writer = FlightRecordWriter(call, capacity: Self.blockOctets * 3 / 2)
        handedOverAt = now
    }

    /// The conversation is about to be told of `event`.
    func happened(_ event: Conversation.Event, at now: MonotonicTime) {
        guard !isOver else { return }
        writer.append(event, at: now)
        guard
            writer.octetCount >= Self.blockOctets
                || handedOverAt.duration(to: now) >= Self.blockInterval
        else { return }
        handOver(at: now)
    }

    /// The conversation has decided on `action`.
    func decided(_ action: Conversation.Action, at now: MonotonicTime) {
        guard !isOver else { return }
        digest.add(action, at: now)
    }

    /// The conversation is about to be told that its actions were performed.
    func performed(at now: MonotonicTime) {
        guard !isOver else { return }
        writer.appendPerformed(at: now)
    }

    /// The caller's octets came; kept only with consent.
    func heard(_ octets: Span<UInt8>, at now: MonotonicTime) {
        guard !isOver else { return }
        writer.appendAudio(octets, at: now)
    }

    /// The call is over.
    func finish(at now: MonotonicTime) {
        guard !isOver else { return }
        writer.append(digest)
        handOver(at: now)
        isOver = true
    }

    private func handOver(at now: MonotonicTime) {
        handedOverAt = now
        handedOver += writer.octetCount
        if handedOver >= limit {
            writer.appendFull()
            isOver = true
        }
        outlet.send(
            FlightBlock(callID: callID, isFirst: blockCount == 0, octets: writer.takeBlock()))
        blockCount += 1
    }
}

/// What every call's recorder is made with.
struct FlightRecording: Sendable {
    let outlet: FlightOutlet
    /// Whose audio is kept too, both sides of it; `nil`: nobody's.
    let audio: RecordingConsent?
    /// The largest record of one call, in octets.
    let limit: Int

    func recorder(
        of callID: String, opening: CallOpening, settings: ConversationSettings,
        startedAt: Double, at now: MonotonicTime
    ) -> FlightRecorder {
        FlightRecorder(
            FlightCall(
                callID: callID, startedAt: startedAt, inbound: opening.inbound,
                outbound: opening.outbound, keepsAudio: audio?.covers(opening) ?? false,
                settings: settings),
            outlet: outlet, limit: limit, at: now)
    }
}
