internal import ProviderSimulators

extension CloudService {
    /// The only key that is welcome anywhere.
    static let key = "simulated-key"
    /// The only voice there is.
    static let voice = "simulated-voice"

    /// A server that runs, and what ends it.
    struct Running: Sendable {
        let url: String
        let stop: @Sendable () async -> Void
    }

    /// - Throws: when the port cannot be bound.
    func start(port: Int, _ parts: CloudParts) async throws -> Running {
        switch self {
        case .deepgram: try await startDeepgram(port, parts)
        case .transcription: try await startTranscription(port, parts)
        case .anthropic:
            try await running(
                SimulatedAnthropic(port: port) { answer($0, parts) }, { $0.url },
                { await $0.stop() })
        case .openai:
            try await running(
                SimulatedChatCompletions(port: port) { answer($0, parts) }, { $0.url + "/v1" },
                { await $0.stop() })
        case .ollama:
            try await running(
                SimulatedChatCompletions(
                    port: port, dialect: .ollama, key: nil, models: ["llama3.2"]
                ) { answer($0, parts) }, { $0.url + "/v1" }, { await $0.stop() })
        case .rasa: try await startRasa(port, parts)
        case .elevenlabs:
            try await running(
                SimulatedElevenLabs(
                    port: port, key: Self.key, voices: [Self.voice], script: speech(parts)),
                { $0.url }, { await $0.stop() })
        case .aura:
            try await running(
                SimulatedAura(port: port, key: Self.key, script: speech(parts)),
                { $0.url }, { await $0.stop() })
        case .speech:
            try await running(
                SimulatedSpeechServer(port: port, key: Self.key, script: speech(parts)),
                { $0.url }, { await $0.stop() })
        }
    }

    private func running<Server: Sendable>(
        _ server: Server, _ url: (Server) -> String,
        _ stop: @escaping @Sendable (Server) async -> Void
    ) -> Running {
        Running(url: url(server), stop: { await stop(server) })
    }

    private func answer(
        _ request: SimulatedModelRequest, _ parts: CloudParts
    ) -> SimulatedModelAnswer {
        let words = request.toolResults.isEmpty ? request.lastWords : "<tool result>"
        parts.log.note(self, "asked", words, at: request.arrivedAt)
        var spoken = parts.answers.parts(for: request)
        if parts.turnWords != nil { spoken = TurnWords.marked(spoken, after: words) }
        var answer = SimulatedModelAnswer(spoken, fault: parts.board.model(self))
        answer.delayBeforeFirst = .milliseconds(parts.latencies.firstToken)
        answer.delayBetween = .milliseconds(parts.latencies.perToken)
        answer.observe = { piece, moment in
            parts.log.note(self, piece == 0 ? "first" : "piece", words, at: moment)
        }
        return answer
    }

    private func speech(_ parts: CloudParts) -> SimulatedSpeechScript {
        var script = SimulatedSpeechScript()
        script.latency = .milliseconds(parts.latencies.firstByte)
        script.interval = .milliseconds(parts.latencies.perPiece)
        script.orderedFault = { parts.board.speech(self, at: $0) }
        script.observe = { text, progress, moment in
            switch progress {
            case .asked: parts.log.note(self, "asked", text, at: moment)
            case .firstAudio: parts.log.note(self, "first", text, at: moment)
            }
        }
        return script
    }

    private func startDeepgram(_ port: Int, _ parts: CloudParts) async throws -> Running {
        var script = SimulatedDeepgram.Script(words: SimulatedWords([]))
        script.key = Self.key
        script.recordings = parts.recordings
        script.latency = .milliseconds(parts.latencies.final)
        script.orderedFault = { parts.board.recognition(at: $0) }
        script.observe = { message, progress, moment in
            switch progress {
            case .asked: parts.log.note(self, "asked", message, at: moment)
            case .askedAgain: parts.log.note(self, "again", message, at: moment)
            case .answered: parts.log.note(self, "done", message, at: moment)
            }
        }
        if let words = parts.turnWords { script.addedWord = { words.next(connection: $0) } }
        return running(
            try await SimulatedDeepgram(port: port, script), { $0.url }, { await $0.stop() })
    }

    private func startTranscription(_ port: Int, _ parts: CloudParts) async throws -> Running {
        let server = try await SimulatedTranscription(
            port: port, latency: .milliseconds(parts.latencies.final * 2)
        ) { file in
            let (samples, hertz) = WaveReader.samples(of: file)
            let words = parts.recordings.transcript(of: samples, hertz: hertz)
            parts.log.note(self, "asked", words)
            return words
        } fault: { _ in
            parts.board.transcription()
        }
        return running(server, { $0.url }, { await $0.stop() })
    }

    private func startRasa(_ port: Int, _ parts: CloudParts) async throws -> Running {
        let server = try await SimulatedRasa(
            port: port, orderedFault: { parts.board.dialogue() },
            dialogue: { turn in
                parts.log.note(self, "asked", turn.message)
                let answer = parts.answers.answer(to: turn.message)
                // Actions of its own do what other models call our tools for.
                let texts = [answer?.say ?? "", answer?.then].compactMap(\.self)
                return texts.map { #"{"text":"\#($0)"}"# }
                    + (answer?.tool?.name == "end_call"
                        ? [#"{"custom":{"action":"hangup"}}"#] : [])
            })
        return running(server, { $0.url }, { await $0.stop() })
    }
}
