import AllocationCounter
import Codecs
import Pipeline

/// What the tests of the flight record write.
extension FlightRecordTests {
    enum Allocations {
        static var count: Int { Int(AllocationCounter_current_thread()) }
    }

    static func call(keepsAudio: Bool = false) -> FlightCall {
        var settings = ConversationSettings(language: .spanish, octetsPerSecond: 8_000)
        settings.endpointing.pause = .milliseconds(333)
        settings.fillers = [Filler(text: "A ver…", octets: [1, 2, 3])]
        settings.apology = Filler(text: "Perdón.", octets: [4, 5])
        return FlightCall(
            callID: "5f0c", startedAt: 0.5, inbound: .telephone,
            outbound: AudioFormat(.linear16, .hz24000), keepsAudio: keepsAudio, settings: settings)
    }

    /// An event as text; audio that is not kept stands as silence.
    static func text(_ event: Conversation.Event, keepsAudio: Bool) -> String {
        guard case .speechReady(let block, let chunk, let timing) = event, !keepsAudio else {
            return "\(event)"
        }
        let silence = [UInt8](repeating: 0, count: block.octets.count)
        let kept = SpeechBlock(octets: silence, words: block.words, levels: block.levels)
        return "\(Conversation.Event.speechReady(kept, chunk: chunk, timing: timing))"
    }

    /// A change of provider for every cause, of an answer and of recognition.
    private static let switches: [Conversation.Event] = {
        let causes: [ProviderFailure] = [
            .dns, .refused, .unauthorised, .rejected(status: 404), .rateLimited(retryAfter: nil),
            .server(status: 500), .overloaded, .stalledBeforeFirst, .stalledMidStream, .garbage,
            .closedEarly, .timedOut,
        ]
        return causes.enumerated().map { index, cause in
            let stage = EngineStage.allCases[index % 3]
            return .providerSwitched(
                ProviderSwitch(
                    stage: stage, from: "deepgram", to: ProviderSwitch.human, cause: cause,
                    since: MonotonicTime(sinceStart: .nanoseconds(1_234_567_891))),
                generation: stage == .recognition ? nil : index)
        }
    }()

    private static let orders: [Conversation.Order] = [
        .say("¿Sigue ahí?"), .addContext("VIP"), .mute, .unmute, .sendTones([]),
        .change(AgentOverride()),
        .change(AgentOverride(prompt: "Be kind, {{name}}.", variables: ["name": "Zoë"])),
        .change(AgentOverride(variables: ["a": "b"], engines: [.model: "rasa"])),
        .transfer(Conversation.TransferTarget(reason: "asked")),
        .transfer(
            Conversation.TransferTarget(
                department: "sales", reason: "asked", destination: "+15005550006")),
    ]

    static let events: [Conversation.Event] = {
        let early = MonotonicTime(sinceStart: .zero)
        let odd = MonotonicTime(
            sinceStart: Duration(secondsComponent: 3, attosecondsComponent: 999_999_999_999_999_999)
        )
        let timing = EngineTiming(askedAt: early, readyAt: odd)
        let chunk = Conversation.ChunkID(generation: 300, index: 2)
        let outcomes: [RecognitionResult.Outcome] = [
            .interim("ho"), .final("hola, ¿qué tal?"), .final(""), .failed(.timedOut("x")),
        ]
        let said: [ModelEvent] = [
            .text("Hola"), .text(""), .expects(.none),
            .toolCall(ToolCall(id: "t", name: "find", arguments: "{\"a\": \"\\n\"}")),
            .expects(RecognitionHints(grammar: "#JSGF V1.0;", phrases: ["sí", "no"])),
            .closing(.hangUp), .closing(.transfer(reason: "a human")),
        ]
        let errors: [EngineError] = [
            .unavailable("a"), .timedOut("b"), .failed("c"), .overloaded("d"),
        ]
        let reasons: [EndReason] = [
            .callerHungUp, .agentHungUp, .transferred, .connectionLost, .drained, .failed,
            .callerSilent, .voicemail,
        ]
        var events: [Conversation.Event] = [
            .callStarted, .tick, .silenceRequested, .tick, .beepHeard,
        ]
        events += [0, 0.5, 1, -1, 7].map { .frameHeard(speechProbability: $0) }
        events += (0...255).compactMap { Intonation(rawValue: $0).map { .intonation($0) } }
        events += outcomes.map {
            .recognised(RecognitionResult(utterance: 70_000, outcome: $0, readyAt: odd))
        }
        events += said.map { .modelSaid($0, generation: 1, timing: timing) }
        events.append(.modelEnded(generation: 2, timing: timing))
        events += errors.map { .modelFailed($0, generation: 3) }
        events += errors.map { .speechFailed($0, chunk: chunk) }
        events += [true, false].map {
            .toolAnswered(
                ToolResult(callID: "t", succeeded: $0, content: "{}"), generation: 4,
                took: .nanoseconds(1_234_567_891))
        }
        let words = [
            WordTiming(word: "ho", start: .zero),
            WordTiming(word: "la", start: Duration(secondsComponent: 0, attosecondsComponent: 77)),
        ]
        events += [
            .speechReady(
                SpeechBlock(octets: [9, 8, 7], words: words), chunk: chunk, timing: timing),
            .speechReady(
                SpeechBlock(octets: [1, 2], levels: [0, 31, 127]), chunk: chunk, timing: timing),
            .speechReady(SpeechBlock(octets: []), chunk: chunk, timing: timing),
            .speechEnded(chunk: chunk),
            .markReturned(PlayoutMark(generation: 1, epoch: 2, position: 4_800)),
            .markReturned(PlayoutMark(generation: -1, epoch: 0, position: 0)),
            .keyPressed(digit: "#"),
        ]
        events += switches
        events += [
            .face(.ready), .face(.spoke(chunk, lasting: .nanoseconds(1_234_567_891))),
            .face(.cut(chunk, after: .zero)), .face(.lost(.failed("gone"))),
        ]
        events += orders.map { .ordered($0) }
        events += reasons.map { .hangUpRequested($0) }
        events += reasons.map { .callEnded($0) }
        return events
    }()
}

extension FlightRecordWriter {
    /// What a record begins with.
    var headerOctets: [UInt8] {
        var writer = self
        return writer.takeBlock()
    }
}
