import Dispatch
import Foundation
import Glibc
import Logging
import ServiceLifecycle
import Testing

@testable import MediaBridge

/// A whole gateway for integration tests: free ports of this machine, instant engines, one loop.
struct GatewayUnderTest {
    /// The one of a suite with the trait `.gateway`.
    @TaskLocal static var shared: GatewayUnderTest?

    let ports: Gateway.Ports
    private let group: ServiceGroup

    /// Runs a gateway while `body` does, drains it, and waits for its end.
    ///
    /// `body` may block: it has a thread of its own, for on Swift's pool it would hold up the
    /// gateway it waits for.
    static func run(
        settings: [String: String] = [:], yaml: String = "", environment: [String: String] = [:],
        limits adjust: (inout EdgeSettings.Limits) -> Void = { _ in },
        _ body: (GatewayUnderTest) async throws -> Void
    ) async throws {
        let (listening, told) = AsyncStream.makeStream(of: Gateway.Ports.self)
        var gateway = Gateway(
            configuration: try await configuration(settings, yaml, environment), logger: quiet)
        adjust(&gateway.limits)
        gateway.shutdownSignals = []
        gateway.onListening = { told.yield($0) }
        let service = GatewayService(gateway: gateway)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: service, successTerminationBehavior: .ignore)],
                logger: quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { told.finish() }
                try await group.run()
            }
            var ports = listening.makeAsyncIterator()
            let under = GatewayUnderTest(
                ports: try #require(await ports.next(), "the gateway did not start"), group: group)
            let result = await onOwnThread { () -> Result<Void, any Error> in
                do { return .success(try await body(under)) } catch { return .failure(error) }
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }

    /// The defaults of tests with these settings over them and `yaml` behind.
    static func configuration(
        _ settings: [String: String] = [:], _ yaml: String = "",
        _ environment: [String: String] = [:]
    ) async throws -> GatewayConfiguration {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "gateway-\(UUID().uuidString).yaml")
        let all = defaults.merging(settings) { $1 }
        let text = all.map { "\($0): \"\($1)\"\n" }.joined() + yaml
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await .load(
            file: file.path(percentEncoded: false), environment: environment)
    }

    /// Runs `body`, which may block, with the suite's own gateway.
    static func whileShared(_ body: (GatewayUnderTest) throws -> Void) async throws {
        let gateway = try #require(shared, "the suite lacks the trait .gateway")
        try await onOwnThread { try body(gateway) }
    }

    static let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private static let defaults = [
        "mediaPort": "0", "apiPort": "0", "loops": "1", "stt": "instant", "agent": "instant",
        "tts": "instant", "endpointPause": "120ms", "drainLimit": "2s", "idlePrompt": "0s",
        // Faults are to be met by every call.
        "responseCache": "false",
    ]

    /// As on SIGTERM.
    func beginDrain() async { await group.triggerGracefulShutdown() }

    // MARK: The control API

    func request(_ method: String, _ target: String) throws -> (status: Int, body: String) {
        let client = try WireClient(port: ports.api)
        let lines = ["\(method) \(target) HTTP/1.1", "Host: localhost", "Connection: close"]
        try client.send(raw: Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
        let head = try client.readHead(within: .seconds(40))
        let body = String(decoding: try client.readToEnd(), as: UTF8.self)
        return (Int(head[0].dropFirst(9).prefix(3)) ?? 0, body)
    }

    func object(_ target: String, _ method: String = "GET") throws -> [String: Any] {
        let answer = try request(method, target)
        try #require(answer.status == 200, "\(method) \(target) → \(answer)")
        return try jsonObject(answer.body)
    }

    /// The values of all series of `/metrics` that count.
    func metrics() throws -> [String: Int] {
        let lines = try request("GET", "/metrics").body.split(separator: "\n")
        return lines.reduce(into: [:]) { values, line in
            guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { return }
            values[String(line[..<space])] = Int(line[line.index(after: space)...])
        }
    }

    /// The value of one series; 0 when there is none yet.
    func metric(_ series: String) throws -> Int { try metrics()[series] ?? 0 }

    /// What a series has grown by once it has grown by `growth`, or after eight seconds.
    ///
    /// Loops publish their counters once a second, all at the same time.
    func growth(of series: String, since before: Int, upTo growth: Int) throws -> Int {
        let deadline = ContinuousClock.now.advanced(by: .seconds(8))
        while true {
            let grown = try metric(series) - before
            if grown >= growth || ContinuousClock.now >= deadline { return grown }
            poll(nil, 0, 25)
        }
    }

    /// Runs `body` and expects that a series has grown by exactly `growth` after it.
    func expectGrowth(_ growth: Int, of series: String, by body: () throws -> Void) throws {
        let before = try metric(series)
        try body()
        #expect(try self.growth(of: series, since: before, upTo: growth) == growth, "\(series)")
    }

    static func fault(_ kind: String) -> String {
        "mediabridge_twilio_faults_total{kind=\"\(kind)\"}"
    }
    static func audioFault(_ kind: String) -> String {
        "mediabridge_audio_faults_total{kind=\"\(kind)\"}"
    }
    static func edge(_ what: String) -> String { "mediabridge_edge_events_total{what=\"\(what)\"}" }

    /// Our name for the call that a carrier calls `carrierCallID`, once the journal has it.
    func callID(of carrierCallID: String) throws -> String {
        let deadline = ContinuousClock.now.advanced(by: .seconds(8))
        while true {
            let calls = try object("/api/v1/calls")["calls"] as? [[String: Any]] ?? []
            let call = calls.first { $0["carrier_call_id"] as? String == carrierCallID }
            if let id = call?["id"] as? String { return id }
            try #require(ContinuousClock.now < deadline, "no call \(carrierCallID) in the journal")
            poll(nil, 0, 25)
        }
    }

    /// All events of a call up to its end, asked for by long-polling; `seq` has no gap.
    func events(of id: String) throws -> [GatewayEvent] {
        var events: [GatewayEvent] = []
        var after = 0
        let deadline = ContinuousClock.now.advanced(by: .seconds(15))
        while true {
            let page = try object("/api/v1/calls/\(id)/events?after=\(after)&wait_ms=5000")
            for event in page["events"] as? [[String: Any]] ?? [] {
                events.append(try GatewayEvent(event))
            }
            after = try #require(page["next"] as? Int)
            if page["ended"] as? Bool == true { break }
            try #require(ContinuousClock.now < deadline, "the call does not end")
        }
        #expect(events.map(\.seq) == Array(1...max(1, events.count)))
        return events
    }
}

/// An event as the API gives it.
struct GatewayEvent {
    let seq: Int
    let type: String
    let seconds: Double
    let data: [String: Any]

    init(_ json: [String: Any]) throws {
        // The names are those of DESIGN §7.
        #expect(
            Set(json.keys) == [
                "id", "call_id", "seq", "type", "time", "seconds_from_start", "data",
            ])
        seq = try #require(json["seq"] as? Int)
        type = try #require(json["type"] as? String)
        seconds = try #require(json["seconds_from_start"] as? Double)
        data = try #require(json["data"] as? [String: Any])
    }
}

func jsonObject(_ text: String) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return try #require(value as? [String: Any], "no JSON object: \(text)")
}

private struct GatewayService: Service {
    let gateway: Gateway

    func run() async throws { try await gateway.run() }
}

/// Runs one gateway for all tests of a suite; their counters are theirs to tell apart.
struct GatewayTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await GatewayUnderTest.run(
            limits: {
                $0.handshakeLimit = .seconds(1)
                $0.stallLimit = .seconds(1)
            },
            { gateway in
                try await GatewayUnderTest.$shared.withValue(gateway) { try await function() }
            })
    }
}

extension Trait where Self == GatewayTrait {
    static var gateway: Self { Self() }
}

/// Runs `body`, which may block, off Swift's pool.
func onOwnThread<Value>(_ body: () async throws -> Value) async rethrows -> Value {
    try await withTaskExecutorPreference(OwnThread()) {
        await Task.yield()  // the preference counts from the next suspension on
        return try await body()
    }
}

/// Runs jobs one after the other on a thread of their own.
private final class OwnThread: TaskExecutor {
    private let queue = DispatchQueue(label: "gateway test")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
