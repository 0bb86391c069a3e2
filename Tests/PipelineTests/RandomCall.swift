import Codecs
import Events
import Pipeline

/// Calls of every kind, each told by its seed, with their records.
enum RandomCall {
    static let words = [
        "yes", "no", "mm-hm", "book a table", "for two", "tomorrow at ten", "", "my name is José",
        "¿qué?", "stop", "and",
    ]

    /// A call that was run to its end while its inputs were recorded; one that `speculates` has
    /// interim words which often are all.
    static func run(
        seed: Int, seconds: Int = 40, keepsAudio: Bool = false, speculates: Bool = false
    ) -> SimulatedCall {
        var random = SeededGenerator(seed: UInt64(seed))
        var call = SimulatedCall(
            scripts(&random), fillers: Int.random(in: 0...2, using: &random),
            apology: Bool.random(using: &random)
        ) { settings in
            settings.endpointing.pause = .milliseconds(Int.random(in: 200...900, using: &random))
            settings.endpointing.usesProsody = Bool.random(using: &random)
            settings.speech.startThreshold = .random(in: 0.3...0.8, using: &random)
            settings.idle.prompt = seed.isMultiple(of: 3) ? .seconds(2) : .zero
            settings.keypad.digitTimeout = seed.isMultiple(of: 2) ? .seconds(1) : .zero
            settings.keypad.zeroForHuman = seed.isMultiple(of: 8)
            settings.voicemail.isDetected = seed % 5 == 4
            settings.voicemail.message = seed.isMultiple(of: 2) ? "Please call the workshop." : ""
            settings.interimsAreStable = speculates
            settings.speculation.isOn = speculates
            settings.speculation.wasteLimit = 1
        }
        if speculates { interpose(&call.scripts, seed: seed) }
        var time = 1_000
        while time < seconds * 1_000 {
            let length = Int.random(in: 1...120, using: &random) * 20
            call.voice.append(time..<time + length)
            call.schedule(
                .intonation(Intonation(semitonesAboveLow: .random(in: -6...11, using: &random))),
                at: time + length + 65)
            time += length + Int.random(in: 2...200, using: &random) * 20
        }
        let lost = Int.random(in: 0..<seconds * 50, using: &random) * 20
        call.lostFrames = lost..<lost + 400
        call.markDelay = Bool.random(using: &random) ? Int.random(in: 0...80, using: &random) : nil
        if Int.random(in: 0..<4, using: &random) == 0 {
            call.schedule(.silenceRequested, at: Int.random(in: 0..<20_000, using: &random))
        }
        call.schedule(.keyPressed(digit: "#"), at: Int.random(in: 0..<20_000, using: &random))
        for (index, digit) in "4815*0#1200".enumerated() {
            let pause = index * (seed % 7) * 60
            call.schedule(.keyPressed(digit: digit), at: 9_000 + seed * 150 + pause)
        }
        for generation in 1...4 {
            let stages: [EngineStage] = [.model, .speech, .recognition]
            let stage = stages[(seed + generation) % 3]
            let time = Int.random(in: 0..<20_000, using: &random)
            let change = ProviderSwitch(
                stage: stage, from: "a", to: generation == 4 ? ProviderSwitch.human : "b",
                cause: .stalledMidStream,
                since: MonotonicTime(sinceStart: .milliseconds(max(0, time - 700))))
            call.schedule(
                .providerSwitched(change, generation: stage == .recognition ? nil : generation),
                at: time)
        }
        if seed % 4 == 2 {
            let orders: [Conversation.Order] = [
                .addContext("VIP"), .say("One moment."), .sendTones([9, 9, 9, 9]), .mute, .unmute,
                .change(AgentOverride(prompt: "p")), .say("Here we are. All of us."),
            ]
            for (index, order) in orders.enumerated() {
                call.schedule(.ordered(order), at: 3_000 + seed * 70 + index * 2_300)
            }
        }
        if seed % 5 == 4 { call.schedule(.beepHeard, at: 2_000 + seed * 50) }
        call.schedule(.callEnded(.callerHungUp), at: seconds * 1_000 - 10)
        call.record(keepsAudio: keepsAudio)
        call.run(until: seconds * 1_000)
        return call
    }

    /// Interims that hold all the words, late or early, and answers that are told apart.
    private static func interpose(_ scripts: inout EngineScripts, seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed) + 1_000)
        for index in scripts.recognitions.indices {
            guard case .final(let text) = scripts.recognitions[index].outcome else { continue }
            let said = Int.random(in: 0..<4, using: &random) == 0 ? "\(text) and more." : "\(text)."
            for _ in 0..<2 {
                scripts.recognitions[index].interims.append(
                    (said, Int.random(in: 160...2_500, using: &random)))
            }
        }
        scripts.models = (0..<40).map { index in
            let model = scripts.models[index % scripts.models.count]
            guard case .event(.text, let delay) = model.first else { return model }
            return EngineScripts.answer(
                "This is number \(index), and there is more to come.", after: delay)
        }
    }

    private static func scripts(_ random: inout SeededGenerator) -> EngineScripts {
        var scripts = EngineScripts()
        scripts.recognitions = (0..<8).map { _ in
            let text = words[Int.random(in: 0..<words.count, using: &random)]
            var script = EngineScripts.Recognition.says(
                text, after: Int.random(in: 5...700, using: &random))
            script.interims = [(text: String(text.prefix(4)), delayMilliseconds: 150)]
            if Int.random(in: 0..<12, using: &random) == 0 { script.outcome = .failed }
            return script
        }
        scripts.models = (0..<6).map { _ in
            let delay = Int.random(in: 10...1_200, using: &random)
            switch Int.random(in: 0..<12, using: &random) {
            case 0: return [.fail(after: delay)]
            case 1:
                let tool = ToolCall(id: "t\(delay)", name: "find", arguments: "{\"n\": 1}")
                return [.event(.toolCall(tool), after: delay), .end(after: 0)]
            case 2:
                return [
                    .event(.expects(RecognitionHints(grammar: "#JSGF", phrases: ["a"])), after: 1),
                    .say("Good bye.", after: delay), .event(.closing(.hangUp), after: 1),
                    .end(after: 1),
                ]
            default:
                return EngineScripts.answer(
                    "Well, that is good to hear. Shall we go on, Sr. López, or do you want "
                        + "to wait until \(delay)?", after: delay)
            }
        }
        scripts.syntheses = (0..<3).map { _ in
            EngineScripts.Synthesis(
                delayMilliseconds: Int.random(in: 20...400, using: &random),
                blockOctets: Int.random(in: 10...40, using: &random) * 20)
        }
        scripts.toolDelays = [Int.random(in: 10...900, using: &random), nil]
        scripts.queueDelay = Int.random(in: 0...3, using: &random)
        scripts.sendDelayMilliseconds = Int.random(in: 0...2, using: &random)
        return scripts
    }
}

extension SimulatedCall {
    /// From now on every input is recorded.
    mutating func record(keepsAudio: Bool = false) {
        recorder = FlightRecordWriter(
            FlightCall(
                callID: "call", startedAt: 1_700_000_000.25, inbound: .telephone,
                outbound: .telephone, keepsAudio: keepsAudio, settings: settings))
    }

    /// What was recorded, taken as one block.
    var flight: [UInt8] {
        var writer = recorder
        return writer?.takeBlock() ?? []
    }
}
