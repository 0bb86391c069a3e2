import ProviderSimulators
import Records
import Synchronization
import Testing

@testable import MediaBridge

private let loopback = HostResolver.Address(text: "127.0.0.1", octets: [127, 0, 0, 1])

/// Over real sockets of this machine.
@Suite(.tags(.integration)) struct OutboxHTTPTests {
    /// Runs `body` with a server that keeps the targets it was asked for.
    private func withServer(
        answering http: @escaping SimulatedServer.HTTPHandler,
        _ body: (_ port: Int, _ targets: () -> [String]) async throws -> Void
    ) async throws {
        let targets = Mutex<[String]>([])
        let server = try await SimulatedServer(http: { request, exchange in
            targets.withLock { $0.append(request.target) }
            try await http(request, exchange)
        })
        try await body(server.port) { targets.withLock { $0 } }
        await server.stop()
    }

    /// The name is resolved once, judged, and the connection goes where the judged address is.
    @Test func theJudgedAddressIsTheOneThatIsReached() async throws {
        try await withServer(
            answering: { request, exchange in
                #expect(request.header("host")?.hasPrefix("hooks.example.test:") == true)
                try await exchange.answer(status: 204)
            },
            { port, targets in
                let client = OutboxHTTP { host in host == "hooks.example.test" ? [loopback] : [] }
                let url = "http://hooks.example.test:\(port)/in"
                let answer = try await client.send(OutboxRequest(url: url))
                #expect(answer.status == 204)
                #expect(targets() == ["/in"])
                var request = OutboxRequest(url: url)
                request.isPublicOnly = true
                await #expect(throws: OutboxTransportError.privateAddress) {
                    try await client.send(request)
                }
                await #expect(
                    throws: OutboxTransportError.unreachable(reason: "the name has no address")
                ) {
                    try await client.send(OutboxRequest(url: "http://other.example.test:\(port)/"))
                }
                #expect(targets() == ["/in"])
                await client.shutdown()
            })
    }

    /// One public address does not excuse a private one beside it.
    @Test func everyAddressIsJudged() async throws {
        let client = OutboxHTTP { _ in
            [HostResolver.Address(text: "8.8.8.8", octets: [8, 8, 8, 8]), loopback]
        }
        var request = OutboxRequest(url: "http://mixed.example.test/")
        request.isPublicOnly = true
        await #expect(throws: OutboxTransportError.privateAddress) {
            try await client.send(request)
        }
        await client.shutdown()
    }

    @Test func redirectsAreNotFollowed() async throws {
        try await withServer(
            answering: { _, exchange in
                try await exchange.answer(status: 307, headers: [("Location", "/elsewhere")])
            },
            { port, targets in
                let client = OutboxHTTP()
                let answer = try await client.send(
                    OutboxRequest(url: "http://127.0.0.1:\(port)/here", body: [1]))
                #expect(answer.status == 307)
                #expect(targets() == ["/here"])
                await client.shutdown()
            })
    }

    @Test func anAnswerWithoutEndIsCutOff() async throws {
        try await withServer(
            answering: { _, exchange in
                try await exchange.begin(status: 200)
                while true { try await exchange.write([UInt8](repeating: 97, count: 65_536)) }
            },
            { port, _ in
                let client = OutboxHTTP()
                let answer = try await client.send(OutboxRequest(url: "http://127.0.0.1:\(port)/"))
                #expect(answer.body.count == 4_096)
                await client.shutdown()
            })
    }

    @Test func whoSaysNothingIsGivenUp() async throws {
        try await withServer(
            answering: { _, _ in try await Task.sleep(for: .seconds(3_600)) },
            { port, _ in
                let client = OutboxHTTP()
                var request = OutboxRequest(url: "http://127.0.0.1:\(port)/")
                request.limit = .milliseconds(200)
                await #expect(throws: OutboxTransportError.timedOut) {
                    try await client.send(request)
                }
                await client.shutdown()
            })
    }

    /// However it is written.
    @Test(arguments: ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "localhost", "::1"])
    func thisMachineIsPrivate(host: String) async {
        let addresses = await HostResolver.addresses(of: host)
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { !$0.isPublic })
    }
}
