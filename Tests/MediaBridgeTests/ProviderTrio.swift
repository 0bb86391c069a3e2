import ProviderSimulators

@testable import MediaBridge

/// An ear, Claude and a voice on loopback for integration tests, with the settings that choose them.
struct ProviderTrio {
    enum Ear: String, CaseIterable { case deepgram, openai }
    enum Voice: String, CaseIterable { case elevenlabs, deepgram, openai }

    static let words = SimulatedWords(["what", "does", "an", "oil", "change", "cost"])
    static let question = "what does an oil change cost"

    let settings: [String: String]
    let yaml: String
    let keys = [
        "DEEPGRAM_API_KEY": "key", "ANTHROPIC_API_KEY": "simulated-key",
        "ELEVENLABS_API_KEY": "key", "OPENAI_API_KEY": "key",
    ]
    private let voiceLog: SimulatedSpeechLog
    private let stops: [@Sendable () async -> Void]

    /// What the voice was to say, in order, its check at start included; without the space that
    /// ElevenLabs wants behind it.
    var spoken: [String] {
        voiceLog.all.texts.map { $0.hasSuffix(" ") ? String($0.dropLast()) : $0 }
    }

    /// Claude says `greeting` first and `answer` to the question.
    init(_ ear: Ear, _ voice: Voice, greeting: String, answer: String) async throws {
        var bases: [String: [String]] = [:]
        var stops: [@Sendable () async -> Void] = []
        switch ear {
        case .deepgram:
            var script = SimulatedDeepgram.Script(words: Self.words)
            script.key = "key"
            let server = try await SimulatedDeepgram(script)
            bases["deepgram", default: []].append("  stt:\n    baseURL: \(server.url)")
            stops.append { await server.stop() }
        case .openai:
            let server = try await SimulatedTranscription(transcript: Self.question)
            bases["openai", default: []].append("  stt:\n    baseURL: \(server.url)")
            stops.append { await server.stop() }
        }
        let claude = try await SimulatedAnthropic { request in
            SimulatedModelAnswer(request.lastWords == Self.question ? answer : greeting)
        }
        bases["anthropic"] = ["  baseURL: \(claude.url)"]
        stops.append { await claude.stop() }
        switch voice {
        case .elevenlabs:
            let server = try await SimulatedElevenLabs()
            voiceLog = server.log
            bases["elevenlabs"] = ["  baseURL: \(server.url)", "  voice: voice"]
            stops.append { await server.stop() }
        case .deepgram:
            let server = try await SimulatedAura()
            voiceLog = server.log
            bases["deepgram", default: []].append("  tts:\n    baseURL: \(server.url)")
            stops.append { await server.stop() }
        case .openai:
            let server = try await SimulatedSpeechServer()
            voiceLog = server.log
            bases["openai", default: []].append("  tts:\n    baseURL: \(server.url)")
            stops.append { await server.stop() }
        }
        self.stops = stops
        settings = ["stt": ear.rawValue, "agent": "anthropic", "tts": voice.rawValue]
        yaml = bases.map { "\($0.key):\n" + $0.value.joined(separator: "\n") + "\n" }.joined()
    }

    func stop() async { for stop in stops { await stop() } }
}
