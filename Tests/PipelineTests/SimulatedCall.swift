import Events
import Pipeline

/// A whole call in virtual time: a conversation, a scripted caller and engines, and a carrier.
///
/// Times are whole milliseconds since the call began. Every 20 ms the carrier has played, then the
/// caller's frame is heard, then the tick comes; engine results come at their own time in between.
/// Cancelled engines go on regardless, so that late results are always among what is tested.
struct SimulatedCall {
    /// Octets of fillers and of the apology; speech has the top bit set.
    static let fillerOctet: UInt8 = 0x10
    static let apologyOctet: UInt8 = 0x60

    let settings: ConversationSettings
    var conversation: Conversation
    /// Keeps every input, as a live call's flight recorder does.
    var recorder: FlightRecordWriter?
    private(set) var log = DecisionLog()
    var scripts: EngineScripts
    /// When the caller makes a sound: ranges of milliseconds, cut to frames of 20.
    var voice: [Range<Int>] = []
    /// Frames that never came.
    var lostFrames: Range<Int> = 0..<0
    /// From a mark's being reached to its return; `nil`: marks are lost.
    var markDelay: Int? = 0

    private(set) var now = 0
    private(set) var carrier: SimulatedCarrier
    private(set) var actions: [(time: Int, action: Conversation.Action)] = []
    private(set) var events: [(time: Int, body: EventBody)] = []
    private(set) var requests: [(time: Int, request: ModelRequest, generation: Int)] = []
    private(set) var phases: [(time: Int, phase: Conversation.Phase)] = [(0, .idle)]
    /// Each answer's synthesised audio, by generation, and its chunks' texts with octet counts.
    private(set) var synthesised: [Int: [UInt8]] = [:]
    private(set) var chunks: [Int: [(text: String, octetCount: Int)]] = [:]

    /// What a face was given to speak.
    private(set) var shown: [(time: Int, text: String)] = []

    private var pending: [(time: Int, order: Int, event: Conversation.Event)] = []
    private var orders = 0
    private var lastTick = 0
    private var synthesisCount = 0
    private var toolCount = 0

    init(
        _ scripts: EngineScripts, octetsPerSecond: Int = 2_000, language: Language = .english,
        fillers: Int = 2, apology: Bool = true,
        settings change: (inout ConversationSettings) -> Void = { _ in }
    ) {
        var settings = ConversationSettings(language: language, octetsPerSecond: octetsPerSecond)
        settings.fillers = (0..<fillers).map { index in
            Filler(
                text: "Wait \(index).",
                octets: Array(repeating: Self.fillerOctet + UInt8(index), count: octetsPerSecond))
        }
        if apology {
            settings.apology = Filler(
                text: "Sorry.",
                octets: Array(repeating: Self.apologyOctet, count: octetsPerSecond))
        }
        change(&settings)
        self.settings = settings
        conversation = Conversation(settings: settings)
        carrier = SimulatedCarrier(octetsPerMillisecond: octetsPerSecond / 1_000)
        self.scripts = scripts
    }

    /// Runs the call from its start until `end`.
    mutating func run(until end: Int) {
        if now == 0 { handle(.callStarted) }
        while now < end {
            let tick = now - now % 20 + 20
            now = [tick, end, pending.first?.time, carrier.nextMarkTime].compactMap { $0 }
                .reduce(Int.max, min)
            returnMarks(carrier.advance(to: now))
            while let next = pending.first, next.time <= now {
                pending.removeFirst()
                handle(next.event)
            }
            guard now % 20 == 0, now > lastTick else { continue }
            lastTick = now
            if !lostFrames.contains(now) {
                let isVoiced = voice.contains { $0.contains(now - 20) }
                handle(.frameHeard(speechProbability: isVoiced ? 0.9 : 0.05))
            }
            handle(.tick)
        }
    }

    mutating func handle(_ event: Conversation.Event) {
        let instant = instant(now)
        recorder?.append(event, at: instant)
        conversation.handle(event, at: instant)
        while let action = conversation.nextAction() {
            actions.append((now, action))
            log.add(action, at: instant)
            perform(action)
        }
        let performedAt = instant.advanced(by: .milliseconds(scripts.sendDelayMilliseconds))
        recorder?.appendPerformed(at: performedAt)
        conversation.performed(at: performedAt)
        if conversation.phase != phases[phases.count - 1].phase {
            phases.append((now, conversation.phase))
            log.add(conversation.phase, at: instant)
        }
    }

    /// `event` happens at `time`.
    mutating func schedule(_ event: Conversation.Event, at time: Int) {
        let index = pending.firstIndex { $0.time > time } ?? pending.count
        pending.insert((max(time, now), orders, event), at: index)
        orders += 1
    }

    private func instant(_ time: Int) -> MonotonicTime {
        MonotonicTime(sinceStart: .milliseconds(time))
    }

    private mutating func perform(_ action: Conversation.Action) {
        switch action {
        case .beginUtterance(let utterance):
            for interim in recognition(of: utterance.id).interims {
                deliver(.interim(interim.text), of: utterance.id, after: interim.delayMilliseconds)
            }
        case .finishUtterance(let id):
            let script = recognition(of: id)
            switch script.outcome {
            case .final(let text): deliver(.final(text), of: id, after: script.delayMilliseconds)
            case .failed:
                deliver(.failed(.failed("scripted")), of: id, after: script.delayMilliseconds)
            case .none: break
            }
        case .askModel(let request, let generation):
            let index = min(requests.count, scripts.models.count - 1)
            requests.append((now, request, generation))
            ask(scripts.models[index], generation)
        case .runTool(let call, let generation):
            let index = min(toolCount, scripts.toolDelays.count - 1)
            toolCount += 1
            guard let delayMilliseconds = scripts.toolDelays[index] else { return }
            let result = ToolResult(callID: call.id, succeeded: true, content: "{}")
            schedule(
                .toolAnswered(
                    result, generation: generation, took: .milliseconds(delayMilliseconds)),
                at: now + delayMilliseconds)
        case .speak(let text, let chunk): synthesise(text, chunk)
        case .speakByFace(let text, let chunk): show(text, chunk)
        case .sendAudio(let octets): carrier.send(octets)
        case .sendMark(let mark): carrier.send(mark)
        case .sendClear: returnMarks(carrier.clear())
        case .emit(let body): events.append((now, body))
        case .cancelUtterance, .cancelAnswer, .transfer, .hangUp: break
        }
    }

    private func recognition(of id: Utterance.ID) -> EngineScripts.Recognition {
        scripts.recognitions[min(id, scripts.recognitions.count) - 1]
    }

    private mutating func deliver(
        _ outcome: RecognitionResult.Outcome, of id: Utterance.ID, after delayMilliseconds: Int
    ) {
        let result = RecognitionResult(
            utterance: id, outcome: outcome, readyAt: instant(now + delayMilliseconds))
        schedule(.recognised(result), at: now + delayMilliseconds + scripts.queueDelay)
    }

    private mutating func returnMarks(_ marks: [PlayoutMark]) {
        guard let markDelay else { return }
        for mark in marks { schedule(.markReturned(mark), at: now + markDelay) }
    }

    private mutating func ask(_ steps: [EngineScripts.ModelStep], _ generation: Int) {
        var time = now
        for step in steps {
            switch step {
            case .event(let said, let delayMilliseconds):
                time += delayMilliseconds
                let timing = EngineTiming(askedAt: instant(now), readyAt: instant(time))
                schedule(
                    .modelSaid(said, generation: generation, timing: timing),
                    at: time + scripts.queueDelay)
            case .end(let delayMilliseconds):
                time += delayMilliseconds
                let timing = EngineTiming(askedAt: instant(now), readyAt: instant(time))
                schedule(
                    .modelEnded(generation: generation, timing: timing),
                    at: time + scripts.queueDelay)
            case .fail(let delayMilliseconds):
                time += delayMilliseconds
                schedule(.modelFailed(.failed("scripted"), generation: generation), at: time)
            }
        }
    }

    private mutating func synthesise(_ text: String, _ chunk: Conversation.ChunkID) {
        let script = scripts.syntheses[min(synthesisCount, scripts.syntheses.count - 1)]
        synthesisCount += 1
        let total = text.count * script.octetsPerCharacter
        chunks[chunk.generation, default: []].append((text, total))
        var time = now + script.delayMilliseconds
        var rest = min(total, script.limit)
        while rest > 0 {
            let octets = speech(min(rest, script.blockOctets), generation: chunk.generation)
            let start = min(total, script.limit) - rest
            let words = script.tellsWords ? Self.wordStarts(of: text, by: script) : []
            let block = SpeechBlock(
                octets: octets,
                words: words.filter { (start..<start + octets.count).contains($0.octet) }.map {
                    WordTiming(word: $0.word, start: duration(of: $0.octet))
                })
            let timing = EngineTiming(askedAt: instant(now), readyAt: instant(time))
            schedule(
                .speechReady(block, chunk: chunk, timing: timing),
                at: time + scripts.queueDelay)
            rest -= octets.count
            if rest > 0 { time += script.blockInterval }
        }
        time += scripts.queueDelay
        switch script.ending {
        case .complete: schedule(.speechEnded(chunk: chunk), at: time)
        case .fail: schedule(.speechFailed(.failed("scripted"), chunk: chunk), at: time)
        case .stall: break
        }
    }

    private mutating func show(_ text: String, _ chunk: Conversation.ChunkID) {
        shown.append((now, text))
        let script = scripts.face
        if script.fails == shown.count {
            return schedule(.face(.lost(.failed("scripted"))), at: now + script.lag)
        }
        let length = text.count * script.perCharacter
        schedule(
            .face(.spoke(chunk, lasting: .milliseconds(length))), at: now + script.lag + length)
    }

    private func duration(of octetCount: Int) -> Duration {
        .microseconds(octetCount * 1_000_000 / settings.octetsPerSecond)
    }

    /// Where the words of a chunk begin in its audio, every character lasting the same.
    static func wordStarts(
        of text: String, by script: EngineScripts.Synthesis
    ) -> [(word: String, octet: Int)] {
        var character = 0
        return text.split(separator: " ").map { word in
            defer { character += word.count + 1 }
            return (String(word), character * script.octetsPerCharacter)
        }
    }

    /// Octets that tell their generation and place: the top bit, three bits of the generation,
    /// and four bits that no shifted copy has in common.
    private mutating func speech(_ count: Int, generation: Int) -> [UInt8] {
        let start = synthesised[generation]?.count ?? 0
        let octets = (start..<start + count).map { index in
            var place = SeededGenerator(seed: UInt64(index))
            return 0x80 | UInt8(generation % 8) << 4 | UInt8(place.next() >> 60)
        }
        synthesised[generation, default: []] += octets
        return octets
    }
}
