import Foundation
import Testing

@testable import MediaBridge

/// Conversations over `/audio`, in every encoding and both variants of its document.
@Suite(.tags(.integration), .serialized, .gateway) struct GatewayAudioTests {
    @Test(
        arguments: [
            (.linear16, false), (.linear16, true), (.muLaw, false), (.opus, true),
        ] as [(GatewayAudioCaller.Encoding, Bool)])
    func aConversation(encoding: GatewayAudioCaller.Encoding, isJSON: Bool) async throws {
        try await GatewayUnderTest.whileShared { gateway in
            let caller = try GatewayAudioCaller(gateway, encoding: encoding, isJSON: isJSON)
            let name = "\(encoding) \(isJSON)"
            let topics = ["transcript", "state", "interrupt", "event"]
            try caller.sendStart(session: name, events: topics)
            expectSession(try caller.message("session.started"), name, encoding)

            // "Good day." takes 29 whole frames of 20 ms.
            #expect(try caller.run { caller.marks.count > 1 && !caller.isPlaying })
            #expect(caller.samples == 29 * encoding.rate / 50)
            #expect(try caller.message("state", after: 0)["state"] as? String == "processing")

            // The caller's turn, then over the answer, by voice alone.
            try caller.say(frames: 15)
            let greeting = caller.audioOctets
            #expect(try caller.run { caller.audioOctets > greeting })
            let said = try caller.message("transcript", after: 1)
            #expect(said["speaker"] as? String == "user")
            #expect(said["text"] as? String == "what are your opening hours")
            #expect(said["is_final"] as? Bool == true)
            try caller.listen(frames: 10)
            try caller.say(frames: 40)
            #expect(try caller.message("clear")["epoch"] as? Int == 1)
            #expect(try caller.message("interrupt").count == 1)
            let turn = try caller.message("event")
            #expect(turn["name"] as? String == "turn_completed")
            #expect((turn["data"] as? [String: Any])?["interrupted"] as? Bool == true)

            // The next answer is silenced by a button.
            let cut = caller.audioOctets
            #expect(try caller.run { caller.audioOctets > cut })
            try caller.wire.send(text: #"{"type":"interrupt"}"#)
            #expect(try caller.message("clear", after: 1)["epoch"] as? Int == 2)
            let quiet = caller.audioOctets
            try caller.listen(frames: 15)
            #expect(caller.audioOctets == quiet)
            #expect(
                caller.messages.last { $0.type == "state" }?.members["state"] as? String == "idle")

            try caller.wire.send(text: #"{"type":"stop","reason":"user-hangup"}"#)
            #expect(try caller.waitsForEnd())
            #expect(caller.closeCode == 1_000)
            #expect(caller.violations.isEmpty)
            try expectCall(caller, gateway.events(of: gateway.callID(of: name)))
        }
    }

    @Test func controlMessages() async throws {
        try await GatewayUnderTest.whileShared { gateway in
            let caller = try GatewayAudioCaller(gateway)
            try caller.wire.send(text: #"{"type":"ping","t":1}"#)
            #expect(try caller.message("pong")["t"] as? Int == 1)
            // The bridge has no 11 025 Hz: it names what it will use instead.
            try caller.sendStart(session: "control", rate: 11_025)
            let input = try caller.message("session.started")["input"] as? [String: Any]
            #expect(input?["rate"] as? Int == 8_000)
            try caller.wire.send(text: #"{"type":"ping","t":1793702521000}"#)
            #expect(try caller.message("pong", after: 1)["t"] as? Int == 1_793_702_521_000)
            try caller.wire.send(text: ##"{"type":"dtmf","digit":"#","duration_ms":120}"##)
            try caller.wire.send(text: #"{"type":"marked","name":"nobody's","state":"played"}"#)
            try caller.wire.send(text: #"{"type":"cleared","epoch":9}"#)
            try caller.wire.send(text: #"{"type":"of the future","x":[1,2]}"#)
            try caller.wire.send(text: #"{"type":"stop"}"#)
            #expect(try caller.waitsForEnd())
            let events = try gateway.events(of: gateway.callID(of: "control"))
            #expect(events.first { $0.type == "dtmf" }?.data["digit"] as? String == "#")
            for kind in ["unknown_mark", "stale_epoch", "unknown_type"] {
                let series = GatewayUnderTest.audioFault(kind)
                #expect(try gateway.growth(of: series, since: 0, upTo: 1) == 1)
            }
        }
    }

    /// Nothing but what a client must know is told to one that asks for no events.
    @Test func silenceForThoseWhoAskForNothing() async throws {
        try await GatewayUnderTest.whileShared { gateway in
            let caller = try GatewayAudioCaller(gateway, encoding: .muLaw)
            try caller.sendStart(session: "quiet")
            #expect(try caller.run { caller.marks.count > 1 && !caller.isPlaying })
            try caller.say(frames: 15)
            let before = caller.audioOctets
            #expect(try caller.run { caller.audioOctets > before })
            #expect(Set(caller.messages.map(\.type)) == ["session.started", "mark"])
        }
    }

    private func expectSession(
        _ started: [String: Any], _ name: String, _ encoding: GatewayAudioCaller.Encoding
    ) {
        #expect(Set(started.keys) == ["type", "version", "session", "input", "output", "limits"])
        #expect(started["version"] as? Int == 1)
        #expect(started["session"] as? String == name)
        for direction in ["input", "output"] {
            let format = started[direction] as? [String: Any]
            #expect(format?["encoding"] as? String == encoding.rawValue)
            #expect(format?["rate"] as? Int == encoding.rate)
            #expect(format?["channels"] as? Int == 1)
            #expect(format?["ptime"] as? Int == 20)
        }
        #expect(
            started["limits"] as? [String: Int]
                == ["max_message_bytes": 65_536, "max_lead_ms": 400, "idle_timeout_ms": 30_000])
    }

    private func expectCall(_ caller: GatewayAudioCaller, _ events: [GatewayEvent]) throws {
        #expect(events.first?.data["carrier"] as? String == "audio")
        #expect(events.first?.data["from"] as? String == "+447700900123")
        #expect(events.count { $0.type == "turn_completed" } == 2)
        #expect(events.count { $0.type == "interruption" } == 2)
        #expect(!events.contains { $0.type == "error" })
        let quality = try #require(events.first { $0.type == "quality" }?.data)
        #expect(quality["messages_rejected"] as? Int == 0)
        // A resampler keeps less than a frame back.
        let frames = try #require(quality["frames_received"] as? Int)
        #expect((caller.framesSent - 1...caller.framesSent).contains(frames))
        #expect(events.last?.data["reason"] as? String == "caller_hung_up")
    }
}
