internal import Codecs
internal import ControlAPI
internal import Events
internal import Foundation
internal import Pipeline

/// One live call that a speech agent leads, owned by its media loop: feeds the bridge and does what
/// it decides.
///
/// It holds no rule of its own. When the agent fails, a `Call` of our own conversation goes on in
/// its place and is handed everything from then on. Runs on the loop's thread.
final class AgentCall: LiveCall {
    let id: String
    private let startedAt: MonotonicTime
    private let opening: CallOpening
    private let services: CallServices
    private let silence: [UInt8]
    private var bridge: AgentBridge
    private let ear: CallEar
    private var drift: ClockDrift
    /// `nil` once the call was handed over.
    private var session: (any SpeechAgentSession)?
    /// Our own conversation, once it has the call.
    private var successor: Call?
    private let engineCall: EngineCall
    private let requests: AsyncStream<EngineRequest>.Continuation
    private unowned let transport: any CallTransport
    private let outlet: EventOutlet
    private var conclusions: CallConclusions
    private let connector: any EngineConnector
    private let post: @Sendable (Conversation.Event) -> Void
    private let agent: any SpeechAgent
    private let deliver: @Sendable (SpeechAgentEvent) -> Void
    private var hold: OpeningHold
    /// What is known of the caller.
    private var caller = AgentOverride()
    /// Notes for the agent, until it hears.
    private var owedNotes: [String] = []
    private var isReady = false
    private var isOver = false
    private var phase = Conversation.Phase.idle

    var usedSpeculations: Int { successor?.usedSpeculations ?? 0 }
    var wastedSpeculations: Int { successor?.wastedSpeculations ?? 0 }

    /// Opens the call; the agent is connected meanwhile.
    ///
    /// An agent that cannot serve this call is one that failed: our own conversation takes it.
    ///
    /// `post` and `tell` take what engines and the agent say to the loop, from any thread.
    ///
    /// - Throws: `CallSetupError` when a codec cannot serve this call.
    init(
        id: String, agent: any SpeechAgent, opening: CallOpening, services: CallServices,
        outlet: EventOutlet, transport: any CallTransport, connector: any EngineConnector,
        post: @escaping @Sendable (Conversation.Event) -> Void,
        tell: @escaping @Sendable (SpeechAgentEvent) -> Void, at now: MonotonicTime
    ) throws(CallSetupError) {
        self.id = id
        self.opening = opening
        self.services = services
        self.outlet = outlet
        conclusions = CallConclusions(language: opening.language.rawValue)
        self.transport = transport
        self.connector = connector
        self.post = post
        self.agent = agent
        deliver = tell
        startedAt = now
        silence = Array(
            repeating: opening.inbound.silentOctet, count: opening.inbound.octetsPerSecond / 50)
        drift = ClockDrift(samplesPerSecond: opening.inbound.rate.rawValue)
        do {
            ear = try CallEar(opening, services)
        } catch {
            throw .codec(String(describing: error))
        }
        engineCall = EngineCall(id: id)
        bridge = AgentBridge(
            settings: services.conversationSettings(for: opening), agent: agent.name,
            tellsResponseEnds: agent.tellsResponseEnds)
        let (stream, requests) = AsyncStream.makeStream(of: EngineRequest.self)
        self.requests = requests
        let identify = services.identify(opening, post)
        hold = OpeningHold(limit: identify == nil ? nil : services.callers?.limit, at: now)
        services.workers.start(
            CallWorker(
                callID: id, language: opening.language, speechFormat: opening.outbound,
                engines: services.engines, engineCall: engineCall, post: post,
                identify: identify),
            serving: stream)
        emit(.callStarted(opening.event), at: now)
        if opening.wantsAvatar { transport.tell(nil as AvatarRoom?) }
        if !hold.isHeld { begin(at: now) }
    }

    /// The agent is connected, with what is known of the caller.
    private func begin(at now: MonotonicTime) {
        decide(.callStarted, at: now)
        settle(at: now)
        let variables = opening.variables(callID: id)
            .merging(services.callers?.noVariables ?? [:]) { own, _ in own }
            .merging(caller.variables) { $1 }
        let context = EngineContext(call: engineCall, generation: nil) { _ in }
        EngineContext.$current.withValue(context) {
            do throws(EngineError) {
                session = try agent.makeSession(
                    SpeechAgentRequest(
                        inbound: opening.inbound, outbound: opening.outbound,
                        language: opening.language, connector: connector,
                        variables: variables), deliver: deliver)
            } catch {
                deliver(.complained(error.text))
                deliver(.failed(.rejected(status: 400)))
            }
        }
    }

    func receive(_ octets: Span<UInt8>, at now: MonotonicTime) {
        if let successor { return successor.receive(octets, at: now) }
        guard !isOver else { return }
        drift.receive(samples: octets.count / (opening.inbound.octetsPerSample ?? 2), at: now)
        session?.hear(octets)
        guard !hold.isHeld else { return }
        ear.receive(octets) { decide(.frameHeard(speechProbability: $0), at: now) }
        settle(at: now)
    }

    /// A speech agent is heard alone.
    func tell(_ room: AvatarRoom?) {}

    func receiveSilence(samples: Int, at now: MonotonicTime) {
        let silence = silence
        var rest = samples * (opening.inbound.octetsPerSample ?? 2)
        while rest > 0 {
            let count = min(rest, silence.count)
            receive(silence.span.extracting(0..<count), at: now)
            rest -= count
        }
    }

    func handle(_ event: Conversation.Event, at now: MonotonicTime) {
        if let successor { return successor.handle(event, at: now) }
        guard !isOver else { return }
        switch hold.judge(event, at: now) {
        case .hand: take(event, at: now)
        case .drop: break
        case .begin: begin(at: now)
        case .beginThenHand:
            begin(at: now)
            take(event, at: now)
        }
    }

    private func take(_ event: Conversation.Event, at now: MonotonicTime) {
        switch event {
        case .callStarted: break  // `begin` does it
        case .tick where hold.isHeld: break
        case .markReturned(let mark): decide(.markReturned(mark), at: now)
        case .keyPressed(let digit): decide(.keyPressed(digit: digit), at: now)
        case .tick:
            session?.tick(at: now)
            decide(.tick, at: now)
        case .silenceRequested: decide(.silenceRequested, at: now)
        case .hangUpRequested(let reason): decide(.hangUpRequested(reason), at: now)
        case .callEnded(let reason): decide(.callEnded(reason), at: now)
        case .toolAnswered(let result, _, let took):
            decide(.toolAnswered(result, took: took), at: now)
        case .ordered(.addContext(let text)):
            if isReady { decide(.contextAdded(text), at: now) } else { owedNotes.append(text) }
        case .ordered(.change(let change)): caller.variables.merge(change.variables) { $1 }
        case .ordered(.transfer(let target)): decide(.transferOrdered(target), at: now)
        case .ordered: break  // `follow` refuses the others
        // Results of engines that only our own conversation asks.
        case .frameHeard, .intonation, .recognised, .modelSaid, .modelEnded, .modelFailed,
            .speechReady, .speechEnded, .speechFailed, .providerSwitched, .beepHeard, .face:
            break
        }
        settle(at: now)
    }

    func follow(_ order: CallOrder, at now: MonotonicTime) -> CallOrder.Effect {
        if let successor { return successor.follow(order, at: now) }
        var outcome = Conversation.OrderOutcome.ended
        if !isOver {
            switch order.event {
            case .hangUpRequested, .ordered(.addContext), .ordered(.transfer):
                handle(order.event, at: now)
                outcome = .done
            default: outcome = .refusedByAgent  // every other order is for our own conversation
            }
        }
        return CallOrder.Effect(
            outcome: outcome, secondsFromStart: startedAt.duration(to: now).milliseconds / 1_000)
    }

    func handle(_ event: SpeechAgentEvent, at now: MonotonicTime) {
        guard successor == nil, !isOver else { return }
        decide(.agent(event), at: now)
        if case .ready = event, !isReady {
            isReady = true
            for note in owedNotes { decide(.contextAdded(note), at: now) }
            owedNotes = []
        }
        settle(at: now)
    }

    func finish(_ reason: EndReason, lost framesLost: Int, rejected: Int, at now: MonotonicTime) {
        requests.finish()
        if let successor {
            return successor.finish(reason, lost: framesLost, rejected: rejected, at: now)
        }
        guard !isOver else { return }
        handle(.callEnded(reason), at: now)
        isOver = true
        session?.close()
        emit(
            .quality(
                Quality(
                    framesReceived: ear.framesReceived, framesLost: framesLost,
                    messagesRejected: rejected, audioRefusedOctets: 0,
                    clockDriftPartsPerMillion: drift.partsPerMillion)), at: now)
        var ended = CallEnded(
            reason: reason.rawValue,
            durationSeconds: startedAt.duration(to: now).milliseconds / 1_000,
            turns: bridge.turnsTaken, interruptions: bridge.interruptionCount)
        ended.tell(engineCall.usage, services.prices)
        emit(.callEnded(ended), at: now)
    }

    // MARK: Doing

    private func decide(_ event: AgentBridge.Event, at now: MonotonicTime) {
        bridge.handle(event, at: now)
    }

    /// Performs what was decided.
    private func settle(at now: MonotonicTime) {
        guard var action = bridge.nextAction() else { return tellPhase() }
        while true {
            perform(action, at: now)
            guard let next = bridge.nextAction() else { break }
            action = next
        }
        bridge.performed(at: .now())
        tellPhase()
    }

    private func tellPhase() {
        guard successor == nil, bridge.phase != phase else { return }
        phase = bridge.phase
        transport.tell(phase)
    }

    private func perform(_ action: AgentBridge.Action, at now: MonotonicTime) {
        switch action {
        case .sendAudio(let octets):
            ear.sent(octets.span)
            transport.send(audio: octets)
        case .sendMark(let mark): transport.send(mark: mark)
        case .sendClear:
            ear.cleared()
            transport.sendClear()
        case .emit(let body): emit(body, at: now)
        case .runTool(let call): requests.yield(.runTool(call, generation: 0))
        case .giveResult(let result): session?.answer(result)
        case .sayToAgent(let text): session?.say(text)
        case .addContext(let text): session?.add(context: text)
        case .truncate(let response, let heard):
            session?.truncate(response: response, heardMilliseconds: heard)
        case .stopAgent: session?.stopSpeaking()
        case .handOver(let continuation): handOver(continuation, at: now)
        case .transfer(let target): transport.transfer(to: target.destination)
        case .hangUp(let reason): transport.end(reason)
        }
    }

    /// Our own conversation goes on with the call; tools that still run stay with it.
    private func handOver(_ continuation: ConversationContinuation, at now: MonotonicTime) {
        session?.close()
        session = nil
        do throws(CallSetupError) {
            let call = try Call(
                id: id, opening: opening, services: services, outlet: outlet,
                transport: transport, connector: connector,
                takeover: CallTakeover(
                    continuation: continuation, startedAt: startedAt, engineCall: engineCall,
                    conclusions: conclusions,
                    orders: [.change(caller)] + owedNotes.map { .addContext($0) }),
                post: post, at: now)
            successor = call
        } catch {
            decide(.handOverFailed, at: now)
        }
    }

    private func emit(_ body: EventBody, at now: MonotonicTime) {
        tell(body, at: now)
        for conclusion in conclusions.conclude(from: body) { tell(conclusion, at: now) }
    }

    private func tell(_ body: EventBody, at now: MonotonicTime) {
        let seconds = startedAt.duration(to: now).milliseconds / 1_000
        outlet.add(callID: id, body: body, secondsFromStart: seconds)
        transport.tell(body)
    }
}

/// What a call of our own conversation keeps of one that an agent has led so far.
struct CallTakeover {
    let continuation: ConversationContinuation
    let startedAt: MonotonicTime
    let engineCall: EngineCall
    let conclusions: CallConclusions
    /// What is known of the caller and was not told yet.
    var orders: [Conversation.Order] = []
}

extension CallOpening {
    /// What an agent is told of the call, by the names its prompt uses.
    func variables(callID: String) -> [String: String] {
        var variables = ["call_id": callID, "call_language": language.rawValue]
        variables["caller_number"] = from
        variables["system__caller_id"] = from  // ElevenLabs' own name
        variables["called_number"] = to
        return variables
    }
}

extension AudioFormat {
    /// Of nothing to be heard.
    var silentOctet: UInt8 {
        switch encoding {
        case .muLaw: 0xFF
        case .aLaw: 0xD5
        case .linear16, .opus: 0
        }
    }
}
