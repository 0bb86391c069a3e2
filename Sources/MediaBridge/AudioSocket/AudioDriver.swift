internal import Codecs
internal import Events
internal import Foundation
internal import Pipeline

/// Moves what one `/audio` socket says into its call, and what the call wants onto the socket.
///
/// It holds no rule: `AudioSocketStream` judges messages, `Conversation` decides. Used on its loop
/// only.
final class AudioDriver: CallTransport {
    private var stream: AudioSocketStream
    private let variant: AudioSocketVariant
    private let socket: WebSocket
    private unowned let loop: GatewayLoop
    private var call: (any LiveCall)?
    // Two values, for hearing a packet may send or clear audio before it is done.
    private var unpacker: OpusUnpacker?
    private var packer: OpusPacker?
    private var endReason: EndReason?

    init(_ request: UpgradeRequest, socket: WebSocket, loop: GatewayLoop, at now: MonotonicTime) {
        variant = request.subprotocol.flatMap(AudioSocketVariant.init(rawValue:)) ?? .binary
        self.socket = socket
        self.loop = loop
        stream = AudioSocketStream(
            sessionName: UUID().uuidString.lowercased(), openedAt: now)
    }

    var hasCall: Bool { call != nil }
    var counters: AudioSocketCounters { stream.counters }
    /// Opus packets that were none, and frames libopus would not encode.
    var rejectedPackets: Int {
        (unpacker?.rejectedPackets ?? 0) + (packer?.rejectedPackets ?? 0)
    }

    func received(_ message: Span<UInt8>, isText: Bool, at now: MonotonicTime) {
        if isText {
            loop.scratch.fill {
                stream.handleText(message, at: now, into: &$0)
            } then: { _, octets in
                perform(hearing: octets, at: now)
            }
        } else {
            stream.handleBinary(message, at: now)
            perform(hearing: message, at: now)
        }
    }

    func ponged(at now: MonotonicTime) { stream.handlePong(at: now) }

    /// Looks for deadlines that passed.
    func expire(at now: MonotonicTime) {
        stream.handleDeadline(at: now)
        perform(at: now)
    }

    /// 20 ms went by.
    func tick(at now: MonotonicTime) { call?.handle(.tick, at: now) }

    func closed(_ reason: CloseReason, at now: MonotonicTime) {
        let peerClosed = if case .peerClosed = reason { true } else { false }
        endCall(endReason ?? (peerClosed ? .callerHungUp : .connectionLost), at: now)
    }

    private func perform(hearing octets: Span<UInt8>? = nil, at now: MonotonicTime) {
        while let action = stream.nextAction() {
            switch action {
            case .audio: if let octets { hear(octets, at: now) }
            case .authorize(let request, let session): startCall(request, session, at: now)
            case .dtmf(let digit, _): call?.handle(.keyPressed(digit: digit), at: now)
            case .marked(let name, _, let isPlayed, _):
                if isPlayed, let mark = PlayoutMark(parsing: name.text) {
                    call?.handle(.markReturned(mark), at: now)
                }
            case .cleared: break
            case .interrupt: call?.handle(.silenceRequested, at: now)
            case .stopped:
                endReason = endReason ?? .callerHungUp
                endCall(.callerHungUp, at: now)
            case .send(let reply): socket.send(text: reply.serialized().span)
            case .ping: socket.ping()
            case .close(let reason): socket.close(CloseCode(rawValue: reason.rawValue))
            }
        }
    }

    private func hear(_ octets: Span<UInt8>, at now: MonotonicTime) {
        guard let call else { return }
        guard unpacker != nil else { return call.receive(octets, at: now) }
        unpacker?.expand(octets) { call.receive($0, at: now) }
    }

    private func startCall(
        _ request: AudioSocketRequest, _ session: AudioSocketSession, at now: MonotonicTime
    ) {
        let input = session.input.audio
        let output = session.output.audio
        do throws(CallSetupError) {
            unpacker = try OpusUnpacker(input)
            packer = try OpusPacker(output)
            stream.admit(at: now)
            perform(at: now)  // the client knows its formats before any audio comes
            let metadata = request.metadata
            call = try loop.openCall(
                CallOpening(
                    carrier: "audio", carrierCallID: session.name,
                    language: metadata["language"].flatMap(Language.init) ?? loop.defaultLanguage,
                    inbound: input.withoutPackets, outbound: output.withoutPackets,
                    from: metadata["from"], to: metadata["to"],
                    isOutbound: CallOpening.isOutbound(metadata["direction"]),
                    answeredBy: metadata["answeredBy"].flatMap(AnsweredBy.init),
                    consentsToRecording: metadata["recordingConsent"] == "true",
                    wantsAvatar: request.wantsAvatar),
                transport: self, at: now)
        } catch {
            loop.reportRefusedCall(error)
            endReason = .failed
            stream.refuse(.overloaded, "the call cannot be served at the moment")
            perform(at: now)
        }
    }

    private func endCall(_ reason: EndReason, at now: MonotonicTime) {
        guard let call else { return }
        self.call = nil
        loop.closeCall(
            call, reason, lost: 0, rejected: stream.counters.faults + rejectedPackets, at: now)
    }

    // MARK: CallTransport

    func send(audio octets: [UInt8]) {
        guard packer != nil else { return send(message: octets.span) }
        packer?.compress(octets) { send(message: $0) }
    }

    private func send(message octets: Span<UInt8>) {
        switch variant {
        case .binary: socket.send(binary: octets)
        case .json:
            let count = AudioSocketWriter.audioOctetCount(audioOctetCount: octets.count)
            let text = [UInt8](capacity: count) {
                AudioSocketWriter.serializeAudio(octets, into: &$0)
            }
            socket.send(text: text.span)
        }
    }

    func send(mark: PlayoutMark) {
        if stream.mark(MarkName(text: mark.text)) { perform(at: .now()) }
    }

    func sendClear() {
        packer?.restart()
        _ = stream.clear()
        perform(at: .now())
    }

    func tell(_ event: EventBody) {
        for reply in AudioSocketReply.replies(to: event) { stream.tell(reply) }
        perform(at: .now())
    }

    func tell(_ phase: Conversation.Phase) {
        guard let state = AudioSocketState(phase) else { return }
        stream.tell(.state(state))
        perform(at: .now())
    }

    func tell(_ room: AvatarRoom?) {
        stream.tell(.avatar(room))
        perform(at: .now())
    }

    func end(_ reason: EndReason) {
        endReason = endReason ?? reason
        stream.stop(reason: reason.rawValue)
        perform(at: .now())
    }
}
