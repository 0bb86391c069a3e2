import Pipeline
import Testing

/// Recorded calls run with other settings.
@Suite struct WhatIfTests {
    /// "Book a table … for two": 640 ms of thinking within the turn, 480 ms of pause allowed.
    static func hesitantCall(model delayMilliseconds: Int = 600) -> SimulatedCall {
        var scripts = EngineScripts()
        scripts.recognitions = [.says("book a table"), .says("for two")]
        scripts.models = [
            EngineScripts.answer("Hello."),
            EngineScripts.answer("For how many?", after: delayMilliseconds),
            EngineScripts.answer("For two then.", after: delayMilliseconds),
        ]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600, 3_240..<3_840]
        call.schedule(.callEnded(.callerHungUp), at: 11_990)
        call.record()
        call.run(until: 12_000)
        return call
    }

    private static func figures(
        _ call: SimulatedCall, set changes: [(String, String)] = []
    ) throws -> ReplayFigures {
        let record = try FlightRecord(reading: call.flight)
        var settings = record.call.settings
        for (name, value) in changes {
            try ConversationSetting(named: name).set(value, in: &settings)
        }
        let outcome = WhatIf(record).run(settings: settings)
        return ReplayFigures(outcome.log, standIns: outcome.standIns)
    }

    /// With its own settings the model of engines and carrier comes to what was recorded.
    @Test func ownSettingsChangeNothing() throws {
        let call = Self.hesitantCall()
        let recorded = ReplayFigures(call.log)
        #expect(recorded.turns == 1)
        #expect(recorded.reopened == 1)
        #expect(recorded.endpointingMilliseconds == 480)
        #expect(try Self.figures(call) == recorded)
    }

    @Test func aLongerPauseCutsNobodyOff() throws {
        let figures = try Self.figures(
            Self.hesitantCall(), set: [("endpointing.pause", "800ms")])
        #expect(figures.turns == 1)
        #expect(figures.cutOffs == 0)
        #expect(figures.endpointingMilliseconds == 800)
        #expect(figures.words == 5)
        #expect(figures.standIns == 0)
    }

    /// The answer begins before the caller goes on: they cut it at once.
    @Test func aFastAnswerIsCutAtOnce() throws {
        let call = Self.hesitantCall(model: 0)
        let own = try Self.figures(call, set: [("endpointing.pause", "300ms")])
        #expect(own.cutAtOnce == 1)
        #expect(own.interruptions == 1)
        let longer = try Self.figures(call, set: [("endpointing.pause", "800ms")])
        #expect(longer.cutOffs == 0)
    }

    @Test func aDeafDetectorLosesWords() throws {
        let figures = try Self.figures(Self.hesitantCall(), set: [("vad.threshold", "0.95")])
        #expect(figures.turns == 0)
        #expect(figures.words == 0)
    }

    /// Whatever the call and the settings, a run ends and gives the same twice.
    @Test(arguments: 0..<6)
    func anyCallRunsWithAnySettings(seed: Int) throws {
        let call = RandomCall.run(seed: seed, speculates: seed.isMultiple(of: 2))
        let record = try FlightRecord(reading: call.flight)
        let whatIf = WhatIf(record)
        for (name, values) in ReplayTuning.grid {
            for value in values {
                var settings = record.call.settings
                try ConversationSetting(named: name).set(value, in: &settings)
                let outcome = whatIf.run(settings: settings)
                #expect(outcome.log.digest == whatIf.run(settings: settings).log.digest)
            }
        }
    }

    @Test func tuningFindsThePauseThatFits() throws {
        let record = try FlightRecord(reading: Self.hesitantCall().flight)
        let choices = try ReplayTuning.search([record])
        let best = try #require(choices.first)
        let pause = best.settings.first { $0.name == "endpointing.pause" }?.value
        // The gap is 640 ms and speech is known 100 ms later: 600 ms is the least that spans it.
        #expect(pause == "800ms" || pause == "600ms")
        #expect(best.cutOffs == 0)
        #expect(choices.first { $0.settings.isEmpty }?.cutOffs == 1)
    }

    /// The words are known at 3 010 and the turn is over at 3 480: asking at 3 160 saves 153 ms, all
    /// that the model takes.
    @Test(arguments: [true, false])
    func speculationIsTried(recordedWith speculates: Bool) throws {
        var call = SpeculationTimelineTests.call(
            models: [EngineScripts.answer("All right.")], speculating: speculates)
        call.schedule(.callEnded(.callerHungUp), at: 7_990)
        call.record()
        call.run(until: 8_000)
        let on = try Self.figures(call, set: [("speculation.isOn", "true")])
        let off = try Self.figures(call, set: [("speculation.isOn", "false")])
        #expect(on.totalMilliseconds == 660)
        #expect(off.totalMilliseconds == 813)
        #expect([on.speculations, on.wastedSpeculations] == [1, 0])
        #expect([off.speculations, off.wastedSpeculations] == [0, 0])
        #expect(on.standIns + off.standIns == 0)
        #expect(ReplayFigures(call.log) == (speculates ? on : off))
    }

    /// What was asked in vain leaves the recorded answers to those who need them.
    @Test(arguments: [true, false])
    func wasteIsTold(recordedWith speculates: Bool) throws {
        let answers = [EngineScripts.answer("Tuesday?"), EngineScripts.answer("Wednesday then.")]
        var call = SpeculationTimelineTests.call(
            final: "Wednesday.", models: speculates ? answers : [answers[1]],
            speculating: speculates)
        call.schedule(.callEnded(.callerHungUp), at: 7_990)
        call.record()
        call.run(until: 8_000)
        let record = try FlightRecord(reading: call.flight)
        for isOn in [true, false] {
            var settings = record.call.settings
            settings.speculation.isOn = isOn
            let outcome = WhatIf(record).run(settings: settings)
            let figures = ReplayFigures(outcome.log)
            #expect(
                [figures.speculations, figures.wastedSpeculations] == (isOn ? [1, 1] : [0, 0]))
            #expect(figures.totalMilliseconds == 813)
            #expect(outcome.log.text.contains("Wednesday then."))
            #expect(!outcome.log.text.contains("Tuesday?"))
            #expect(outcome.standIns == 0)
        }
    }

    @Test func unknownNamesAndValuesAreErrors() throws {
        #expect(throws: ConversationSetting.SettingError.unknown("vad.treshold")) {
            try ConversationSetting(named: "vad.treshold")
        }
        var settings = ConversationSettings(language: .english, octetsPerSecond: 8_000)
        for (name, value) in [
            ("vad.threshold", "1.5"), ("vad.threshold", "nan"), ("endpointing.pause", "480"),
            ("endpointing.pause", "-1s"), ("answer.fillerLimit", "x"),
        ] {
            let setting = try ConversationSetting(named: name)
            #expect(throws: ConversationSetting.SettingError.self) {
                try setting.set(value, in: &settings)
            }
        }
        for setting in ConversationSetting.all {
            let text = setting.text(in: settings)
            try setting.set(text, in: &settings)
            #expect(setting.text(in: settings) == text)
        }
        #expect(Set(ConversationSetting.all.map(\.name)).count == ConversationSetting.all.count)
    }

    /// The short names stand for the settings whose long ones records hold.
    @Test(arguments: [
        ("endpointing.min", "endpointing.minimum"), ("endpointing.max", "endpointing.maximum"),
    ])
    func shortNames(short: String, long: String) throws {
        let setting = try ConversationSetting(named: short)
        #expect(setting.name == long)
        var settings = ConversationSettings(language: .english, octetsPerSecond: 8_000)
        try setting.set("777ms", in: &settings)
        #expect(try ConversationSetting(named: long).text(in: settings) == "777.0ms")
        #expect(!ConversationSetting.all.contains { $0.name == short })
    }

    @Test func tablesStandSideBySide() {
        let figures = ReplayFigures(Self.hesitantCall().log)
        let table = ReplayComparison(columns: [("recorded", figures), ("800ms", figures)]).table
        let lines = table.split(separator: "\n")
        #expect(Set(lines.map(\.count)).count == 1)
        #expect(lines[1].hasSuffix("1         1"))
    }
}
