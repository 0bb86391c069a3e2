import ControlAPI
import Foundation
import Testing

@testable import MediaBridge

/// A live call as the control API shows and steers it, and the ends of a gateway's life.
@Suite(.tags(.integration), .serialized) struct GatewayControlTests {
    @Test func aTakenPortIsToldAndHarmsNobody() async throws {
        try await GatewayUnderTest.run { first in
            let port = first.ports.api
            var second = Gateway(
                configuration: try await GatewayUnderTest.configuration(["apiPort": "\(port)"]),
                logger: GatewayUnderTest.quiet)
            second.shutdownSignals = []
            let gateway = second
            let error = await #expect(throws: ControlServerError.self) { try await gateway.run() }
            #expect(error?.description.contains("MEDIABRIDGE_API_PORT") == true)
            #expect(try first.request("GET", "/healthz").status == 200)
        }
    }

    @Test func aLiveCallIsShownFollowedAndEnded() async throws {
        try await GatewayUnderTest.run { gateway in
            let caller = try GatewayTwilioCaller.greeted(gateway)
            let id = try gateway.callID(of: caller.callSID)
            let path = "/api/v1/calls/\(id)"
            let call = try gateway.object(path)
            #expect(call["status"] as? String == "live")
            #expect(call["carrier"] as? String == "twilio")
            #expect(call["carrier_call_id"] as? String == caller.callSID)
            #expect((call["turns"] as? [Any])?.isEmpty == true)
            #expect(try gateway.metric("mediabridge_calls") == 1)

            // A question for events that have not happened yet is answered when they do.
            let page = try gateway.object(path + "/events")
            let after = try #require(page["next"] as? Int)
            #expect(page["ended"] as? Bool == false)
            let poll = try WireClient(port: gateway.ports.api)
            let target = "\(path)/events?after=\(after)&wait_ms=20000"
            try poll.send(
                raw: Array(
                    "GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8))
            try caller.listen(frames: 10)
            try caller.sendDTMF("7")
            #expect(try poll.readHead()[0].hasPrefix("HTTP/1.1 200"))
            let news = try jsonObject(String(decoding: poll.readToEnd(), as: UTF8.self))
            let event = try #require((news["events"] as? [[String: Any]])?.first)
            #expect(event["seq"] as? Int == after + 1)
            #expect(event["type"] as? String == "dtmf")

            #expect(try caller.asksAndIsAnswered())
            let ended = try gateway.object(path + "/end", "POST")
            #expect(ended["call_id"] as? String == id)
            #expect(ended["state"] as? String == "ended")
            let octets = caller.audioOctets
            #expect(try caller.waitsForEnd())
            #expect(caller.closeCode == 1_000)
            // What was on its way when the call ended, at most the lead.
            #expect(caller.audioOctets - octets <= 3_200)
            let events = try gateway.events(of: id)
            #expect(events.last?.data["reason"] as? String == "agent_hung_up")
            #expect(try gateway.object(path)["status"] as? String == "ended")
            #expect(try gateway.request("POST", path + "/end").status == 409)
            #expect(try gateway.request("POST", "/api/v1/calls/none/end").status == 404)
            #expect(try gateway.metric("mediabridge_calls") == 0)
            #expect(try gateway.metric("mediabridge_turn_bridge_milliseconds_count") == 1)
        }
    }

    @Test func overTheLimitIsRefusedAndTheAdmittedGoOn() async throws {
        try await GatewayUnderTest.run(settings: ["maxCalls": "2"]) { gateway in
            let first = try GatewayTwilioCaller.greeted(gateway)
            let second = try GatewayTwilioCaller.greeted(gateway)
            for path in ["/twilio", "/audio"] {
                let third = try WireClient(port: gateway.ports.media)
                #expect(throws: WireError.refused("HTTP/1.1 503 Service Unavailable")) {
                    try third.upgrade(path: path)
                }
                #expect(try third.readToEnd().isEmpty)
            }
            let series = GatewayUnderTest.edge("callsRefused")
            #expect(try gateway.growth(of: series, since: 0, upTo: 2) == 2)
            #expect(try first.asksAndIsAnswered())
            #expect(try second.asksAndIsAnswered())
            try first.expectsUnharmed(gateway)
            // The place that is free is given away again.
            let fourth = try GatewayTwilioCaller.greeted(gateway)
            #expect(try fourth.asksAndIsAnswered())
            try second.expectsUnharmed(gateway)
        }
    }

    /// As on SIGTERM: no new calls, one call ends by itself, one is ended, all is on record.
    @Test func aDrainEndsInTime() async throws {
        let journal = FileManager.default.temporaryDirectory
            .appending(path: "gateway-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: journal) }
        let settings = ["journalDirectory": journal.path(percentEncoded: false)]
        var ids: [String] = []
        try await GatewayUnderTest.run(settings: settings) { gateway in
            let polite = try GatewayTwilioCaller.greeted(gateway)
            let endless = try GatewayTwilioCaller.greeted(gateway)
            let idle = try GatewayTwilioCaller(gateway)
            ids = [try gateway.callID(of: polite.callSID), try gateway.callID(of: endless.callSID)]
            #expect(try gateway.request("GET", "/readyz").status == 200)

            await gateway.beginDrain()
            let begin = ContinuousClock.now
            // Whoever has no call yet is sent away first: that is how the drain shows.
            #expect(try idle.wire.closeCode() == 1_001)
            #expect(throws: WireError.self) {
                let late = try WireClient(port: gateway.ports.media)
                try late.upgrade(path: "/twilio")
            }
            #expect(try gateway.request("GET", "/readyz").status == 503)
            #expect(try polite.asksAndIsAnswered(), "a live call goes on")
            try polite.sendStop()
            #expect(try polite.waitsForEnd())
            #expect(polite.closeCode == 1_000)
            #expect(try endless.waitsForEnd())
            #expect(endless.closeCode == 1_000)
            let took = begin.duration(to: .now)
            // The limit is 2 s; half a second of it is for the close handshakes.
            #expect((.milliseconds(1_400) ... .milliseconds(2_300)).contains(took))
        }
        try #require(ids.count == 2)
        #expect(try lastReason(of: ids[0], in: journal) == "caller_hung_up")
        #expect(try lastReason(of: ids[1], in: journal) == "drained")
    }

    /// The reason in the last line of a call's file, whose lines count up without a gap.
    private func lastReason(of id: String, in directory: URL) throws -> String? {
        let text = try String(
            contentsOf: directory.appending(path: id + ".jsonl"), encoding: .utf8)
        let events = try text.split(separator: "\n").map {
            try GatewayEvent(jsonObject(String($0)))
        }
        #expect(events.map(\.seq) == Array(1...max(1, events.count)))
        #expect(events.last?.type == "call_ended")
        return events.last?.data["reason"] as? String
    }
}
