import Foundation
import Records
import Testing

@testable import MediaBridge

/// Live calls steered through the control API; integration tests over real sockets.
@Suite(.tags(.integration), .serialized) struct GatewaySteeringTests {
    @Test func aCallIsSteeredAndRemembersIt() async throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "steering-\(UUID().uuidString)", directoryHint: .isDirectory)
        defer { try? FileManager.default.removeItem(at: directory) }
        let database = directory.appending(path: "mediabridge.sqlite").path(percentEncoded: false)
        var id = ""
        try await GatewayUnderTest.run(settings: ["database": database]) { gateway in
            let caller = try GatewayTwilioCaller.greeted(gateway)
            id = try gateway.callID(of: caller.callSID)
            let path = "/api/v1/calls/\(id)"

            let said = try gateway.post(
                path + "/inject", #"{"message":"A colleague is coming.","type":"say"}"#)
            #expect(said["state"] as? String == "speaking")
            #expect(try #require(said["seconds_from_start"] as? Double) > 0)
            #expect(said["took_effect_at"] as? String != nil)
            #expect(try caller.hearsTheAnswer())

            let added = try gateway.post(path + "/context", #"{"context":"The caller is a VIP."}"#)
            #expect(added["state"] as? String == "added")

            let unknown = try gateway.request(
                "POST", path + "/agent", #"{"engines":{"agent":"nobody"}}"#)
            #expect(unknown.status == 409 && unknown.body.contains("there are: "))

            let octets = caller.audioOctets
            let sending = try gateway.post(path + "/dtmf", #"{"digits":"5#"}"#)
            #expect(sending["state"] as? String == "sending")
            #expect(try caller.hearsTheAnswer())
            #expect(caller.audioOctets - octets == 2 * 1_600)

            // By the carrier's id and Vapi's path: the caller is heard and not answered.
            let vapi = "/api/v1/vapi/call/\(caller.callSID)"
            #expect(try gateway.post(vapi + "/mute")["state"] as? String == "muted")
            #expect(
                try gateway.request(
                    "POST", path + "/inject", #"{"message":"x","type":"say"}"#
                ).status == 409)
            let before = caller.audioOctets
            try caller.say(frames: 15)
            try caller.listen(frames: 100)
            #expect(caller.audioOctets == before)
            #expect(try gateway.post(vapi + "/unmute")["state"] as? String == "unmuted")
            #expect(try caller.asksAndIsAnswered())

            #expect(try gateway.post(vapi + "/end")["state"] as? String == "ended")
            #expect(try caller.waitsForEnd())
            let events = try gateway.events(of: id)
            let words = events.filter { $0.type == "agent_speech" }.map {
                $0.data["text"] as? String
            }
            #expect(words.contains("A colleague is coming."))
            #expect(try gateway.request("POST", path + "/mute").status == 409)
        }
        // What was refused is no intervention.
        let store = try SQLiteStore(.init(.file(database)))
        #expect(try await store.call(id)?.interventionCount == 6)
        try await store.close()
    }

    @Test func aTransferClosesTheStream() async throws {
        try await GatewayUnderTest.run { gateway in
            let caller = try GatewayTwilioCaller.greeted(gateway)
            let id = try gateway.callID(of: caller.callSID)
            let answer = try gateway.post(
                "/api/v1/calls/\(id)/transfer", #"{"to":"+15005550006","department":"sales"}"#)
            #expect(answer["state"] as? String == "transferred")
            #expect(try caller.waitsForEnd())
            let events = try gateway.events(of: id)
            let transfer = try #require(events.first { $0.type == "transfer_requested" })
            #expect(transfer.data["to"] as? String == "+15005550006")
            #expect(transfer.data["department"] as? String == "sales")
            #expect(events.last?.data["reason"] as? String == "transferred")
        }
    }
}

extension GatewayUnderTest {
    /// A request with a body.
    func request(
        _ method: String, _ target: String, _ body: String
    ) throws -> (status: Int, body: String) {
        let client = try WireClient(port: ports.api)
        let lines = [
            "\(method) \(target) HTTP/1.1", "Host: localhost", "Connection: close",
            "Content-Length: \(body.utf8.count)",
        ]
        try client.send(raw: Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
        let head = try client.readHead(within: .seconds(40))
        let text = String(decoding: try client.readToEnd(), as: UTF8.self)
        return (Int(head[0].dropFirst(9).prefix(3)) ?? 0, text)
    }

    /// The answer of a request that succeeds.
    func post(_ target: String, _ body: String = "") throws -> [String: Any] {
        let answer = try request("POST", target, body)
        try #require(answer.status == 200, "POST \(target) → \(answer)")
        return try jsonObject(answer.body)
    }
}
