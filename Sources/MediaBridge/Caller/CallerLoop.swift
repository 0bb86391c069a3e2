internal import Pipeline

/// The media loop of simulated callers: opens their sockets and steps their telephones.
///
/// One loop serves every call of a run. Used on its thread only.
final class CallerLoop: LoopHandler {
    typealias Connection = CallerConnection

    private let services: LoopServices
    private let plan: CallPlan
    /// Told each call's CallSid as it starts.
    private let started: AsyncStream<String>.Continuation
    private let results: AsyncStream<CallerResult>.Continuation
    private var waiting: [Int]
    private var live: [Int: CallerConnection] = [:]
    private let startedAt: MonotonicTime

    init(
        services: LoopServices, plan: CallPlan, started: AsyncStream<String>.Continuation,
        results: AsyncStream<CallerResult>.Continuation
    ) {
        self.started = started
        self.services = services
        self.plan = plan
        self.results = results
        waiting = Array(0..<plan.calls)
        startedAt = services.now
    }

    /// Nobody calls a caller.
    func accept(_ request: UpgradeRequest, on socket: WebSocket) -> CallerConnection {
        CallerConnection(call: -1, plan: plan, socket: socket, at: services.now)
    }

    func handle(_ message: Never, at now: MonotonicTime) {}

    func tick(at now: MonotonicTime) {
        // One call after the other, so that their frames do not all fall on the same instant.
        while let call = waiting.first, startedAt.advanced(by: plan.stagger * call) <= now {
            waiting.removeFirst()
            dial(call)
        }
        for connection in live.values { connection.step(at: now) }
    }

    func drain(until deadline: MonotonicTime, at now: MonotonicTime) {}

    private func dial(_ call: Int) {
        services.connect(to: plan.target) { [unowned self] _, socket in
            let connection = CallerConnection(
                call: call, plan: plan, socket: socket, at: services.now)
            connection.onEnd = { [unowned self] result in
                live[call] = nil
                results.yield(result)
            }
            live[call] = connection
            started.yield(connection.callSID)
            return connection
        } failed: { [unowned self] reason, _ in
            results.yield(CallerResult(call: call, failure: reason))
        }
    }
}

/// What every call of a run has in common.
struct CallPlan: Sendable {
    let target: ConnectTarget
    let calls: Int
    let stagger: Duration
    let steps: [SimulatedPhone.Step]
    let parameters: [String: String]
}

/// How one simulated call went.
struct CallerResult: Sendable {
    let call: Int
    var callSID = ""
    var observations: [CallerObservation] = []
    var problems: [String] = []
    var callerAudio: [UInt8] = []
    var agentAudio: [UInt8] = []
    /// The gateway ended the call before the script did.
    var endedByGateway = false
    /// The call never came about.
    var failure: String?
    /// Messages Twilio would have rejected, by its warning code.
    var warnings: [Int: Int] = [:]
}
