import Events
import Pipeline
import Testing

/// Who answers a call that we made, and what is said to a machine.
@Suite struct AnsweringMachineTests {
    /// The verdict and its time in tenths of a second.
    ///
    /// One character of sound per 100 ms: `v` voice, `.` none; then silence.
    @Test(arguments: [
        ("....vvvvv", "human 14"),  // "¿bueno?"
        ("..vv.vvv", "human 13"),  // "hello, yes"
        ("....vvvvvvvvvvvvvvvvvvvvvvvvvv", "machine 23"),
        ("....vvvvvvvv...vvvvvvvvvvvvvvvvv", "machine 23"),  // breathes between sentences
        ("....vvvvvvvvvvvvvvv", "human 24"),  // a receptionist's 1.5 s
        ("", "human 40"),
        ("...................................vvvvvvvvvvvvvvvvvvvvvvvvv", "human 40"),
    ])
    func verdict(sound: String, expected: String) {
        var settings = AnsweringMachine.Settings()
        settings.isDetected = true
        var machine = AnsweringMachine(settings: settings)
        var actual: [String] = []
        _ = machine.handle(.answered, at: MonotonicTime(sinceStart: .zero))
        for tenth in 1...70 {
            let index = tenth - 1
            let isSpeaking = index < sound.count && Array(sound)[index] == "v"
            let now = MonotonicTime(sinceStart: .milliseconds(tenth * 100))
            switch machine.handle(.listened(isSpeaking: isSpeaking), at: now) {
            case .none: break
            case .human: actual.append("human \(tenth)")
            case .machine: actual.append("machine \(tenth)")
            // Without a beep, three seconds after its last word.
            case .leaveMessage: break
            }
        }
        #expect(actual == [expected])
    }

    @Test(arguments: [
        ("Hi, you've reached Ana. Please leave a message after the tone.", true),
        ("deje su mensaje después del tono", true), ("Bienvenido al buzón de voz", true),
        ("No podemos atender su llamada", true), ("I CAN’T COME TO THE PHONE right now", true),
        ("bueno", false), ("hello", false), ("yes this is she", false), ("¿quién habla?", false),
        ("can you leave a messenger bag", false), ("taller del tono", false), ("", false),
    ])
    func wordsTell(text: String, isMachine: Bool) {
        var settings = AnsweringMachine.Settings()
        settings.isDetected = true
        var machine = AnsweringMachine(settings: settings)
        let start = MonotonicTime(sinceStart: .zero)
        _ = machine.handle(.answered, at: start)
        let action = machine.handle(.words(text), at: start)
        #expect(action == (isMachine ? .machine : .none))
        // Also when a short first sentence was taken for a human's, for a while.
        var later = AnsweringMachine(settings: settings)
        _ = later.handle(.answered, at: start)
        _ = later.handle(.listened(isSpeaking: false), at: start.advanced(by: .seconds(4)))
        var late = later
        #expect(
            later.handle(.words(text), at: start.advanced(by: .seconds(14)))
                == (isMachine ? .machine : .none))
        #expect(late.handle(.words(text), at: start.advanced(by: .seconds(16))) == .none)
    }

    // MARK: In a call

    private static func call(
        voice: [Range<Int>], heardAs words: String, message: String = "",
        change: (inout ConversationSettings) -> Void = { _ in }
    ) -> SimulatedCall {
        var scripts = EngineScripts()
        scripts.models = [EngineScripts.answer("Good morning, this is the workshop.")]
        scripts.recognitions = [.says(words)]
        var call = SimulatedCall(scripts) { settings in
            settings.voicemail.isDetected = true
            settings.voicemail.message = message
            settings.idle.prompt = .seconds(8)
            change(&settings)
        }
        call.voice = voice
        return call
    }

    private static func hangUpReason(_ call: SimulatedCall) -> EndReason? {
        for case .hangUp(let reason) in call.actions.map(\.action) { return reason }
        return nil
    }

    private static let message = "Your car is ready. Please call the workshop."

    @Test func humansAreAnswered() {
        var call = Self.call(voice: [600..<1_100], heardAs: "hello")
        call.run(until: 6_000)
        #expect(call.requests.count == 1)
        #expect(call.requests.first?.request.history == [.user("hello")])
        #expect(call.soundTime(from: 0).map { $0 < 2_500 } == true)
        #expect(Self.hangUpReason(call) == nil)
    }

    /// Nobody speaks, or only coughs: the agent greets once it is clear that none will.
    @Test(arguments: [([Range<Int>](), 4_000), ([600..<720], 1_220)])
    func whoSaysNothingIsGreeted(voice: [Range<Int>], at time: Int) throws {
        var call = Self.call(voice: voice, heardAs: "")
        call.run(until: 7_000)
        #expect(call.requests.count == 1)
        let asked = try #require(call.requests.first)
        #expect(asked.request.history.isEmpty)
        #expect((time...time + 200).contains(asked.time))
        #expect(call.conversation.phase == .idle)
    }

    /// What is known of them is no word of anybody's.
    @Test func whoIsKnownIsGreetedAllTheSame() throws {
        var call = Self.call(voice: [], heardAs: "")
        call.schedule(.ordered(.addContext("That is Ana's number.")), at: 200)
        call.run(until: 7_000)
        let asked = try #require(call.requests.first)
        #expect(asked.request.history == [.context("That is Ana's number.")])
        #expect((4_000...4_200).contains(asked.time))
    }

    @Test func machinesAreHungUpOn() {
        var call = Self.call(voice: [600..<6_000], heardAs: "…")
        call.run(until: 8_000)
        #expect(Self.hangUpReason(call) == .voicemail)
        #expect(EndReason.voicemail.rawValue == "voicemail")
        // 1.8 s of greeting after the 100 ms it takes to be speech.
        #expect(call.hangUpTime.map { (2_400...2_540).contains($0) } == true)
        #expect(call.requests.isEmpty)
        #expect(call.carrier.heard.isEmpty)
    }

    /// The message starts with the beep's end and the call ends with the message's.
    @Test func messagesComeAfterTheBeep() throws {
        var call = Self.call(
            voice: [600..<6_000, 6_400..<9_000], heardAs: "", message: Self.message)
        call.schedule(.beepHeard, at: 10_200)
        call.run(until: 30_000)
        let sound = try #require(call.carrier.sounds.first)
        #expect((10_200...10_400).contains(sound.start))
        #expect(call.carrier.sounds.count == 1)
        #expect(call.isHeardWholly(generation: call.conversation.history.isEmpty ? 0 : 1))
        #expect(call.conversation.history == [.agent(Self.message, interrupted: false)])
        #expect(Self.hangUpReason(call) == .voicemail)
        #expect(call.hangUpTime.map { (sound.end...sound.end + 40).contains($0) } == true)
        #expect(call.requests.isEmpty)
        #expect(call.conversation.turnsTaken == 0)
    }

    /// Machines without a beep: three seconds after their last word.
    @Test func aBeepIsNotWaitedForInVain() {
        var call = Self.call(voice: [600..<6_000], heardAs: "", message: Self.message)
        call.run(until: 30_000)
        #expect(call.soundTime(from: 0).map { (9_000...9_300).contains($0) } == true)
        #expect(Self.hangUpReason(call) == .voicemail)
    }

    /// "Hello." — a pause — "Please leave a message": taken for a human, until the words come.
    @Test func wordsCorrectTheVerdict() throws {
        var call = Self.call(
            voice: [600..<1_100, 1_900..<5_000], heardAs: "hello", message: Self.message)
        call.scripts.recognitions = [
            .says("hello"),
            .init(
                outcome: .final("please leave a message"),
                interims: [(text: "please leave a message", delayMilliseconds: 1_000)]),
        ]
        call.schedule(.beepHeard, at: 6_000)
        call.run(until: 20_000)
        #expect(Self.hangUpReason(call) == .voicemail)
        guard case .agent(Self.message, interrupted: false) = call.conversation.history.last else {
            Issue.record("the message was not left whole")
            return
        }
        #expect(call.actions.filter { $0.time > 3_500 && $0.time < 6_000 }.isEmpty)
    }

    /// What the carrier has found out is not found out again.
    @Test func theCarrierMayKnow() {
        var hungUp = Self.call(voice: [], heardAs: "") { $0.voicemail.isKnown = true }
        hungUp.run(until: 100)
        #expect(Self.hangUpReason(hungUp) == .voicemail)
        var told = Self.call(voice: [], heardAs: "", message: Self.message) {
            $0.voicemail.isKnown = true
        }
        told.schedule(.beepHeard, at: 900)
        told.run(until: 15_000)
        #expect(told.soundTime(from: 0).map { (900...1_100).contains($0) } == true)
        #expect(Self.hangUpReason(told) == .voicemail)
    }

    /// A synthesiser that fails must not put an answering machine through to a human.
    @Test func failedMessagesHangUp() {
        var call = Self.call(voice: [600..<3_000], heardAs: "", message: Self.message)
        call.scripts.syntheses = [.init(limit: 0, ending: .fail)]
        call.run(until: 20_000)
        #expect(Self.hangUpReason(call) == .voicemail)
        #expect(!call.isTransferred)
    }

    /// Calls to us are greeted at once; a beep in them means nothing.
    @Test func inboundCallsAreGreeted() {
        var call = Self.call(voice: [], heardAs: "") { $0.voicemail.isDetected = false }
        call.schedule(.beepHeard, at: 500)
        call.run(until: 4_000)
        #expect(call.requests.map(\.time) == [0])
        #expect(Self.hangUpReason(call) == nil)
        #expect(!call.conversation.listensForBeep)
    }
}
