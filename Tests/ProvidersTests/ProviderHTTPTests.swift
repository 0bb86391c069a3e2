import Pipeline
import ProviderSimulators
import Testing

@testable import Providers

/// The HTTP client of all providers, over real sockets.
@Suite(.tags(.integration)) struct ProviderHTTPTests {
    private static func withServer(
        _ handler: @escaping SimulatedServer.HTTPHandler,
        _ body: (ProviderHTTP, String) async throws -> Void
    ) async throws {
        let server = try await SimulatedServer(http: handler)
        try await ProviderHTTP.run(stopping: server.stop) { http in
            try await body(http, "http://127.0.0.1:\(server.port)")
        }
    }

    /// Each piece is sent once the one before was heard.
    @Test func aBodyComesInPieces() async throws {
        let (heard, hears) = AsyncStream<Void>.makeStream()
        try await Self.withServer { request, exchange in
            #expect(request.method == "POST")
            #expect(request.path == "/v1/messages")
            #expect(request.header("x-api-key") == "key")
            #expect(request.body == Array("hola".utf8))
            try await exchange.begin(status: 200, headers: [("Content-Type", "text/plain")])
            var answers = heard.makeAsyncIterator()
            for piece in ["uno", "dos", "tres"] {
                try await exchange.write(piece)
                await answers.next()
            }
            try await exchange.end()
        } _: { http, url in
            let answer = try await http.send(
                ProviderHTTPRequest(
                    url: url + "/v1/messages", headers: [("X-Api-Key", "key")],
                    body: Array("hola".utf8)))
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "text/plain")
            var pieces: [String] = []
            for try await octets in answer.body {
                pieces.append(String(decoding: octets, as: UTF8.self))
                hears.yield()
            }
            #expect(pieces == ["uno", "dos", "tres"])
        }
    }

    @Test func anErrorStatusIsAnAnswer() async throws {
        try await Self.withServer { _, exchange in
            try await exchange.answer(
                status: 429, headers: [("Retry-After", "7")], body: "slow down")
        } _: { http, url in
            let answer = try await http.send(ProviderHTTPRequest(url: url))
            #expect(answer.status == 429)
            #expect(answer.retryAfter == .seconds(7))
            #expect(try await answer.body.collect(upTo: 4) == Array("slow".utf8))
        }
    }

    @Test func aConnectionThatGoesAwayIsAnError() async throws {
        let (heard, hears) = AsyncStream<Void>.makeStream()
        try await Self.withServer { _, exchange in
            try await exchange.begin(status: 200)
            try await exchange.write("half a wo")
            var answers = heard.makeAsyncIterator()
            await answers.next()
            await exchange.abort()
        } _: { http, url in
            let answer = try await http.send(ProviderHTTPRequest(url: url))
            await #expect(throws: ProviderHTTPError.closedEarly) {
                for try await _ in answer.body { hears.yield() }
            }
        }
    }

    /// As many as calls may be answered at once: none waits for the end of another's answer.
    @Test(.timeLimit(.minutes(1))) func answersUnderWayHoldUpNobody() async throws {
        let count = 40
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        let (doors, door) = AsyncStream<Void>.makeStream()
        let opening = Task {
            var waiting = 0
            for await _ in arrivals {
                waiting += 1
                if waiting == count { break }
            }
            door.finish()
        }
        try await Self.withServer { _, exchange in
            try await exchange.begin(status: 200)
            arrived.yield()
            for await _ in doors {}
            try await exchange.end()
        } _: { http, url in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<count {
                    group.addTask {
                        let answer = try await http.send(ProviderHTTPRequest(url: url))
                        for try await _ in answer.body {}
                    }
                }
                try await group.waitForAll()
            }
        }
        await opening.value
    }

    @Test func nobodyListens() async throws {
        let server = try await SimulatedServer()
        let url = "http://127.0.0.1:\(server.port)"
        await server.stop()
        let http = ProviderHTTP()
        do {
            _ = try await http.send(ProviderHTTPRequest(url: url))
            Issue.record("a server that has stopped answered")
        } catch {
            guard case .unreachable = error else {
                Issue.record("\(error)")
                await http.shutdown()
                return
            }
        }
        await #expect(throws: ProviderHTTPError.self) {
            _ = try await http.send(ProviderHTTPRequest(url: "no address"))
        }
        await http.shutdown()
    }

    /// A cancelled request ends its exchange: the server hears of it.
    @Test func cancellingClosesTheExchange() async throws {
        let (ends, ended) = AsyncStream<Bool>.makeStream()
        let (heard, hears) = AsyncStream<Void>.makeStream()
        try await Self.withServer { _, exchange in
            try await exchange.begin(status: 200)
            do {
                while true {
                    try await exchange.write("token ")
                    try await Task.sleep(for: .milliseconds(5))
                }
            } catch {
                ended.yield(true)
                throw error
            }
        } _: { http, url in
            let reading = Task {
                let answer = try await http.send(ProviderHTTPRequest(url: url))
                for try await _ in answer.body {
                    hears.yield()
                    if Task.isCancelled { break }
                }
            }
            var tokens = heard.makeAsyncIterator()
            await tokens.next()
            reading.cancel()
            var iterator = ends.makeAsyncIterator()
            let wasTold = await iterator.next()
            #expect(wasTold == true)
        }
    }

    /// `.invalid` resolves to nothing, by RFC 6761 §6.4.
    @Test(arguments: [
        ("http://nowhere.invalid/v1", ProviderFailure.dns), ("http://127.0.0.1:1/v1", .refused),
    ])
    func whyThereIsNoConnectionIsTold(url: String, failure: ProviderFailure) async throws {
        let http = ProviderHTTP()
        let error = await #expect(throws: ProviderHTTPError.self) {
            _ = try await http.send(ProviderHTTPRequest(method: "GET", url: url))
        }
        await http.shutdown()
        #expect(error.map { ProviderFailure(http: $0) } == failure)
    }
}
