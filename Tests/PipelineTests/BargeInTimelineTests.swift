import Events
import Pipeline
import Testing

/// Sounds of the caller while the agent speaks, at the sample and at the frame.
@Suite struct BargeInTimelineTests {
    static let long = """
        We open at nine in the morning and close at seven in the evening from Monday to Friday. \
        On Saturday we open at ten and close at two. On Sunday we are closed all day long.
        """

    /// The question from 2 000 to 2 600 ms, the long answer from 3 410 ms on, and one more sound.
    static func call(
        sound: Range<Int>, heardAs text: String, language: Language = .english
    ) -> SimulatedCall {
        var scripts = EngineScripts()
        scripts.recognitions = [.says("when do you open"), .says(text)]
        scripts.models = [
            EngineScripts.answer("Hello."), EngineScripts.answer(long),
            EngineScripts.answer("Sure."),
        ]
        var call = SimulatedCall(scripts, language: language)
        call.voice = [2_000..<2_600, sound]
        return call
    }

    @Test(arguments: [4_000, 5_000, 5_008, 7_300, 9_140], [520, 800, 2_000])
    func wordsCutTheAnswer(onset: Int, length: Int) throws {
        var call = Self.call(sound: onset..<onset + length, heardAs: "stop")
        call.run(until: 20_000)
        // 100 ms of debounce from the first voiced frame.
        let firstFrame = (onset + 19) / 20 * 20
        #expect(call.clearTimes == [firstFrame + 100])
        let cut = try #require(call.interruptions.first)
        #expect(call.interruptions.count == 1)
        #expect(cut.what.turn == 1)
        #expect(cut.what.onsetToClearMilliseconds == 100)
        #expect(cut.time == firstFrame + 500)
        #expect(call.isOnlyHeard(generation: 3, from: firstFrame + 100))

        let heard = call.heardWords(ofGeneration: 2)
        #expect(cut.what.heard == heard)
        #expect(!heard.isEmpty && heard.count < Self.long.count)
        #expect(
            call.conversation.history == [
                .agent("Hello.", interrupted: false), .user("when do you open"),
                .agent(heard, interrupted: true), .user("stop"),
                .agent("Sure.", interrupted: false),
            ])
        #expect(call.requests.last?.request.history == Array(call.conversation.history.dropLast()))
        #expect(call.turns.map(\.interrupted) == [true, false])
        #expect(call.turns.first?.heard == heard)
        #expect(call.conversation.interruptionCount == 1)
    }

    /// Short words are no sustained voice: their transcript decides.
    @Test(arguments: ["stop", "no, wait", "espera", "not on Monday", "27"])
    func shortWordsCutTheAnswerOnceKnown(_ words: String) throws {
        var call = Self.call(sound: 5_000..<5_300, heardAs: words)
        call.run(until: 20_000)
        #expect(call.clearTimes == [5_100])
        #expect(call.interruptions.map(\.time) == [5_300 + 480 + 100])
        #expect(call.interruptions.first?.what.heard == call.heardWords(ofGeneration: 2))
        #expect(call.turns.map(\.user) == ["when do you open", words])
        let answered = try #require(call.turns.last)
        #expect(answered.endpointing == 480)
        #expect(answered.sttLatency == 100)
        #expect(call.isOnlyHeard(generation: 3, from: 5_100))
    }

    struct Sound: Sendable {
        let length: Int
        let text: String
        let language: Language
        init(_ length: Int, _ text: String, _ language: Language) {
            self.length = length
            self.text = text
            self.language = language
        }
    }

    static let meaningless: [Sound] =
        [120, 140, 180].map { Sound($0, "a word nobody said", .english) }
        + ["", "…", "uh-huh", "Uh-huh.", "mm-hm", "Mm-hmm", "yeah, yeah", "okay", "I see"].map {
            Sound(400, $0, .english)
        }
        + ["", "ajá", "Ajá.", "ajá, ajá", "mm-hm", "sí, sí", "Sí - sí", "uh-huh", "ya veo", "vale"]
        .map { Sound(400, $0, .spanish) }

    @Test(arguments: meaningless, [4_000, 5_020, 6_666])
    func meaninglessSoundsLoseNoOctet(_ sound: Sound, onset: Int) {
        var call = Self.call(
            sound: onset..<onset + sound.length, heardAs: sound.text, language: sound.language)
        call.run(until: 25_000)
        #expect(call.clearTimes == [(onset + 19) / 20 * 20 + 100])
        #expect(call.times(in: .agentSpeaking).count == 3, "greeting, answer, answer resumed")
        #expect(call.isHeardWholly(generation: 2))
        #expect(call.interruptions.isEmpty)
        #expect(call.turns.map(\.heard).map(\.wordsOnly) == [Self.long.wordsOnly])
        #expect(call.turns.first?.interrupted == false)
        #expect(call.conversation.turnsTaken == 1)
        #expect(call.times(of: .speechStarted).count == call.times(of: .speechEnded).count)
    }

    /// Pauses add up, and what is heard stays whole.
    @Test func manyCoughs() {
        var call = Self.call(sound: 4_000..<4_140, heardAs: "")
        for onset in stride(from: 4_600, to: 12_000, by: 520) {
            call.voice.append(onset..<onset + 120)
        }
        call.run(until: 40_000)
        #expect(call.clearTimes.count > 12)
        #expect(call.isHeardWholly(generation: 2))
    }

    /// "Yes" over the end of the agent's question, or right behind it, is its answer.
    @Test(arguments: [-500, -300, -100, 0, 60, 400], [0, 150])
    func repliesAreNoBackchannel(offset: Int, markDelay: Int) {
        var call = Self.call(sound: 0..<0, heardAs: "yes")
        call.markDelay = markDelay
        let silent = call
        call.run(until: 20_000)
        let end = call.carrier.sounds.last?.end ?? 0
        call = silent
        let onset = (end + offset + 19) / 20 * 20
        call.voice.append(onset..<onset + 400)
        call.run(until: 20_000)
        #expect(call.turns.map(\.user) == ["when do you open", "yes"])
        #expect(call.isOnlyHeard(generation: 3, from: max(end, onset + 100)))
        #expect(call.conversation.interruptionCount == (onset + 100 < end ? 1 : 0))
    }

    /// Too short for the debounce, a click does not even pause.
    @Test(arguments: [20, 60, 80])
    func clicksAreNotNoticed(length: Int) {
        var call = Self.call(sound: 5_000..<5_000 + length, heardAs: "no")
        call.run(until: 20_000)
        #expect(call.clearTimes.isEmpty)
        #expect(call.times(of: .speechStarted).count == 1)
        #expect(call.carrier.sounds.count == 2)
    }

    /// A click in silence is no turn.
    @Test func clickWhileIdleIsNoTurn() {
        var scripts = EngineScripts()
        scripts.recognitions = [.says("")]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_120]
        call.run(until: 8_000)
        #expect(call.requests.count == 1)
        #expect(call.conversation.turnsTaken == 0)
        #expect(call.conversation.phase == .idle)
        #expect(call.conversation.history == [.agent("Hello.", interrupted: false)])
    }

    @Test(arguments: [300, 500, 800])
    func greetingIsInterrupted(onset: Int) throws {
        var scripts = EngineScripts()
        scripts.recognitions = [.says("prices please")]
        scripts.models = [EngineScripts.answer(Self.long), EngineScripts.answer("Ten euros.")]
        var call = SimulatedCall(scripts)
        call.voice = [onset..<onset + 700]
        call.run(until: 12_000)
        let heard = call.heardWords(ofGeneration: 1)
        #expect(call.clearTimes == [onset + 100])
        #expect(call.interruptions.map(\.what.turn) == [0])
        var history: [Message] = heard.isEmpty ? [] : [.agent(heard, interrupted: true)]
        history += [.user("prices please"), .agent("Ten euros.", interrupted: false)]
        #expect(call.conversation.history == history)
        #expect(call.turns.map(\.turn) == [1])
    }

    /// A client's own button needs no debounce and leaves the floor to the caller.
    @Test func silenceRequested() {
        var call = Self.call(sound: 0..<0, heardAs: "")
        call.schedule(.silenceRequested, at: 5_013)
        call.run(until: 9_000)
        #expect(call.clearTimes == [5_013])
        #expect(call.octetsHeard(from: 5_013).isEmpty)
        #expect(call.conversation.phase == .idle)
        #expect(
            call.conversation.history.last
                == .agent(call.heardWords(ofGeneration: 2), interrupted: true))
    }

    /// Once quiet was asked for, not even a cough brings the answer back.
    @Test(arguments: [5_200, 5_500])
    func silenceRequestedDuringAPause(at time: Int) {
        var call = Self.call(sound: 5_000..<5_300, heardAs: "mm-hm")
        call.schedule(.silenceRequested, at: time)
        call.run(until: 15_000)
        #expect(call.isOnlyHeard(generation: 3, from: 5_100))
        #expect(call.interruptions.map(\.time) == [time])
        #expect(call.turns.map(\.user) == ["when do you open", "mm-hm"])
    }
}

extension String {
    var wordsOnly: String { filter { !$0.isWhitespace } }
}
