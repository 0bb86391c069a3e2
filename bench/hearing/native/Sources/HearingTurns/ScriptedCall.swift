import Codecs
import Events
import Foundation
import Pipeline

/// A recorded caller, a real `Conversation` and scripted engines, in virtual time.
///
/// Every 20 ms a frame of the recording is heard and a tick comes, as on a media loop; results of
/// engines and marks come at their own milliseconds in between.
struct ScriptedCall {
    private static let frame = 20
    /// From the question to the model's first token, and from there to the end of its text.
    private static let modelDelay = 400
    private static let speechDelay = 150
    private static let farewell = "Thank you, goodbye."

    private let call: Plan.Call
    private var conversation: Conversation
    private var recognizer: ScriptedRecognizer
    private var carrier = ScriptedCarrier()
    private var speaker = ScriptedSpeaker()
    private var pending: [(time: Int, event: Conversation.Event)] = []
    private var phase = Conversation.Phase.idle
    /// An end was declared too early, and nothing of the answer was sent yet.
    private var cutTurn: Int?
    private var recorder: FlightRecordWriter?
    private var log: DecisionLog?
    private(set) var outcome: CallOutcome

    init(_ call: Plan.Call, run: Plan.Run, hearing: SpeechActivity.Settings) throws {
        self.call = call
        var settings = ConversationSettings(
            language: Language(rawValue: call.language) ?? .english, octetsPerSecond: 8_000)
        settings.speech = hearing
        settings.interimsAreStable = run.hasInterims
        for (name, value) in run.settings {
            try ConversationSetting(named: name).set(value, in: &settings)
        }
        conversation = Conversation(settings: settings)
        recognizer = ScriptedRecognizer(call, sendsInterims: run.hasInterims)
        outcome = CallOutcome(
            call: call.name, run: run.name,
            turns: call.turns.map { _ in CallOutcome.Turn() })
        guard run.isReplayed else { return }
        log = DecisionLog()
        recorder = FlightRecordWriter(
            FlightCall(
                callID: call.name, startedAt: 0, inbound: .telephone, outbound: .telephone,
                settings: settings))
    }

    mutating func run(_ frames: [Ear.Frame]) {
        handle(.callStarted, at: 0)
        for (index, frame) in frames.enumerated() {
            let now = (index + 1) * Self.frame
            deliver(until: now)
            noteBeginnings(at: now)
            if let intonation = frame.intonation { handle(.intonation(intonation), at: now) }
            handle(.frameHeard(speechProbability: frame.probability), at: now)
            handle(.tick, at: now)
        }
        let end = frames.count * Self.frame
        outcome.greeting = speaker.greeting(heard: carrier.heard(until: end))
        handle(.callEnded(.callerHungUp), at: end)
        replay(seconds: Double(end) / 1_000)
    }

    /// What engines and carrier have to say until `now`, each at its own time.
    private mutating func deliver(until now: Int) {
        while true {
            let times = [pending.first?.time, recognizer.nextTime, carrier.marks.first?.due]
            guard let time = times.compactMap(\.self).min(), time <= now else { return }
            // What is late was due while nobody listened.
            let moment = max(time, now - Self.frame + 1)
            if let first = pending.first, first.time <= time {
                pending.removeFirst()
                handle(first.event, at: moment)
            } else if let mark = carrier.returnedMark(at: time) {
                handle(.markReturned(mark), at: moment)
            } else if let (id, text) = recognizer.interim(at: time) {
                recognise(.interim(text), of: id, at: moment)
            }
        }
    }

    private mutating func recognise(
        _ outcome: RecognitionResult.Outcome, of id: Utterance.ID, at time: Int
    ) {
        let result = RecognitionResult(utterance: id, outcome: outcome, readyAt: instant(time))
        handle(.recognised(result), at: time)
    }

    private mutating func handle(_ event: Conversation.Event, at time: Int) {
        let now = instant(time)
        recorder?.append(event, at: now)
        conversation.handle(event, at: now)
        while let action = conversation.nextAction() {
            log?.add(action, at: now)
            perform(action, at: time)
        }
        recorder?.appendPerformed(at: now)
        conversation.performed(at: now)
        guard conversation.phase != phase else { return }
        notePhase(conversation.phase, at: time)
        log?.add(conversation.phase, at: now)
    }

    private func instant(_ time: Int) -> MonotonicTime {
        MonotonicTime(sinceStart: .milliseconds(time))
    }

    private mutating func schedule(_ event: Conversation.Event, at time: Int) {
        let index = pending.firstIndex { $0.time > time } ?? pending.count
        pending.insert((time, event), at: index)
    }

    private mutating func perform(_ action: Conversation.Action, at now: Int) {
        switch action {
        case .beginUtterance(let utterance): recognizer.begin(utterance.id, at: now)
        case .cancelUtterance: recognizer.cancel(at: now)
        case .finishUtterance(let id):
            guard let (text, time) = recognizer.finish(id, at: now) else { return }
            schedule(
                .recognised(
                    RecognitionResult(
                        utterance: id, outcome: .final(text), readyAt: instant(time))),
                at: time)
        case .askModel(_, let generation): answer(generation, at: now)
        case .speak(let text, let chunk): speak(text, chunk, at: now)
        case .sendAudio(let octets):
            cutTurn = nil
            carrier.send(octets, at: now)
        case .sendMark(let mark): carrier.send(mark, at: now)
        case .sendClear:
            outcome.clears.append(now)
            carrier.clear(at: now)
        case .emit(let body):
            if body.type == .interruption { outcome.interruptions.append(now) }
        case .runTool, .speakByFace, .cancelAnswer, .transfer, .hangUp: break
        }
    }

    /// The agent asks what the caller will answer next; cut off, it asks the same again.
    private mutating func answer(_ generation: Int, at now: Int) {
        let turn = call.turns.first { $0.end > now }
        let hints = RecognitionHints(
            expecting: turn.flatMap { ExpectedEntity(parsing: $0.expecting) })
        let text =
            generation == 1 ? call.greeting : turn == nil ? Self.farewell : "Go on, please."
        let time = now + Self.modelDelay
        let timing = EngineTiming(askedAt: instant(now), readyAt: instant(time))
        for said in [ModelEvent.expects(hints), .text(text)] {
            schedule(.modelSaid(said, generation: generation, timing: timing), at: time)
        }
        schedule(.modelEnded(generation: generation, timing: timing), at: time)
    }

    private mutating func speak(_ text: String, _ chunk: Conversation.ChunkID, at now: Int) {
        let time = now + Self.speechDelay
        let timing = EngineTiming(askedAt: instant(now), readyAt: instant(time))
        let block = speaker.speech(text, generation: chunk.generation)
        schedule(.speechReady(block, chunk: chunk, timing: timing), at: time)
        schedule(.speechEnded(chunk: chunk), at: time)
    }
}

// MARK: What is noted

extension ScriptedCall {
    /// Half a second before it begins a turn is the next one.
    private func turnIndex(at now: Int) -> Int? {
        call.turns.lastIndex { $0.start - 500 <= now }
    }

    private mutating func notePhase(_ next: Conversation.Phase, at now: Int) {
        let before = phase
        phase = next
        guard let index = turnIndex(at: now) else { return }
        if before == .processing, next == .userSpeaking, let cut = cutTurn {
            outcome.turns[cut].healed += 1
            cutTurn = nil
        }
        guard next == .processing else { return }
        if now < call.turns[index].end {
            outcome.turns[index].cuts.append(now)
            cutTurn = index
        } else if outcome.turns[index].end == nil {
            outcome.turns[index].end = now
        }
    }

    private mutating func noteBeginnings(at now: Int) {
        guard call.greeting.count < 100 else { return }  // the caller talks over a long one
        for index in call.turns.indices where (now - 20..<now).contains(call.turns[index].start) {
            outcome.turns[index].beganBusy = phase != .idle
        }
    }

    private mutating func replay(seconds: Double) {
        guard let log, var recorder else { return }
        recorder.append(log.digest)
        let octets = recorder.takeBlock()
        let clock = ContinuousClock()
        var again = ""
        var isFaithful = false
        let duration = clock.measure {
            guard let record = try? FlightRecord(reading: octets) else { return }
            let replayed = Replay(record).run()
            isFaithful = Replay(record).isFaithful(replayed) == true
            again = replayed.text
        }
        outcome.replay = CallOutcome.ReplayOutcome(
            isIdentical: isFaithful && Data(again.utf8) == Data(log.text.utf8),
            callSeconds: seconds, replaySeconds: duration.milliseconds / 1_000,
            decisions: log.entries.count)
    }
}
