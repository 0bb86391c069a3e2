internal import ControlAPI
internal import Foundation
internal import Pipeline

/// What other threads tell a media loop.
enum LoopMessage: Sendable {
    /// Something happened for the call with this key.
    case call(key: Int, Conversation.Event)
    /// The speech agent of the call with this key says something.
    case agent(key: Int, SpeechAgentEvent)
    /// The agent of this call is seen there now, or nowhere; for its client alone.
    case face(key: Int, AvatarRoom?)
    /// An engine on another thread wants something of the loop's sockets.
    case engine(EngineOrder)
    /// Steers a call; `done` runs with what became of it, `nil` when the call was not there.
    case order(CallOrder, callID: String, done: @Sendable (CallOrder.Effect?) -> Void)
}

/// One media loop's calls: opens, feeds and closes them.
///
/// Used on the loop's thread only.
final class GatewayLoop: LoopHandler {
    /// Deadlines of sockets are seconds away: looking every half second costs a loop little.
    private static let ticksPerExpiry = 25

    let scratch = AudioScratch(capacity: 65_536)
    private let services: CallServices
    private let outlet: EventOutlet
    private let poster: MediaLoopPoster<LoopMessage>
    private let engineSockets: EngineSockets
    private let connector: LoopConnector
    private let figures: LoopFigures
    private let liveCalls: LiveCalls
    private let index: Int
    /// By a key that counts up, so that what comes late for an ended call finds nobody.
    private var calls: [Int: any LiveCall] = [:]
    private var callKeys: [String: Int] = [:]
    private var nextKey = 1
    private var connections: [ObjectIdentifier: CallConnection] = [:]
    private var drainDeadline: MonotonicTime?
    /// What connections and calls that are gone have counted.
    private var ended = LoopFigures.Values()
    private var ticks = 0
    private var publishedAt = MonotonicTime(sinceStart: .zero)

    init(
        on loop: LoopServices, services: CallServices,
        events: AsyncStream<EventOutlet.Batch>.Continuation,
        poster: MediaLoopPoster<LoopMessage>, figures: LoopFigures, liveCalls: LiveCalls
    ) {
        index = loop.index
        self.services = services
        outlet = EventOutlet(to: events)
        self.poster = poster
        engineSockets = EngineSockets(services: loop)
        connector = LoopConnector(engineSockets) { poster.post(.engine($0)) }
        self.figures = figures
        self.liveCalls = liveCalls
    }

    var defaultLanguage: Language { services.defaultLanguage }
    var twilio: TwilioService? { services.twilio }

    // MARK: LoopHandler

    func accept(_ request: UpgradeRequest, on socket: WebSocket) -> CallConnection {
        let connection = CallConnection(request, socket: socket, loop: self)
        connections[ObjectIdentifier(connection)] = connection
        return connection
    }

    func handle(_ message: LoopMessage, at now: MonotonicTime) {
        switch message {
        case .call(let key, let event): calls[key]?.handle(event, at: now)
        case .agent(let key, let event): calls[key]?.handle(event, at: now)
        case .face(let key, let room): calls[key]?.tell(room)
        case .engine(let order): engineSockets.perform(order)
        case .order(let order, let callID, let done):
            done(callKeys[callID].flatMap { calls[$0] }?.follow(order, at: now))
        }
    }

    func tick(at now: MonotonicTime) {
        ticks &+= 1
        let expires = ticks.isMultiple(of: Self.ticksPerExpiry)
        for connection in connections.values {
            if expires { connection.expire(at: now) }
            connection.tick(at: now)
        }
        if let drainDeadline, now >= drainDeadline {
            for call in calls.values { call.handle(.hangUpRequested(.drained), at: now) }
        }
        outlet.flush(at: now)
        publishFigures(at: now)
    }

    func drain(until deadline: MonotonicTime, at now: MonotonicTime) {
        // Half a second is left for the close handshakes.
        drainDeadline = deadline.advanced(by: .milliseconds(-500))
        for connection in connections.values where connection.isIdle { connection.close() }
    }

    // MARK: Calls

    /// Opens a call for a stream that has started.
    func openCall(
        _ opening: CallOpening, transport: any CallTransport, at now: MonotonicTime
    ) throws(CallSetupError) -> any LiveCall {
        let key = nextKey
        nextKey += 1
        let poster = poster
        let id = UUID().uuidString.lowercased()
        let call: any LiveCall
        if let agent = services.agent {
            call = try AgentCall(
                id: id, agent: agent, opening: opening, services: services, outlet: outlet,
                transport: transport, connector: connector,
                post: { poster.post(.call(key: key, $0)) },
                tell: { poster.post(.agent(key: key, $0)) }, at: now)
        } else {
            call = try Call(
                id: id, opening: opening, services: services, outlet: outlet,
                transport: transport, connector: connector,
                post: { poster.post(.call(key: key, $0)) },
                show: { poster.post(.face(key: key, $0)) }, at: now)
        }
        calls[key] = call
        callKeys[call.id] = key
        liveCalls.add(call.id, onLoop: index, outbound: opening.outbound)
        return call
    }

    func closeCall(
        _ call: any LiveCall, _ reason: EndReason, lost: Int, rejected: Int, at now: MonotonicTime
    ) {
        call.finish(reason, lost: lost, rejected: rejected, at: now)
        ended.add(call)
        liveCalls.remove(call.id)
        if let key = callKeys.removeValue(forKey: call.id) { calls[key] = nil }
    }

    /// A call could not be served; its carrier was sent on to a human.
    func reportRefusedCall(_ error: CallSetupError) { figures.countRefusedCall(error) }

    func closed(_ connection: CallConnection) {
        connection.addCounters(to: &ended)
        connections[ObjectIdentifier(connection)] = nil
        outlet.flush(at: .now(), force: true)
    }

    private func publishFigures(at now: MonotonicTime) {
        guard publishedAt.duration(to: now) >= .seconds(1) else { return }
        publishedAt = now
        var counted = ended
        for connection in connections.values { connection.addCounters(to: &counted) }
        for call in calls.values { counted.add(call) }
        counted.droppedEvents = outlet.droppedEvents
        figures.publish(counted)
    }
}
