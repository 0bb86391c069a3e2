import Pipeline
import Synchronization
import Testing

@testable import MediaBridge

/// Engines' sockets over a real loop, which calls its own listening port.
@Suite(.tags(.integration)) struct EngineSocketTests {
    /// What one socket was told, in order.
    private final class Told: Sendable {
        private let events = Mutex<[EngineSocketEvent]>([])

        var all: [EngineSocketEvent] { events.withLock { $0 } }
        func append(_ event: EngineSocketEvent) { events.withLock { $0.append(event) } }

        /// All there is once the socket has ended; after ten seconds what there is by then.
        func untilEnd() async -> [EngineSocketEvent] {
            await until { if case .ended = $0.last { true } else { false } }
        }

        func until(_ isEnough: ([EngineSocketEvent]) -> Bool) async -> [EngineSocketEvent] {
            let clock = ContinuousClock()
            let deadline = clock.now.advanced(by: .seconds(10))
            while clock.now < deadline, !isEnough(all) {
                try? await Task.sleep(for: .milliseconds(5))
            }
            return all
        }
    }

    private static func connector(of loop: LoopUnderTest) async -> LoopConnector {
        await withCheckedContinuation { continuation in
            loop.loop.poster.post(.connector { continuation.resume(returning: $0) })
        }
    }

    private static func endpoint(_ loop: LoopUnderTest, _ path: String) -> EngineEndpoint {
        EngineEndpoint(
            url: "ws://127.0.0.1:\(loop.port)\(path)",
            headers: [("X-Twilio-Signature", "c2lnbmF0dXJl")])
    }

    @Test func whatIsSentBeforeItIsOpenComesInOrder() async throws {
        let loop = try LoopUnderTest()
        let told = Told()
        let socket = await Self.connector(of: loop).connect(
            to: Self.endpoint(loop, "/twilio?token=1")
        ) { told.append($0) }
        socket.send(text: "one")
        socket.send(binary: [1, 2, 3].span)
        socket.send(text: "bye")
        #expect(
            await told.untilEnd() == [
                .opened, .text(Array("one".utf8)), .binary([1, 2, 3]),
                .ended(.peerClosed(code: 1_000)),
            ])
        let accepted = loop.journal.all.compactMap { entry in
            if case .accepted(let request) = entry { request } else { nil }
        }
        #expect(accepted.map(\.query) == [["token=1"]])
        #expect(accepted.map(\.twilioSignature) == ["c2lnbmF0dXJl"])
        _ = await loop.figures()
    }

    @Test func theLoopItselfNeedsNoPost() async throws {
        let loop = try LoopUnderTest()
        let told = Told()
        let endpoint = Self.endpoint(loop, "/twilio")
        loop.loop.poster.post(
            .connector { connector in
                let socket = connector.connect(to: endpoint) { told.append($0) }
                socket.send(binary: [7].span)
                socket.send(text: "bye")
            })
        #expect(
            await told.untilEnd() == [.opened, .binary([7]), .ended(.peerClosed(code: 1_000))])
        _ = await loop.figures()
    }

    @Test func closingEndsIt() async throws {
        let loop = try LoopUnderTest()
        let (told, early) = (Told(), Told())
        let connector = await Self.connector(of: loop)
        let socket = connector.connect(to: Self.endpoint(loop, "/twilio")) { told.append($0) }
        _ = await told.until { $0 == [.opened] }
        socket.close()
        #expect(await told.untilEnd() == [.opened, .ended(.closedHere)])
        let unwanted = connector.connect(to: Self.endpoint(loop, "/twilio")) { early.append($0) }
        unwanted.close()
        #expect(await early.untilEnd().last == .ended(.closedHere))
        _ = await loop.figures()
    }

    @Test func whatGoesWrongIsTold() async throws {
        let loop = try LoopUnderTest()
        let connector = await Self.connector(of: loop)
        let (refused, nobody, nonsense) = (Told(), Told(), Told())
        _ = connector.connect(to: Self.endpoint(loop, "/unknown")) { refused.append($0) }
        _ = connector.connect(to: EngineEndpoint(url: "ws://127.0.0.1:1/")) { nobody.append($0) }
        _ = connector.connect(to: EngineEndpoint(url: "ftp://127.0.0.1/")) { nonsense.append($0) }
        #expect(await refused.untilEnd() == [.ended(.refused(status: 404))])
        guard case .ended(.unreachable) = await nobody.untilEnd().last else {
            Issue.record("nobody listens on port 1: \(nobody.all)")
            return
        }
        guard case .ended(.impossible) = await nonsense.untilEnd().last else {
            Issue.record("ftp is no WebSocket: \(nonsense.all)")
            return
        }
        _ = await loop.figures()
    }

    @Test func aLoopThatHasEndedRefuses() async throws {
        let loop = try LoopUnderTest()
        let connector = await Self.connector(of: loop)
        _ = await loop.figures()
        let told = Told()
        _ = connector.connect(to: Self.endpoint(loop, "/twilio")) { told.append($0) }
        guard case .ended(.impossible) = told.all.last else {
            Issue.record("an ended loop took an order: \(told.all)")
            return
        }
    }
}
