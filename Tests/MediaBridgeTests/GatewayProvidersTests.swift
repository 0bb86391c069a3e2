import Pipeline
import ProviderSimulators
import Testing

@testable import MediaBridge

/// Whole calls that providers hear, answer and speak, over every pair of ear and voice.
@Suite(.tags(.integration)) struct GatewayProvidersTests {
    private static let greeting = "Good morning from the workshop."
    private static let answer = ["An oil change costs 45 dollars.", "Shall I book one for you?"]
    /// With the number in words.
    private static let spoken = [
        greeting, "An oil change costs forty-five dollars.", answer[1],
    ]

    @Test(arguments: ProviderTrio.Ear.allCases, ProviderTrio.Voice.allCases)
    func aCallIsHeardAnsweredAndSpoken(
        ear: ProviderTrio.Ear, voice: ProviderTrio.Voice
    ) async throws {
        let trio = try await ProviderTrio(
            ear, voice, greeting: Self.greeting, answer: Self.answer.joined(separator: " "))
        var events: [GatewayEvent] = []
        var heard: [UInt8] = []
        try await GatewayUnderTest.run(
            settings: trio.settings, yaml: trio.yaml, environment: trio.keys
        ) { gateway in
            let caller = try GatewayTwilioCaller.greeted(gateway)
            let before = caller.audioOctets
            caller.speech = ProviderTrio.words.audio(of: Array(0..<6))
            try #require(try caller.run { caller.audioOctets > before }, "no answer")
            try caller.listen(frames: 5)
            #expect(try caller.run { !caller.isPlaying })
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
            events = try gateway.events(of: try gateway.callID(of: caller.callSID))
            for case .audio(let octets) in caller.entries { heard += octets }
        }
        await trio.stop()

        let finals = events.filter { $0.data["is_final"] as? Bool == true }
        #expect(finals.map { $0.data["text"] as? String } == [ProviderTrio.question])
        let said = events.filter { $0.type == "agent_speech" }
            .compactMap { $0.data["text"] as? String }
        #expect(
            said.joined(separator: " ") == ([Self.greeting] + Self.answer).joined(separator: " "))
        // Beside them fillers are made ready, whenever there is time.
        #expect(trio.spoken.filter(Self.spoken.contains) == Self.spoken)
        let tones = SimulatedVoice.tones(of: Self.spoken.joined(separator: " "))
        #expect(SimulatedVoice.heardInMuLaw(heard) == tones, "what the caller heard")
        let turn = try #require(events.first { $0.type == "turn_completed" }?.data)
        for part in ["endpointing_ms", "stt_latency_ms", "llm_latency_ms", "tts_latency_ms"] {
            #expect(turn[part] is Double, "\(part) in \(turn)")
        }
        let usage = events.last?.data["usage"] as? [[String: Any]] ?? []
        let stages = Set(usage.compactMap { $0["stage"] as? String })
        #expect(stages.isSuperset(of: ["llm", "tts"]), "\(usage)")
        #expect(!events.contains { $0.type == "error" || $0.type == "provider_failover" })
    }

    /// The settings that `doctor` and the log name when a provider turns us away.
    @Test func aWrongKeyModelOrVoiceIsNamedAtStart() async throws {
        let trio = try await ProviderTrio(.deepgram, .elevenlabs, greeting: "", answer: "")
        func lacks(
            _ settings: [String: String] = [:], _ keys: [String: String] = [:]
        ) async throws -> [String: String] {
            let engines = try EngineSet(
                try await GatewayUnderTest.configuration(
                    trio.settings.merging(settings) { $1 }, trio.yaml,
                    trio.keys.merging(keys) { $1 }))
            let parts = await engines.prepare().parts.filter { $0.stage != "vad" }
            await engines.shutdown()
            return parts.reduce(into: [:]) { lacks, part in
                if let lack = part.lack { lacks[part.stage, default: ""] += lack.text }
            }
        }
        #expect(try await lacks().isEmpty)
        for (key, stage) in [
            ("DEEPGRAM_API_KEY", "stt"), ("ANTHROPIC_API_KEY", "llm"),
            ("ELEVENLABS_API_KEY", "tts"),
        ] {
            let lacks = try await lacks([:], [key: "wrong"])
            #expect(lacks[stage]?.contains(key) == true, "\(lacks)")
        }
        let others = try await lacks(
            [:],
            [
                "MEDIABRIDGE_DEEPGRAM_MODEL": "whisper", "MEDIABRIDGE_ANTHROPIC_MODEL": "claude-0",
                "MEDIABRIDGE_ELEVENLABS_VOICE": "nobody",
            ])
        #expect(others["stt"]?.contains("MEDIABRIDGE_DEEPGRAM_MODEL") == true, "\(others)")
        #expect(others["llm"]?.contains("MEDIABRIDGE_ANTHROPIC_MODEL") == true, "\(others)")
        #expect(others["tts"]?.contains("MEDIABRIDGE_ELEVENLABS_VOICE") == true, "\(others)")
        await trio.stop()
    }
}
