import Pipeline
import Synchronization

@testable import MediaBridge

/// What happened on a loop under test, in order, readable by the integration tests that wait for it.
final class LoopJournal: Sendable {
    enum Entry: Equatable, Sendable {
        case accepted(UpgradeRequest)
        case message(String)
        case posted(Int)
        case closed(CloseReason)
        case failed
        case draining
    }
    private let entries = Mutex<[Entry]>([])

    var all: [Entry] { entries.withLock { $0 } }

    func append(_ entry: Entry) { entries.withLock { $0.append(entry) } }

    /// Waits until `count` entries satisfy `matches`, for ten seconds at most.
    func waitsFor(_ count: Int = 1, _ matches: @Sendable (Entry) -> Bool) async -> Bool {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: .seconds(10))
        while clock.now < deadline {
            if all.count(where: matches) >= count { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }
}

/// Answers what the test's peers ask for and writes down what it hears.
final class LoopTestHandler: LoopHandler {
    /// What the test asks of the loop.
    enum Command: Sendable {
        case note(Int)
        case connect(ConnectTarget)
        case engine(EngineOrder)
        /// Hands out what opens engines' sockets on the loop.
        case connector(@Sendable (LoopConnector) -> Void)
    }
    private let journal: LoopJournal
    private let services: LoopServices
    private let engineSockets: EngineSockets
    private let connector: LoopConnector

    init(
        _ journal: LoopJournal, _ services: LoopServices, _ poster: MediaLoopPoster<Command>
    ) {
        self.journal = journal
        self.services = services
        engineSockets = EngineSockets(services: services)
        connector = LoopConnector(engineSockets) { poster.post(.engine($0)) }
    }

    func accept(_ request: UpgradeRequest, on socket: WebSocket) -> LoopTestConnection {
        journal.append(.accepted(request))
        return LoopTestConnection(journal, socket)
    }

    func handle(_ message: Command, at now: MonotonicTime) {
        switch message {
        case .engine(let order): engineSockets.perform(order)
        case .connector(let take): take(connector)
        case .note(let value): journal.append(.posted(value))
        case .connect(let target):
            services.connect(to: target, headers: [("X-Twilio-Signature", "c2lnbmF0dXJl")]) {
                [journal] _, socket in
                socket.send(text: "hello".utf8.span)
                return LoopTestConnection(journal, socket, echoes: false)
            } failed: { [journal] _, _ in
                journal.append(.failed)
            }
        }
    }

    func tick(at now: MonotonicTime) {}
    func drain(until deadline: MonotonicTime, at now: MonotonicTime) { journal.append(.draining) }
}

/// Echoes; `flood N` answers N binary messages of 16 000 octets, `bye` closes.
final class LoopTestConnection: ConnectionHandler {
    private let journal: LoopJournal
    private let socket: WebSocket
    private let echoes: Bool

    init(_ journal: LoopJournal, _ socket: WebSocket, echoes: Bool = true) {
        self.journal = journal
        self.socket = socket
        self.echoes = echoes
    }

    func received(_ message: Span<UInt8>, isText: Bool, at now: MonotonicTime) {
        var octets: [UInt8] = []
        for index in message.indices { octets.append(message[index]) }
        let text = String(decoding: octets, as: UTF8.self)
        if octets.count <= 64 { journal.append(.message(text)) }
        if text == "bye" { return socket.close(.normal, reason: "as asked") }
        if text.hasPrefix("flood "), let count = Int(text.dropFirst(6)) {
            let block = [UInt8](repeating: 7, count: 16_000)
            for _ in 0..<count { socket.send(binary: block.span) }
        } else if echoes {
            _ = isText ? socket.send(text: message) : socket.send(binary: message)
        }
    }

    func closed(_ reason: CloseReason, at now: MonotonicTime) { journal.append(.closed(reason)) }
}

/// A loop on a free port, with limits short enough for a test.
struct LoopUnderTest {
    let loop: MediaLoop<LoopTestHandler>
    let journal = LoopJournal()
    let gate: AdmissionGate

    init(
        maxCalls: Int = 100, port: UInt16 = 0, index: Int = 0,
        _ adjust: (inout EdgeSettings.Limits) -> Void = { _ in }
    ) throws {
        var settings = EdgeSettings()
        settings.port = port
        adjust(&settings.limits)
        gate = AdmissionGate(maxCalls: maxCalls)
        loop = try MediaLoop(index: index, settings: settings, gate: gate) {
            [journal] services, poster in
            LoopTestHandler(journal, services, poster)
        }
    }

    var port: UInt16 { loop.port }

    /// Ends the loop and tells its last figures.
    func figures() async -> EdgeSnapshot {
        loop.stop(drainLimit: .zero)
        await loop.ended()
        loop.join()
        return loop.counters
    }
}
