import Foundation
import Testing

@testable import MediaBridge

/// Live events over WebSocket; integration tests over real sockets.
@Suite(.tags(.integration), .serialized) struct GatewayLiveTests {
    /// What is followed is what the journal has, each event once and in order.
    @Test func aCallIsFollowedFromItsBeginningToItsEnd() async throws {
        try await GatewayUnderTest.run { gateway in
            let all = try LiveFollower(gateway)
            #expect((try all.snapshot()["calls"] as? [Any])?.isEmpty == true)
            let caller = try GatewayTwilioCaller.greeted(gateway)
            let id = try gateway.callID(of: caller.callSID)
            // Whoever comes later sees the call whole, by the carrier's name too.
            let one = try LiveFollower(gateway, "/ws/events?call=\(caller.callSID)")
            let snapshot = try one.snapshot()
            let calls = try #require(snapshot["calls"] as? [[String: Any]])
            #expect(calls.map { $0["id"] as? String } == [id])
            let conversation = try LiveFollower(gateway, "/ws/events?conversation=\(id)")
            #expect((try conversation.snapshot()["calls"] as? [Any])?.count == 1)
            #expect(try caller.asksAndIsAnswered())
            _ = try gateway.post("/api/v1/calls/\(id)/end")
            #expect(try caller.waitsForEnd())

            let journal = try gateway.events(of: id)
            for follower in [all, one, conversation] {
                let events = try follower.events { $0["type"] as? String == "call_ended" }
                #expect(events.map { $0["seq"] as? Int } == journal.map(\.seq))
                #expect(events.map { $0["type"] as? String } == journal.map(\.type))
                #expect(events.allSatisfy { $0["conversation_id"] as? String == id })
                #expect(
                    Set(events[0].keys) == [
                        "id", "call_id", "seq", "type", "time", "seconds_from_start", "data",
                        "position", "conversation_id",
                    ])
            }
        }
    }

    /// A connection that broke is taken up where it was, by position or by `seq`.
    @Test func whatWasMissedComesOnce() async throws {
        try await GatewayUnderTest.run { gateway in
            let caller = try GatewayTwilioCaller.greeted(gateway)
            let id = try gateway.callID(of: caller.callSID)
            var first = try LiveFollower(gateway, "/ws/events?call=\(id)") as LiveFollower?
            _ = try first?.snapshot()
            let seen = try #require(
                try first?.events { $0["type"] as? String == "agent_speech" })
            first?.wire.vanish()
            first = nil
            #expect(try caller.asksAndIsAnswered())
            let position = try #require(seen.last?["position"] as? Int)
            let seq = try #require(seen.last?["seq"] as? Int)
            let byPosition = try LiveFollower(gateway, "/ws/events?after=\(position)")
            let bySeq = try LiveFollower(gateway, "/ws/events?call=\(id)&after_seq=\(seq)")
            _ = try gateway.post("/api/v1/calls/\(id)/end")
            #expect(try caller.waitsForEnd())
            let journal = try gateway.events(of: id)
            for follower in [byPosition, bySeq] {
                _ = try follower.snapshot()
                let rest = try follower.events { $0["type"] as? String == "call_ended" }
                let seqs = (seen + rest).compactMap { $0["seq"] as? Int }
                #expect(seqs == journal.map(\.seq))
            }
        }
    }

    @Test func figuresComeOnceASecond() async throws {
        let key = "a-key-that-tests-know-well"
        try await GatewayUnderTest.run(environment: ["MEDIABRIDGE_ADMIN_KEY": key]) { gateway in
            #expect(throws: (any Error).self) {
                try LiveFollower(
                    gateway, "/ws/metrics",
                    headers: ["Sec-WebSocket-Protocol: mediabridge, bearer.another-key"])
            }
            _ = try LiveFollower(gateway, "/ws/metrics?token=\(key)").message()
            let follower = try LiveFollower(
                gateway, "/ws/metrics",
                headers: ["Sec-WebSocket-Protocol: mediabridge, bearer.\(key)"])
            #expect(follower.head.contains("Sec-WebSocket-Protocol: mediabridge"))
            let first = try follower.message()
            #expect(first["type"] as? String == "metrics")
            let values = try #require(first["values"] as? [String: Any])
            #expect(values["mediabridge_calls"] as? Int == 0)
            #expect(first["histograms"] is [String: Any])
            let start = ContinuousClock.now
            _ = try follower.message()
            _ = try follower.message()
            #expect(start.duration(to: .now) > .milliseconds(1_500))
        }
    }

    /// A subscriber that reads nothing costs the others nothing, and the gateway its end.
    @Test func theGatewaysEndIsTold() async throws {
        var followers: [LiveFollower] = []
        try await GatewayUnderTest.run { gateway in
            followers = [try LiveFollower(gateway), try LiveFollower(gateway, "/ws/metrics")]
            _ = try followers[0].snapshot()
            _ = try followers[1].message()
        }
        for follower in followers {
            #expect(try follower.wire.closeCode() == 1_001)
        }
    }

    @Test func onlyOurOwnPagesAndWebSocketsAreServed() async throws {
        try await GatewayUnderTest.run { gateway in
            #expect(try gateway.request("GET", "/ws/events").status == 426)
            for (path, headers, status) in [
                ("/ws/events", ["Origin: http://evil.example"], 403),
                ("/ws/none", [], 404),
                ("/ws/events?after=x", [], 400), ("/ws/events?after_seq=1", [], 400),
                ("/ws/events?call=a&conversation=b", [], 400), ("/ws/events?from=then", [], 400),
            ] {
                let error = #expect(throws: WireError.self) {
                    try LiveFollower(gateway, path, headers: headers)
                }
                guard case .refused(let line) = error else {
                    Issue.record("\(path): \(String(describing: error))")
                    continue
                }
                #expect(line.hasPrefix("HTTP/1.1 \(status) "), "\(path)")
            }
            // The page the gateway itself serves, and a ping.
            let follower = try LiveFollower(gateway, headers: ["Origin: http://localhost"])
            _ = try follower.snapshot()
            try follower.wire.send(raw: follower.wire.frame(Array("hi".utf8), opcode: 9))
            let pong = try #require(
                try follower.wire.nextFrame(before: .now.advanced(by: .seconds(8))))
            #expect(pong == WireClient.Frame(opcode: 10, payload: Array("hi".utf8)))
            try follower.wire.send(closeCode: 1_000)
            #expect(try follower.wire.closeCode() == 1_000)
        }
    }

    /// What no client may send ends the connection, and only that.
    @Test func badFramesEndTheConnection() async throws {
        try await GatewayUnderTest.run { gateway in
            for octets: [UInt8] in [[0x83, 0x80, 0, 0, 0, 0], [0xF1, 0x80, 0, 0, 0, 0]] {
                let follower = try LiveFollower(gateway)
                _ = try follower.snapshot()
                try follower.wire.send(raw: octets)
                #expect(try follower.wire.closeCode() == 1_002)
            }
            let follower = try LiveFollower(gateway)
            _ = try follower.snapshot()
            try follower.wire.send(text: String(repeating: "x", count: 20_000))
            #expect(try follower.wire.closeCode() == 1_009)
            #expect(try gateway.request("GET", "/healthz").status == 200)
        }
    }
}
