import Events
import Pipeline
import Testing

/// A face that speaks in the voice's place; it begins 400 ms after it was handed a sentence, and a
/// character takes it 60 ms.
@Suite struct FaceTimelineTests {
    private static let sentences = [
        "We open at nine in the morning, from Monday to Friday, all the year round.",
        "On Saturday we open at ten in the morning and close at two in the afternoon, as ever.",
    ]

    /// The question is asked from 2 000 to 2 600 ms and known at 3 180 ms; the face is there at 1 s.
    private static func call(
        sound: Range<Int> = 0..<0, heardAs text: String = "stop",
        answeredAfter delayMilliseconds: Int = 150,
        change: (inout EngineScripts) -> Void = { _ in }
    ) -> SimulatedCall {
        var scripts = EngineScripts()
        scripts.recognitions = [.says("when do you open"), .says(text)]
        scripts.models = [
            EngineScripts.answer("Hello."),
            EngineScripts.answer(sentences.joined(separator: " "), after: delayMilliseconds),
            EngineScripts.answer("All right then."),
        ]
        change(&scripts)
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600, sound]
        call.schedule(.face(.ready), at: 1_000)
        return call
    }

    private static func agentSpeech(_ call: SimulatedCall, fillers: Bool = false) -> [String] {
        call.events.compactMap { event in
            guard case .agentSpeech(let speech) = event.body, speech.filler == fillers
            else { return nil }
            return speech.text
        }
    }

    @Test func sentencesAreSpokenOneByOneAndNothingElseIsHeard() throws {
        var call = Self.call()
        call.run(until: 20_000)
        #expect(call.shown.map(\.text) == Self.sentences)
        let first = try #require(call.shown.first)
        // The second one when the first was reported: 400 ms and 60 ms for each of 74 characters.
        #expect(call.shown.last?.time == first.time + 400 + 74 * 60)
        // The voice said the greeting, before the face was there.
        #expect(call.synthesised.keys.sorted() == [1])
        #expect(Self.agentSpeech(call) == ["Hello."] + Self.sentences)
        #expect(Self.agentSpeech(call, fillers: true).isEmpty)
        #expect(
            call.conversation.history.last
                == .agent(Self.sentences.joined(separator: " "), interrupted: false))
        let turn = try #require(call.turns.first)
        #expect(turn.heard == Self.sentences.joined(separator: " "))
        #expect(!turn.interrupted)
        // Voice ended at 2 600 ms; the first sound is the sentence's end less its length.
        #expect(turn.totalLatency == Double(first.time + 400 - 2_600))
        #expect(call.phases.map(\.phase).suffix(3) == [.processing, .agentSpeaking, .idle])
        let end = first.time + 2 * 400 + Self.sentences.joined().count * 60
        #expect(try #require(call.phases.last).time - end <= 20)
    }

    /// The filler is the voice's; the face waits until it was heard.
    @Test func aWaitIsCoveredAndNeverSpokenOver() throws {
        var call = Self.call(answeredAfter: 1_500)
        call.run(until: 20_000)
        #expect(Self.agentSpeech(call, fillers: true) == ["Wait 0."])
        let filler = try #require(call.soundTime(from: 2_600))
        let first = try #require(call.shown.first)
        #expect(first.time >= filler + 1_000)
        #expect(first.time <= filler + 1_040)
        #expect(call.shown.map(\.text) == Self.sentences)
        #expect(call.soundTime(from: first.time + 40) == nil)
    }

    /// Heard until the cut: 400 ms of lag, unknown yet and taken for 500, then 14 characters a second.
    @Test(arguments: [1_500, 2_640, 3_900])
    func wordsCutTheFaceAtTheLastWordHeard(after delayMilliseconds: Int) throws {
        var call = Self.call()
        call.run(until: 4_000)
        let start = try #require(call.shown.first).time
        let onset = (start + delayMilliseconds) / 20 * 20
        call.voice.append(onset..<onset + 900)
        call.run(until: 20_000)
        let cut = try #require(call.interruptions.first)
        #expect(call.interruptions.count == 1)
        #expect(cut.time == onset + 500)
        #expect(cut.what.onsetToClearMilliseconds == 500)
        let characters = (cut.time - start - 500) * 14 / 1_000
        let heard = Self.words(of: Self.sentences[0], upTo: characters)
        #expect(cut.what.heard == heard)
        #expect(!heard.isEmpty && heard.count < Self.sentences[0].count)
        #expect(call.clearTimes.isEmpty)
        let cancelled = call.actions.contains {
            if case .cancelAnswer(generation: 2) = $0.action { $0.time == cut.time } else { false }
        }
        #expect(cancelled)
        #expect(call.shown.map(\.text) == [Self.sentences[0], "All right then."])
        #expect(
            call.conversation.history.suffix(3) == [
                .agent(heard, interrupted: true), .user("stop"),
                .agent("All right then.", interrupted: false),
            ])
    }

    /// The second cut is told with what the first sentence has taught: 400 ms and 60 ms a character.
    @Test func theFacesPaceIsLearned() throws {
        var call = Self.call()
        call.run(until: 8_400)
        let start = try #require(call.shown.last).time
        #expect(call.shown.count == 2)
        let onset = (start + 2_000) / 20 * 20
        call.voice.append(onset..<onset + 900)
        call.run(until: 20_000)
        let cut = try #require(call.interruptions.first)
        let characters = (cut.time - start - 400) / 60
        #expect(
            cut.what.heard
                == Self.sentences[0] + " " + Self.words(of: Self.sentences[1], upTo: characters))
    }

    /// A cough or an "mm-hm" neither stops the face nor makes it say anything twice, wherever it falls.
    @Test(arguments: [500, 2_500, 4_600, 4_840, 5_500], [160, 400])
    func aSoundThatIsNotMeantChangesNothing(after delayMilliseconds: Int, length: Int) throws {
        var call = Self.call(heardAs: "mm-hm")
        call.run(until: 3_500)
        let start = try #require(call.shown.first).time
        let onset = (start + delayMilliseconds) / 20 * 20
        call.voice.append(onset..<onset + length)
        call.run(until: 20_000)
        #expect(call.interruptions.isEmpty)
        #expect(call.clearTimes.isEmpty)
        #expect(call.shown.map(\.text) == Self.sentences)
        #expect(call.turns.map(\.heard) == [Self.sentences.joined(separator: " ")])
        #expect(Self.agentSpeech(call) == ["Hello."] + Self.sentences)
    }

    /// The voice takes over where the face was lost: no sentence twice, none left out.
    @Test(arguments: [1, 2]) func aLostFaceIsReplacedByTheVoice(with sentence: Int) throws {
        var call = Self.call { $0.face.fails = sentence }
        call.run(until: 25_000)
        #expect(call.shown.map(\.text) == Array(Self.sentences.prefix(sentence)))
        #expect(
            call.chunks[2]?.map(\.text).joined(separator: " ")
                == Self.sentences.dropFirst(sentence - 1).joined(separator: " "))
        #expect(call.isHeardWholly(generation: 2))
        #expect(Self.agentSpeech(call) == ["Hello."] + Self.sentences)
        #expect(call.turns.map(\.heard) == [Self.sentences.joined(separator: " ")])
        #expect(call.errorStages == ["avatar"])
        #expect(!call.isTransferred)
    }

    /// What got stuck may have been heard; only what follows is the voice's.
    @Test func aSentenceThatGotStuckIsNotSaidTwice() throws {
        var call = Self.call { $0.face.lag = 100_000 }
        let stuck = Conversation.ChunkID(generation: 2, index: 0)
        call.schedule(.face(.cut(stuck, after: .seconds(8))), at: 12_000)
        call.schedule(.face(.lost(.failed("stuck"))), at: 12_000)
        call.run(until: 25_000)
        #expect(call.chunks[2]?.map(\.text) == [Self.sentences[1]])
        #expect(call.turns.map(\.heard) == [Self.sentences.joined(separator: " ")])
        #expect(Self.agentSpeech(call) == ["Hello."] + Self.sentences)
    }

    /// The face is lost while the caller may have the floor: the voice waits for the verdict.
    @Test func theVoiceDoesNotSpeakIntoASoundThatMayBeMeant() throws {
        var call = Self.call(heardAs: "mm-hm") { $0.face.lag = 100_000 }
        call.voice.append(5_000..<5_400)
        call.schedule(.face(.lost(.failed("gone"))), at: 5_300)
        call.run(until: 25_000)
        let resumed = try #require(
            call.phases.last { $0.phase == .agentSpeaking }, "it does not go on")
        let sound = try #require(call.soundTime(from: 5_000))
        #expect(sound >= resumed.time)
        #expect(call.isHeardWholly(generation: 2))
        #expect(call.turns.map(\.heard) == [Self.sentences.joined(separator: " ")])
    }

    /// From the next answer on; what the voice has begun, it ends.
    @Test func aFaceThatComesLateLeavesTheAnswerToTheVoice() {
        var scripts = EngineScripts()
        scripts.recognitions = [.says("one"), .says("two")]
        scripts.models = [
            EngineScripts.answer("Hello."),
            EngineScripts.answer(Self.sentences.joined(separator: " ")),
            EngineScripts.answer("All right then."),
        ]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600, 16_000..<16_600]
        call.schedule(.face(.ready), at: 4_000)
        call.run(until: 25_000)
        #expect(call.isHeardWholly(generation: 2))
        #expect(call.shown.map(\.text) == ["All right then."])
    }

    /// "Are you still there?" counts from the face's last word.
    @Test func theIdleQuestionWaitsForTheFace() throws {
        var scripts = EngineScripts()
        scripts.models = [EngineScripts.answer("Hello."), EngineScripts.answer(Self.sentences[0])]
        var call = SimulatedCall(scripts) { $0.idle.prompt = .seconds(3) }
        call.voice = [2_000..<2_600]
        call.schedule(.face(.ready), at: 1_000)
        call.run(until: 14_000)
        #expect(call.shown.count == 2)
        let spoken = try #require(call.shown.first).time + 400 + 74 * 60
        let asked = try #require(call.shown.last).time
        #expect((spoken + 3_000...spoken + 3_060).contains(asked))
    }

    @Test func theRecordOfACallWithAFaceReplaysToTheOctet() throws {
        var call = Self.call(sound: 6_000..<6_900) { $0.face.fails = 2 }
        call.record(keepsAudio: false)
        call.run(until: 20_000)
        #expect(call.shown.count >= 2)
        let log = Replay(try FlightRecord(reading: call.flight)).run()
        #expect(log.text == call.log.text)
        #expect(log.digest == call.log.digest)
    }

    private static func words(of text: String, upTo characters: Int) -> String {
        var words: [Substring] = []
        var count = 0
        for word in text.split(separator: " ") {
            guard count + word.count <= characters else { break }
            words.append(word)
            count += word.count + 1
        }
        return words.joined(separator: " ")
    }
}
