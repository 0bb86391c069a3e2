import ControlAPI
import Events
import Foundation
import Logging
import Records
import ServiceLifecycle
import Synchronization
import Testing

/// Takes what is asked of calls and answers as told.
final class FakeCalls: CallControl, Sendable {
    private let asked = Mutex<[String]>([])
    private let performed = Mutex<[CallAction]>([])
    private let failure: CallControlError?

    init(failure: CallControlError? = nil) { self.failure = failure }

    var ended: [String] { asked.withLock { $0 } }
    /// Everything but ends.
    var actions: [CallAction] { performed.withLock { $0 } }

    func end(callID: String) async throws(CallControlError) {
        asked.withLock { $0.append(callID) }
        if let failure { throw failure }
    }

    func perform(
        _ action: CallAction, on callID: String
    ) async throws(CallControlError) -> CallActionEffect {
        if case .end = action {
            try await end(callID: callID)
        } else {
            performed.withLock { $0.append(action) }
        }
        if let failure { throw failure }
        return CallActionEffect(
            time: Date(timeIntervalSince1970: 1_773_043_501.25), secondsFromStart: 1.250_4,
            state: action == .end ? "ended" : "muted")
    }
}

/// A control server on a free port of this machine.
struct RunningServer {
    let journal: EventJournal
    let store: SQLiteStore
    let port: Int
    fileprivate let group: ServiceGroup

    func send(
        _ method: String, _ target: String, headers: [String] = [], body: String = ""
    ) async throws -> RawAnswer {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost", "Connection: close"]
        if !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
        let request = (lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + body
        let text = await LoopbackClient.exchange(request, port: port)
        return try #require(RawAnswer(parsing: text), "\(method) \(target) → \(text)")
    }

    func get(_ target: String) async throws -> RawAnswer { try await send("GET", target) }

    func shutDown() async { await group.triggerGracefulShutdown() }

    /// Returns when a reader waits at the journal.
    func readerWaits() async {
        while await journal.statistics.waitingReaders == 0 { await Task.yield() }
    }
}

let silence = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
let allReady = Readiness(media: .ready, stt: .ready, llm: .ready, tts: .ready)

/// Serves while `body` runs, then shuts down gracefully; a shutdown that hangs hangs the test.
func withServer(
    control: FakeCalls = FakeCalls(), readiness: Readiness = allReady, metrics: [Metric] = [],
    webhooks: WebhookServices? = nil, twilio: (EventJournal) -> TwilioService? = { _ in nil },
    access: AccessSettings = AccessSettings(), host: String = "127.0.0.1",
    remoteCalls: (EventJournal, SQLiteStore) -> RemoteCallServices? = { _, _ in nil },
    _ body: (RunningServer) async throws -> Void
) async throws {
    let store = try SQLiteStore()
    let journal = EventJournal(store: store)
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    var configuration = ControlServer.Configuration()
    configuration.port = 0
    configuration.host = host
    configuration.access = access
    let server = ControlServer(
        configuration: configuration, journal: journal, store: store, control: control,
        readiness: { readiness }, metrics: { metrics }, webhooks: webhooks, twilio: twilio(journal),
        remoteCalls: remoteCalls(journal, store), logger: silence,
        onListening: { port in listening.yield(port) })
    let group = ServiceGroup(
        configuration: .init(
            services: [.init(service: server)], logger: silence))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { listening.finish() }
            try await group.run()
        }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        try await body(RunningServer(journal: journal, store: store, port: port, group: group))
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

/// Takes whatever says it is Twilio.
func trustingTwilio(_ journal: EventJournal) -> TwilioService {
    TwilioService(
        settings: TwilioSettings(), signature: TwilioSignature(authTokens: []), client: nil,
        journal: journal, canServe: { true }, logger: silence)
}

/// 2026-03-09T08:05:00Z.
private let callTime = Date(timeIntervalSince1970: 1_773_043_500)

func entry(_ body: EventBody, at seconds: Double) -> JournalEntry {
    JournalEntry(body, time: callTime.addingTimeInterval(seconds), secondsFromStart: seconds)
}

let started = entry(
    .callStarted(CallStarted(carrier: "twilio", carrierCallID: "CA1", language: "en")), at: 0)
let ended = entry(
    .callEnded(
        CallEnded(reason: "caller_hung_up", durationSeconds: 9.5, turns: 1, interruptions: 0)),
    at: 9.5)
