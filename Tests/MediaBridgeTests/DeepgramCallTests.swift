import Codecs
import Events
import Pipeline
import ProviderSimulators
import Providers
import Records
import Testing

@testable import MediaBridge

/// Whole calls on a media loop of the gateway that Deepgram's simulator hears.
@Suite(.tags(.integration)) struct DeepgramCallTests {
    private static let words = SimulatedWords([
        "what", "are", "your", "opening", "hours", "on", "Monday", "thanks",
    ])

    /// The events of a call that says `said` after its greeting.
    private static func events(
        saying said: [Int], _ fault: SimulatedDeepgram.Fault? = nil
    ) async throws -> (events: [EventBody], connections: Int) {
        var script = SimulatedDeepgram.Script(words: words)
        script.faults = [fault]
        let server = try await SimulatedDeepgram(script)
        var deepgram = DeepgramRecognizer.Settings(key: "test-key")
        deepgram.baseURL = server.url
        let workers = CallWorkers()
        let services = CallServices(
            engines: CallEngines(
                recognizer: DeepgramRecognizer(settings: deepgram), model: InstantModel(),
                synthesizer: InstantSynthesizer(), tools: NoTools()),
            workers: workers, fillers: FillerLibrary(), detection: .energy,
            protectsFromEcho: false, defaultLanguage: .english, flights: nil
        ) { $0.idle.prompt = .zero }
        let (batches, events) = AsyncStream.makeStream(of: EventOutlet.Batch.self)
        var settings = EdgeSettings()
        settings.port = 0
        let loop = try MediaLoop<GatewayLoop>(
            index: 0, settings: settings, gate: AdmissionGate(maxCalls: 4)
        ) { loopServices, poster in
            GatewayLoop(
                on: loopServices, services: services, events: events, poster: poster,
                figures: LoopFigures(), liveCalls: LiveCalls())
        }
        let working = Task { await workers.run() }
        let port = Int(loop.port)
        try await onOwnThread {
            let caller = try GatewayTwilioCaller(mediaPort: port)
            try caller.sendStart()
            #expect(try caller.hearsTheAnswer(), "the greeting")
            let before = caller.audioOctets
            caller.speech = words.audio(of: said)
            #expect(try caller.run { caller.audioOctets > before }, "the answer")
            try caller.listen(frames: 5)
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
        }
        var bodies: [EventBody] = []
        for await batch in batches {
            bodies += batch.map(\.entry.body)
            if case .callEnded = bodies.last { break }
        }
        loop.stop(drainLimit: .zero)
        await loop.ended()
        loop.join()
        workers.finish()
        await working.value
        let connections = server.connections.count
        await server.stop()
        return (bodies, connections)
    }

    private static func transcripts(_ events: [EventBody], final isFinal: Bool) -> [String] {
        events.compactMap { event in
            guard case .transcript(let transcript) = event, transcript.isFinal == isFinal else {
                return nil
            }
            return transcript.text
        }
    }

    @Test func aCallerIsHeardWhileSpeaking() async throws {
        let (events, connections) = try await Self.events(saying: [0, 1, 2, 3, 4])
        #expect(connections == 1)
        let sentence = "what are your opening hours"
        #expect(Self.transcripts(events, final: true) == [sentence])
        let interims = Self.transcripts(events, final: false)
        #expect(interims.count > 1)
        #expect(interims.allSatisfy { sentence.hasPrefix($0) })
        let turn = try #require(
            events.lazy.compactMap { if case .turnCompleted(let turn) = $0 { turn } else { nil } }
                .first)
        #expect(turn.user == sentence)
        let ended = try #require(
            events.lazy.compactMap { if case .callEnded(let ended) = $0 { ended } else { nil } }
                .first)
        let heard = try #require(ended.usage?.first { $0.stage == "stt" })
        #expect(heard.provider == "deepgram")
        #expect(heard.model == "nova-3")
        #expect(heard.requests == 1)
        // Five words of 200 ms, and no more than the call around them.
        #expect(heard.audioMilliseconds >= 1_000)
        #expect(Double(heard.audioMilliseconds) <= ended.durationSeconds * 1_000)
    }

    @Test(arguments: [
        SimulatedDeepgram.Fault.drop(afterMilliseconds: 700),
        .close(code: 1_011, afterMilliseconds: 900), .refuse(status: 500),
    ])
    func aFaultLosesNoWord(_ fault: SimulatedDeepgram.Fault) async throws {
        let (events, _) = try await Self.events(saying: [0, 1, 2, 3, 4, 5, 6], fault)
        #expect(
            Self.transcripts(events, final: true) == ["what are your opening hours on Monday"])
        #expect(!events.contains { if case .error = $0 { true } else { false } })
    }

    private struct NoTools: ToolRunner {
        func run(_ call: ToolCall, callID: String) async -> ToolResult {
            ToolResult(callID: call.id, succeeded: false, content: "")
        }
    }
}
