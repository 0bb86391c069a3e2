import Foundation
import ProviderSimulators
import Testing

@testable import MediaBridge

/// Whole calls that a speech-to-speech agent leads: a gateway, a caller on Twilio's socket and the
/// providers' simulators, for integration tests over real sockets.
@Suite(.tags(.integration), .serialized) struct SpeechAgentCallTests {
    enum Provider: String, CaseIterable, Sendable { case elevenlabs, openai }

    private static let tool = (
        id: "call_1", name: "order_status", arguments: #"{"order_number":"4711"}"#
    )
    private static let greeting = SimulatedAgentScript.Answer("Good morning how can I help")
    private static let long = SimulatedAgentScript.Answer(
        "We are open every day from nine in the morning until seven in the evening and on "
            + "Saturdays until two in the afternoon")

    /// A call over one of the simulators.
    ///
    /// - Returns: what the call's journal and the provider's log hold.
    private static func call(
        _ provider: Provider, _ script: SimulatedAgentScript, key: String = "test-key",
        settings: [String: String] = [:], _ body: (GatewayTwilioCaller) throws -> Void
    ) async throws -> (events: [GatewayEvent], log: SimulatedAgentLog.State) {
        try await steeredCall(provider, script, key: key, settings: settings) { caller, _ in
            try body(caller)
        }
    }

    /// The same, with the gateway at hand.
    private static func steeredCall(
        _ provider: Provider, _ script: SimulatedAgentScript, key: String = "test-key",
        settings: [String: String] = [:],
        _ body: (GatewayTwilioCaller, GatewayUnderTest) throws -> Void
    ) async throws -> (events: [GatewayEvent], log: SimulatedAgentLog.State) {
        let url: String
        let log: SimulatedAgentLog
        let stop: () async -> Void
        switch provider {
        case .elevenlabs:
            let server = try await SimulatedElevenLabsAgent(script)
            (url, log, stop) = (server.url, server.log, { await server.stop() })
        case .openai:
            let server = try await SimulatedRealtime(script)
            (url, log, stop) = (server.url, server.log, { await server.stop() })
        }
        let id = provider == .elevenlabs ? "\n    id: agent_1" : ""
        let all = [
            // Mappings, as the file has them.
            "speechAgent: \(provider.rawValue)\n\(provider.rawValue):\n  agent:\(id)\n    baseURL":
                url
        ].merging(settings) { $1 }
        var events: [GatewayEvent] = []
        try await GatewayUnderTest.run(
            settings: all, environment: ["\(provider.rawValue.uppercased())_API_KEY": key]
        ) { gateway in
            let caller = try GatewayTwilioCaller(gateway)
            try caller.sendStart(parameters: #"{"from":"+573001234567","to":"+5716012345"}"#)
            try body(caller, gateway)
            if !caller.isOver { try? caller.sendStop() }
            #expect(try caller.waitsForEnd())
            #expect(caller.violations == [])
            events = try gateway.events(of: try gateway.callID(of: caller.callSID))
        }
        await stop()
        return (events, log.all)
    }

    private static func texts(_ events: [GatewayEvent], _ type: String, _ field: String) -> [String]
    {
        events.filter { $0.type == type }.compactMap { $0.data[field] as? String }
    }

    private static func messages(_ log: SimulatedAgentLog.State, _ type: String) -> [[String: Any]]
    {
        log.messages.compactMap { try? jsonObject($0) }.filter { $0["type"] as? String == type }
    }

    // MARK: What goes well

    @Test(arguments: Provider.allCases) func aCallFromGreetingToGoodbye(
        _ provider: Provider
    ) async throws {
        let script = SimulatedAgentScript(
            [Self.greeting, .init("Your order is ready", tool: Self.tool)],
            words: ["where is my order"])
        let (events, log) = try await Self.call(provider, script) { caller in
            #expect(try caller.hearsTheAnswer(), "the greeting")
            #expect(caller.audioOctets == Self.octets(of: Self.greeting.text))
            try caller.say(frames: 30)
            #expect(try caller.hearsTheAnswer(), "the answer")
            try caller.listen(frames: 80)
        }
        #expect(
            Self.texts(events, "agent_speech", "text").joined(separator: " ")
                == "Good morning how can I help Your order is ready")
        #expect(
            events.filter { $0.type == "transcript" && $0.data["is_final"] as? Bool == true }
                .compactMap { $0.data["text"] as? String } == ["where is my order"])
        let turn = try #require(events.first { $0.type == "turn_completed" }).data
        #expect(turn["user"] as? String == "where is my order")
        #expect(turn["agent"] as? String == "Your order is ready")
        #expect(turn["heard"] as? String == "Your order is ready")
        #expect(turn["interrupted"] as? Bool == false)
        let total = try #require(turn["total_latency_ms"] as? Double)
        // The simulator's own silence of 240 ms ends the turn.
        #expect(total > 200 && total < 2_000)
        #expect(try #require(turn["bridge_ms"] as? Double) < 100)
        #expect(Self.texts(events, "tool_call", "name") == ["order_status"])
        #expect(Self.texts(events, "tool_result", "id") == ["call_1"])
        #expect(!events.contains { $0.type == "error" || $0.type == "provider_failover" })
        #expect(events.last?.type == "call_ended")
        switch provider {
        case .elevenlabs:
            let result = try #require(Self.messages(log, "client_tool_result").first)
            #expect(result["tool_call_id"] as? String == "call_1")
            #expect(Self.messages(log, "pong").first?["event_id"] as? Int == 77)
            let opening = try jsonObject(log.messages[0])
            #expect(opening["type"] as? String == "conversation_initiation_client_data")
            let variables = try #require(opening["dynamic_variables"] as? [String: Any])
            #expect(variables["caller_number"] as? String == "+573001234567")
            #expect(opening["conversation_config_override"] == nil)
        case .openai:
            let items = Self.messages(log, "conversation.item.create")
            let item = try #require(items.first?["item"] as? [String: Any])
            #expect(item["type"] as? String == "function_call_output")
            #expect(item["call_id"] as? String == "call_1")
            let usage = try #require(events.last?.data["usage"] as? [[String: Any]])
            #expect(usage.contains { $0["stage"] as? String == "agent" })
        }
        // 400 ms of silence at least were sent as they came.
        #expect(log.audio.count > 8 * 400)
        #expect(log.audio.allSatisfy { [0xFF, 0x90, 0x10].contains($0) })
    }

    @Test(arguments: Provider.allCases) func anOperatorHandsTheCallOver(
        _ provider: Provider
    ) async throws {
        let script = SimulatedAgentScript([Self.greeting], words: [])
        let (events, log) = try await Self.steeredCall(provider, script) { caller, gateway in
            #expect(try caller.hearsTheAnswer(), "the greeting")
            let path = "/api/v1/calls/\(try gateway.callID(of: caller.callSID))"
            let said = try gateway.request(
                "POST", path + "/inject", #"{"type":"say","message":"hello"}"#)
            #expect(said.status == 409)
            _ = try gateway.post(path + "/context", #"{"context":"The bill is paid."}"#)
            let handed = try gateway.post(
                path + "/transfer", #"{"to":"+15005550006","department":"sales"}"#)
            #expect(handed["state"] as? String == "transferred")
        }
        #expect(log.messages.contains { $0.contains("The bill is paid.") })
        let asked = try #require(events.first { $0.type == "transfer_requested" }).data
        #expect(asked["to"] as? String == "+15005550006")
        #expect(asked["department"] as? String == "sales")
        #expect(events.last?.data["reason"] as? String == "transferred")
    }

    @Test(arguments: Provider.allCases) func theCallerInterrupts(_ provider: Provider) async throws
    {
        let script = SimulatedAgentScript(
            [Self.greeting, Self.long, .init("All right")],
            words: ["when are you open", "stop please"])
        let (events, log) = try await Self.call(provider, script) { caller in
            #expect(try caller.hearsTheAnswer(), "the greeting")
            #expect(try caller.asksAndIsAnswered(), "the answer")
            try caller.listen(frames: 50)
            let before = caller.entries.count
            try caller.say(frames: 30)
            #expect(caller.clearCount == 1)
            #expect(try caller.hearsTheAnswer(), "the next answer")
            // "late" would have been 180 ms more: nothing of the answer that was cut follows.
            let clear = try #require(caller.entries.dropFirst(before).firstIndex(of: .clear))
            #expect(caller.octets(from: clear) == Self.octets(of: "All right"))
            try caller.listen(frames: 80)
        }
        let interruption = try #require(events.first { $0.type == "interruption" }).data
        let heard = try #require(interruption["heard"] as? String)
        #expect(Self.long.text.hasPrefix(heard) && heard != Self.long.text && !heard.isEmpty)
        #expect(try #require(interruption["onset_to_clear_ms"] as? Double) < 400)
        let turns = events.filter { $0.type == "turn_completed" }.map(\.data)
        #expect(turns.compactMap { $0["interrupted"] as? Bool } == [true, false])
        #expect(turns.compactMap { $0["user"] as? String } == script.words)
        guard provider == .openai else { return }
        let truncation = try #require(Self.messages(log, "conversation.item.truncate").first)
        let milliseconds = try #require(truncation["audio_end_ms"] as? Int)
        // A second was listened to, and the voice took a while to be noticed.
        #expect((900...1_600).contains(milliseconds))
        #expect(truncation["content_index"] as? Int == 0)
    }

    // MARK: What goes wrong

    enum Start: CaseIterable, Sendable { case refused, wrongKey, mute }

    @Test(arguments: Provider.allCases, Start.allCases)
    func ourOwnConversationTakesACallThatTheAgentDoesNot(
        _ provider: Provider, _ start: Start
    ) async throws {
        var script = SimulatedAgentScript([Self.greeting], words: ["hello"])
        if start == .refused { script.refusal = 503 }
        script.isMute = start == .mute
        let key = start == .wrongKey ? "wrong" : "test-key"
        let (events, _) = try await Self.call(provider, script, key: key) { caller in
            #expect(try caller.run(within: .seconds(3)) { caller.audioOctets > 0 })
            #expect(try caller.hearsTheAnswer() || caller.audioOctets > 0, "the greeting")
            try caller.run { !caller.isPlaying }
            #expect(try caller.asksAndIsAnswered(), "the answer")
            try caller.listen(frames: 10)
        }
        let failover = try #require(events.first { $0.type == "provider_failover" }).data
        #expect(failover["stage"] as? String == "agent")
        #expect(failover["from"] as? String == provider.rawValue)
        let cause =
            switch start {
            case .refused: "overloaded"
            case .wrongKey: "unauthorised"
            case .mute: "timed_out"
            }
        #expect(failover["cause"] as? String == cause)
        #expect(try #require(failover["gap_ms"] as? Double) < 3_000)
        #expect(events.count { $0.type == "call_started" } == 1)
        #expect(events.count { $0.type == "call_ended" } == 1)
    }

    @Test(
        arguments: Provider.allCases,
        [
            SimulatedAgentScript.Fault.drop(afterMilliseconds: 700),
            .close(code: 1_011, afterMilliseconds: 700), .nonsense(afterMilliseconds: 700),
        ])
    func anAgentThatGoesInTheMiddleOfAnAnswer(
        _ provider: Provider, _ fault: SimulatedAgentScript.Fault
    ) async throws {
        var answer = Self.long
        answer.fault = fault
        let script = SimulatedAgentScript([Self.greeting, answer], words: ["when are you open"])
        let (events, _) = try await Self.call(provider, script) { caller in
            #expect(try caller.hearsTheAnswer(), "the greeting")
            let before = caller.audioOctets
            try caller.say(frames: 30)
            // What came is heard, and our own conversation says that it did not understand.
            #expect(try caller.run { caller.audioOctets >= before + 8 * 700 + 800 })
            try caller.run { !caller.isPlaying }
            #expect(try caller.asksAndIsAnswered(), "the next answer")
            try caller.listen(frames: 10)
        }
        #expect(events.contains { $0.type == "provider_failover" })
        let turn = try #require(events.first { $0.type == "turn_completed" }).data
        #expect(turn["user"] as? String == "when are you open")
        let heard = try #require(turn["heard"] as? String)
        #expect(Self.long.text.hasPrefix(heard) && heard != Self.long.text)
        #expect(events.last?.type == "call_ended")
    }

    /// Of the simulators' voice.
    private static func octets(of text: String) -> Int {
        SimulatedVoice(.muLaw, hertz: 8_000).octets(of: text).count
    }
}
