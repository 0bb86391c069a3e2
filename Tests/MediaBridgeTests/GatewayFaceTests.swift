import Foundation
import ProviderSimulators
import Testing

@testable import MediaBridge

/// Whole calls over `/audio` whose answers an avatar speaks.
@Suite(.tags(.integration), .timeLimit(.minutes(2))) struct GatewayFaceTests {
    /// The instant model's answer, as it is cut.
    private static let sentences = [
        "We are open from nine to five.",
        "Every day of the week, and on Sunday we are closed.",
    ]
    private static let answer = sentences.joined(separator: " ")

    @Test func theAnswerIsSpokenByTheFaceAndTheSessionIsStopped() async throws {
        let server = try await SimulatedHeyGen(perCharacter: .milliseconds(8))
        var events: [GatewayEvent] = []
        try await Self.run(server) { gateway in
            let caller = try Self.greeted(gateway, "face")
            let room = try caller.message("avatar")
            #expect(
                room as? [String: String] == [
                    "type": "avatar", "state": "ready", "url": "wss://room.example.test",
                    "access_token": "viewer-1",
                ])
            let before = caller.audioOctets
            try caller.say(frames: 15)
            let turn = try Self.turn(caller)
            #expect(turn["heard"] as? String == Self.answer)
            #expect(turn["interrupted"] as? Bool == false)
            #expect(try #require(turn["total_latency_ms"] as? Double) > 0)
            #expect(server.calls.compactMap(\.text) == Self.sentences)
            #expect(caller.audioOctets == before)
            #expect(Self.said(caller) == ["Good day."] + Self.sentences)
            events = try Self.hangUp(caller, gateway, "face")
        }
        #expect(!"\(events)".contains("viewer-1"))
        #expect(!events.contains { $0.type == "error" })
        #expect(server.calls.last?.name == "stop")
        #expect(server.liveSessions == 0)
        await server.stop()
    }

    @Test func theCallerInterruptsTheFace() async throws {
        let server = try await SimulatedHeyGen(perCharacter: .milliseconds(100))
        try await Self.run(server) { gateway in
            let caller = try Self.greeted(gateway, "barge-in")
            _ = try caller.message("avatar")
            try caller.say(frames: 15)
            #expect(try caller.run { server.calls.contains { $0.text == Self.sentences[0] } })
            try caller.listen(frames: 45)
            try caller.say(frames: 45)
            #expect(try caller.message("interrupt").count == 1)
            let turn = try Self.turn(caller)
            let heard = try #require(turn["heard"] as? String)
            #expect(turn["interrupted"] as? Bool == true)
            #expect(!heard.isEmpty && heard != Self.sentences[0])
            #expect(Self.sentences[0].hasPrefix(heard))
            // The next answer waits until the provider has silenced the face.
            #expect(try caller.run { server.calls.compactMap(\.text).count == 2 })
            let names = server.calls.map(\.name).filter { $0 == "task" || $0 == "interrupt" }
            #expect(names == ["task", "interrupt", "task"])
            #expect(caller.clearCount == 0)
            _ = try Self.hangUp(caller, gateway, "barge-in")
        }
        #expect(server.liveSessions == 0)
        await server.stop()
    }

    /// Refused, or its session over: either way the voice says what the face did not.
    @Test(arguments: [SimulatedHeyGen.Fault.refuse(status: 500), .sessionEnds])
    func theVoiceGoesOnWhereTheFaceIsLost(fault: SimulatedHeyGen.Fault) async throws {
        let server = try await SimulatedHeyGen(
            perCharacter: .milliseconds(8),
            fault: { name, number in name == "task" && number == 1 ? fault : nil })
        try await Self.run(server) { gateway in
            let caller = try Self.greeted(gateway, "lost")
            _ = try caller.message("avatar")
            let before = caller.samples
            try caller.say(frames: 15)
            let turn = try Self.turn(caller)
            #expect(turn["heard"] as? String == Self.answer)
            #expect(try caller.message("avatar", after: 1)["state"] as? String == "gone")
            #expect(server.calls.compactMap(\.text) == Self.sentences)
            // The instant voice takes 65 ms for a character; whole frames of 320 samples.
            #expect(caller.samples - before == Self.sentences[1].count * 65 / 20 * 320)
            #expect(Self.said(caller) == ["Good day."] + Self.sentences)
            let events = try Self.hangUp(caller, gateway, "lost")
            let errors = events.filter { $0.type == "error" }
            #expect(errors.map { $0.data["stage"] as? String } == ["avatar"])
        }
        #expect(server.liveSessions == 0)
        await server.stop()
    }

    @Test func aGatewayWithoutAFaceSaysSoAndSpeaks() async throws {
        try await GatewayUnderTest.run { gateway in
            let caller = try Self.greeted(gateway, "none")
            #expect(
                try caller.message("avatar") as? [String: String]
                    == ["type": "avatar", "state": "gone"])
            _ = try Self.hangUp(caller, gateway, "none")
        }
    }

    private static func run(
        _ server: SimulatedHeyGen, _ body: (GatewayUnderTest) async throws -> Void
    ) async throws {
        try await GatewayUnderTest.run(
            yaml: "heygen:\n  baseURL: \(server.url)\n  model: face\n",
            environment: ["HEYGEN_API_KEY": "key"], body)
    }

    /// A caller who has heard the greeting, which is the voice's.
    private static func greeted(
        _ gateway: GatewayUnderTest, _ name: String
    ) throws -> GatewayAudioCaller {
        let caller = try GatewayAudioCaller(gateway)
        try caller.sendStart(
            session: name, events: ["transcript", "state", "interrupt", "event"], avatar: true)
        // "Good day." takes 29 whole frames of 320 samples.
        let isGreeted = try caller.run { caller.samples == 29 * 320 && !caller.isPlaying }
        try #require(isGreeted, "no greeting")
        let isIdle = try caller.run {
            caller.messages.last { $0.type == "state" }?.members["state"] as? String == "idle"
        }
        #expect(isIdle, "the end of the greeting is told")
        return caller
    }

    private static func turn(_ caller: GatewayAudioCaller) throws -> [String: Any] {
        func turns() -> [[String: Any]] {
            caller.messages.filter { $0.members["name"] as? String == "turn_completed" }
                .compactMap { $0.members["data"] as? [String: Any] }
        }
        try caller.run { !turns().isEmpty }
        return try #require(turns().first, "no turn was completed")
    }

    /// What the agent said, by its transcript.
    private static func said(_ caller: GatewayAudioCaller) -> [String] {
        caller.messages.filter { $0.members["speaker"] as? String == "ai" }
            .compactMap { $0.members["text"] as? String }
    }

    private static func hangUp(
        _ caller: GatewayAudioCaller, _ gateway: GatewayUnderTest, _ name: String
    ) throws -> [GatewayEvent] {
        try caller.wire.send(text: #"{"type":"stop","reason":"user-hangup"}"#)
        #expect(try caller.waitsForEnd())
        #expect(caller.violations.isEmpty)
        return try gateway.events(of: try gateway.callID(of: name))
    }
}
