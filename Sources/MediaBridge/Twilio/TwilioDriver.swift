internal import Codecs
internal import ControlAPI
internal import Pipeline

/// Moves what one Twilio socket says into its call, and what the call wants onto the socket.
///
/// It holds no rule: `TwilioStream` judges messages, `Conversation` decides. Used on its loop only.
final class TwilioDriver: CallTransport {
    private var stream: TwilioStream
    private var writer: TwilioWriter?
    private let socket: WebSocket
    private unowned let loop: GatewayLoop
    private var call: (any LiveCall)?
    private var endReason: EndReason?
    private var callSID = ""
    /// When a stream is closed that was left for the carrier to cut.
    private var closing: MonotonicTime?
    private static let cutLimit = Duration.seconds(4)

    init(socket: WebSocket, loop: GatewayLoop, at now: MonotonicTime) {
        self.socket = socket
        self.loop = loop
        stream = TwilioStream(openedAt: now)
    }

    var counters: TwilioCounters { stream.counters }
    var hasCall: Bool { call != nil }

    func received(_ message: Span<UInt8>, isText: Bool, at now: MonotonicTime) {
        guard isText else { return follow(stream.handleBinary(), at: now) }
        loop.scratch.fill {
            stream.handle(message, at: now, into: &$0)
        } then: { outcome, octets in
            if case .audio(let piece) = outcome { return hear(piece, octets, at: now) }
            follow(outcome, at: now)
        }
    }

    /// Looks for deadlines that passed.
    func expire(at now: MonotonicTime) {
        if let closing, now >= closing { socket.close(.normal) }
        follow(stream.handleDeadline(at: now), at: now)
    }

    /// 20 ms went by.
    func tick(at now: MonotonicTime) { call?.handle(.tick, at: now) }

    func closed(_ reason: CloseReason, at now: MonotonicTime) {
        // A close frame without `stop` means the same: the caller is gone.
        let peerClosed = if case .peerClosed = reason { true } else { false }
        endCall(endReason ?? (peerClosed ? .callerHungUp : .connectionLost), at: now)
    }

    private func hear(_ piece: TwilioAudio, _ octets: Span<UInt8>, at now: MonotonicTime) {
        guard piece.track == .inbound, let call else { return }
        if piece.missingSamples > 0 { call.receiveSilence(samples: piece.missingSamples, at: now) }
        call.receive(octets, at: now)
    }

    private func follow(_ outcome: TwilioStream.Outcome, at now: MonotonicTime) {
        switch outcome {
        case .none, .audio: break
        case .started(let start, let format): startCall(start, format, at: now)
        case .dtmf(let digit): call?.handle(.keyPressed(digit: digit), at: now)
        case .mark(let name):
            guard let mark = PlayoutMark(parsing: name.text) else { return }
            call?.handle(.markReturned(mark), at: now)
        case .stopped:
            endReason = endReason ?? .callerHungUp
            endCall(endReason ?? .callerHungUp, at: now)
            socket.close(.normal)
        case .close(let reason):
            endReason = endReason ?? .failed
            socket.close(CloseCode(rawValue: reason.code))
        }
    }

    private func startCall(_ start: TwilioStart, _ format: AudioFormat, at now: MonotonicTime) {
        let writer = TwilioWriter(start.streamSID)
        self.writer = writer
        let parameters = start.parameters
        callSID = start.callSID.text
        if let twilio = loop.twilio,
            !twilio.admitsStream(token: parameters["token"], callSID: callSID)
        {
            endReason = .failed
            return socket.close(.policyViolation)
        }
        let opening = CallOpening(
            carrier: "twilio", carrierCallID: start.callSID.text,
            language: parameters["language"].flatMap(Language.init) ?? loop.defaultLanguage,
            inbound: format, outbound: format, from: parameters["from"], to: parameters["to"],
            isOutbound: CallOpening.isOutbound(parameters["direction"]),
            answeredBy: parameters["answeredBy"].flatMap(AnsweredBy.init),
            consentsToRecording: parameters["recordingConsent"] == "true")
        do {
            call = try loop.openCall(opening, transport: self, at: now)
        } catch {
            loop.reportRefusedCall(error)
            // Closing lets the carrier go on with what stands after the stream: a human.
            end(.failed)
        }
    }

    private func endCall(_ reason: EndReason, at now: MonotonicTime) {
        guard let call else { return }
        self.call = nil
        let lost = stream.counters.filledSamples / InboundAudio.frameLength
        loop.closeCall(call, reason, lost: lost, rejected: stream.counters.faults, at: now)
    }

    // MARK: CallTransport

    func send(audio octets: [UInt8]) {
        guard let writer else { return }
        let count = writer.mediaOctetCount(audioOctetCount: octets.count)
        let message = [UInt8](capacity: count) { writer.serializeMedia(octets.span, into: &$0) }
        socket.send(text: message.span)
    }

    func send(mark: PlayoutMark) {
        guard let writer else { return }
        socket.send(text: writer.mark(MarkName(text: mark.text)).span)
    }

    func sendClear() {
        guard let writer else { return }
        socket.send(text: writer.clear().span)
    }

    func end(_ reason: EndReason) { end(reason, reason.streamOutcome) }

    func transfer(to destination: String) {
        end(.transferred, .handedOver(to: destination.isEmpty ? nil : destination))
    }

    private func end(_ reason: EndReason, _ outcome: StreamOutcome) {
        guard endReason == nil else { return socket.close(.normal) }
        endReason = reason
        guard loop.twilio?.streamEnds(callSID: callSID, outcome) == true else {
            return socket.close(.normal)
        }
        closing = .now().advanced(by: Self.cutLimit)
    }
}

extension EndReason {
    /// What the carrier is to do with the caller afterwards.
    fileprivate var streamOutcome: StreamOutcome {
        switch self {
        case .callerHungUp, .agentHungUp, .callerSilent, .voicemail: .served
        case .transferred: .handedOver(to: nil)
        case .connectionLost, .drained, .failed: .failed
        }
    }
}
