internal import Codecs
internal import ControlAPI
internal import Events
internal import Foundation
internal import Pipeline

/// One live call, owned by its media loop: feeds the conversation and does what it decides.
///
/// It holds no rule of its own. Everything here runs on the loop's thread; a frame is decoded,
/// heard and passed on to the recogniser without a lock, an allocation or a hop.
final class Call {
    let id: String
    private let startedAt: MonotonicTime
    private let silence: Silence
    private var conversation: Conversation
    private var audio: InboundAudio
    /// `nil`: nobody listens for speech (a load test of the bare edge).
    private var detector: CallDetector?
    /// `nil`: no answering machine is looked for.
    private var beepDetector: BeepDetector?
    /// `nil`: the line returns nothing of the agent, or nobody is to be protected from it.
    private var echo: CallEcho?
    /// `nil`: neither the settings nor a record ask for it.
    private var prosody: Prosody?
    private var preRoll: PreRoll
    private let ring: AudioRing
    private let recognition: any RecognitionSession
    private let engineCall: EngineCall
    private let prices: PriceTable?
    private var utteranceIsOpen = false
    private let requests: AsyncStream<EngineRequest>.Continuation
    private unowned let transport: any CallTransport
    private let outlet: EventOutlet
    private var conclusions: CallConclusions
    private var unconcluded: [EventBody] = []
    /// `nil`: the call is not recorded.
    private let recorder: FlightRecorder?
    private(set) var framesReceived = 0
    /// Of the caller's media clock against ours.
    private var drift: ClockDrift
    private var isOver = false
    private var hold: OpeningHold
    private var phase = Conversation.Phase.idle

    /// Questions to the model before the end of a turn, by what came of them.
    var usedSpeculations: Int { conversation.usedSpeculationCount }
    var wastedSpeculations: Int { conversation.wastedSpeculationCount }

    /// Opens the call and lets the agent greet the caller.
    ///
    /// - Throws: `CallSetupError` when an engine or codec cannot serve this call.
    init(
        id: String, opening: CallOpening, services: CallServices, outlet: EventOutlet,
        transport: any CallTransport, connector: (any EngineConnector)? = nil,
        takeover: CallTakeover? = nil,
        post: @escaping @Sendable (Conversation.Event) -> Void,
        show: (@Sendable (AvatarRoom?) -> Void)? = nil,
        at now: MonotonicTime
    ) throws(CallSetupError) {
        self.id = id
        self.outlet = outlet
        conclusions = takeover?.conclusions ?? CallConclusions(language: opening.language.rawValue)
        self.transport = transport
        startedAt = takeover?.startedAt ?? now
        silence = Silence(of: opening.inbound)
        let octetsPerSecond = opening.inbound.octetsPerSecond
        ring = AudioRing(capacity: octetsPerSecond * 2)
        preRoll = PreRoll(capacity: octetsPerSecond * 4 / 10)
        drift = ClockDrift(samplesPerSecond: opening.inbound.rate.rawValue)
        do {
            audio = try InboundAudio(format: opening.inbound)
            if services.protectsFromEcho, opening.mayReturnEcho {
                echo = try CallEcho(outbound: opening.outbound)
            }
        } catch {
            throw .codec(String(describing: error))
        }
        engineCall = takeover?.engineCall ?? EngineCall(id: id)
        prices = services.prices
        let context = EngineContext(call: engineCall, generation: nil) {
            post(.providerSwitched($0, generation: nil))
        }
        do {
            recognition = try Self.session(
                services,
                RecognitionRequest(
                    format: opening.inbound, language: opening.language, connector: connector),
                ring, context
            ) { post(.recognised($0)) }
        } catch {
            throw .engine(error)
        }
        detector = CallDetector(services.detection)
        let settings = services.conversationSettings(for: opening)
        conversation =
            takeover.map { Conversation(settings: settings, continuing: $0.continuation) }
            ?? Conversation(settings: settings)
        beepDetector = settings.voicemail.isDetected ? BeepDetector() : nil
        // What a record of the rest of a call replays would not be the call.
        recorder =
            takeover == nil
            ? services.flights?.recorder(
                of: id, opening: opening, settings: settings,
                startedAt: Date().timeIntervalSince1970, at: now) : nil
        // A recorded call can be tried with the melody even if it went without.
        if settings.endpointing.usesProsody || recorder != nil { prosody = Prosody() }
        let (stream, requests) = AsyncStream.makeStream(of: EngineRequest.self)
        self.requests = requests
        let identify = takeover == nil ? services.identify(opening, post) : nil
        hold = OpeningHold(limit: identify == nil ? nil : services.callers?.limit, at: now)
        services.workers.start(
            CallWorker(
                callID: id, language: opening.language, speechFormat: opening.outbound,
                engines: services.engines, engineCall: engineCall, post: post,
                show: opening.wantsAvatar ? show : nil, identify: identify),
            serving: stream)
        if takeover == nil { emit(.callStarted(opening.event), at: now) }
        for order in takeover?.orders ?? [] { take(.ordered(order), at: now) }
        if !hold.isHeld { take(.callStarted, at: now) }
    }

    private static func session(
        _ services: CallServices, _ request: RecognitionRequest, _ ring: AudioRing,
        _ context: EngineContext, deliver: @escaping @Sendable (RecognitionResult) -> Void
    ) throws(EngineError) -> any RecognitionSession {
        let result = EngineContext.$current.withValue(context) {
            () -> Result<any RecognitionSession, EngineError> in
            do throws(EngineError) {
                return .success(
                    try services.engines.recognizer.makeSession(
                        request, audio: ring, deliver: deliver))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Takes the caller's next octets in the format of the call.
    func receive(_ octets: Span<UInt8>, at now: MonotonicTime) {
        guard !isOver else { return }
        recorder?.heard(octets, at: now)
        drift.receive(samples: octets.count / silence.octetsPerSample, at: now)
        if utteranceIsOpen {
            ring.write(octets)
            recognition.audioArrived()
        } else {
            preRoll.keep(octets)
        }
        audio.receive(octets) { frame in
            framesReceived += 1
            if beepDetector != nil { listenForBeep(in: frame, at: now) }
            guard let probability = detector?.speechProbability(in: frame) else { return }
            heard(frame, probability, at: now)
        }
    }

    /// Takes the next 20 ms with the probability that somebody speaks in them.
    private func heard(_ frame: Span<Int16>, _ probability: Float, at now: MonotonicTime) {
        echo?.hear(frame)
        let probability = echo?.adjusted(probability) ?? probability
        if let intonation = prosody?.hear(frame, probability: probability) {
            handle(.intonation(intonation), at: now)
        }
        handle(.frameHeard(speechProbability: probability), at: now)
    }

    private func listenForBeep(in frame: Span<Int16>, at now: MonotonicTime) {
        guard conversation.listensForBeep, let isOver = beepDetector?.hear(frame), isOver
        else { return }
        handle(.beepHeard, at: now)
    }

    /// Takes audio that was lost on the way as silence, so that time stays right.
    func receiveSilence(samples: Int, at now: MonotonicTime) {
        let octets = silence.octets
        var rest = samples * silence.octetsPerSample
        while rest > 0 {
            let count = min(rest, octets.count)
            receive(octets.span.extracting(0..<count), at: now)
            rest -= count
        }
    }

    /// Takes anything else that happens to the call.
    func handle(_ event: Conversation.Event, at now: MonotonicTime) {
        if case .tick = event, !isOver { recognition.tick(at: now) }
        switch hold.judge(event, at: now) {
        case .hand: take(event, at: now)
        case .drop: break
        case .beginThenHand:
            take(.callStarted, at: now)
            take(event, at: now)
        case .begin: take(.callStarted, at: now)
        }
    }

    private func take(_ event: Conversation.Event, at now: MonotonicTime) {
        recorder?.happened(event, at: now)
        conversation.handle(event, at: now)
        guard var action = conversation.nextAction() else { return tellPhase() }
        while true {
            recorder?.decided(action, at: now)
            perform(action, at: now)
            guard let next = conversation.nextAction() else { break }
            action = next
        }
        let performedAt = MonotonicTime.now()
        recorder?.performed(at: performedAt)
        conversation.performed(at: performedAt)
        tellPhase()
        conclude(at: now)
    }

    private func tellPhase() {
        guard conversation.phase != phase else { return }
        phase = conversation.phase
        transport.tell(phase)
    }

    /// Where the agent is seen now; only the caller may know.
    func tell(_ room: AvatarRoom?) { if !isOver { transport.tell(room) } }

    /// Does what somebody outside wants of the call.
    func follow(_ order: CallOrder, at now: MonotonicTime) -> CallOrder.Effect {
        handle(order.event, at: now)
        return CallOrder.Effect(
            outcome: order.isEnd ? .done : conversation.orderOutcome,
            secondsFromStart: startedAt.duration(to: now).milliseconds / 1_000)
    }

    /// The carrier's stream is over, or is to be; only the first reason counts.
    func finish(_ reason: EndReason, lost framesLost: Int, rejected: Int, at now: MonotonicTime) {
        guard !isOver else { return }
        handle(.callEnded(reason), at: now)
        recorder?.finish(at: now)
        isOver = true
        recognition.close()
        requests.finish()
        emit(
            .quality(
                Quality(
                    framesReceived: framesReceived, framesLost: framesLost,
                    messagesRejected: rejected, audioRefusedOctets: ring.refusedOctets,
                    clockDriftPartsPerMillion: drift.partsPerMillion)), at: now)
        var ended = CallEnded(
            reason: reason.rawValue,
            durationSeconds: startedAt.duration(to: now).milliseconds / 1_000,
            turns: conversation.turnsTaken, interruptions: conversation.interruptionCount)
        ended.tell(engineCall.usage, prices)
        emit(.callEnded(ended), at: now)
    }

    private func perform(_ action: Conversation.Action, at now: MonotonicTime) {
        switch action {
        case .beginUtterance(let utterance):
            recognition.begin(utterance, from: ring.end)
            preRoll.release { ring.write($0) }
            recognition.audioArrived()
            utteranceIsOpen = true
        case .finishUtterance(let utterance):
            utteranceIsOpen = false
            recognition.finish(utterance, at: ring.end)
        case .cancelUtterance(let utterance):
            utteranceIsOpen = false
            recognition.cancel(utterance)
        case .askModel(let request, let generation):
            requests.yield(.ask(request, generation: generation))
        case .runTool(let call, let generation):
            requests.yield(.runTool(call, generation: generation))
        case .speak(let text, let chunk): requests.yield(.speak(text, chunk: chunk))
        case .speakByFace(let text, let chunk):
            requests.yield(.speakByFace(text, chunk: chunk))
        case .cancelAnswer(let generation): requests.yield(.cancel(generation: generation))
        case .sendAudio(let octets):
            echo?.send(octets.span)
            transport.send(audio: octets)
        case .sendMark(let mark): transport.send(mark: mark)
        case .sendClear:
            echo?.clear()
            transport.sendClear()
        case .emit(let body): emit(body, at: now)
        case .transfer(let target): transport.transfer(to: target.destination)
        case .hangUp(let reason): transport.end(reason)
        }
    }

    private func emit(_ body: EventBody, at now: MonotonicTime) {
        if case .callEnded = body { conclude(at: now) }
        tell(body, at: now)
        unconcluded.append(body)
    }

    /// Tells what follows from what was told; a caller's words take a while, and the model is asked
    /// before.
    private func conclude(at now: MonotonicTime) {
        guard !unconcluded.isEmpty else { return }
        for body in unconcluded {
            for conclusion in conclusions.conclude(from: body) { tell(conclusion, at: now) }
        }
        unconcluded.removeAll(keepingCapacity: true)
    }

    private func tell(_ body: EventBody, at now: MonotonicTime) {
        let seconds = startedAt.duration(to: now).milliseconds / 1_000
        outlet.add(callID: id, body: body, secondsFromStart: seconds)
        transport.tell(body)
    }
}

/// Why a call cannot be taken.
enum CallSetupError: Error, Equatable {
    case engine(EngineError)
    case codec(String)
}

/// 20 ms of nothing, as it stands in a format.
private struct Silence {
    let octets: [UInt8]
    let octetsPerSample: Int

    init(of format: AudioFormat) {
        octetsPerSample = format.octetsPerSample ?? 2
        let value: UInt8 =
            switch format.encoding {
            case .muLaw: 0xFF
            case .aLaw: 0xD5
            case .linear16, .opus: 0
            }
        octets = Array(repeating: value, count: format.octetsPerSecond / 50)
    }
}
