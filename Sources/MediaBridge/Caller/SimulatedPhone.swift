internal import Codecs
internal import Pipeline

/// The pure half of a simulated Twilio call: a telephone that plays a script and listens.
///
/// Driven in steps of 20 ms on its own sample clock; `now` is only used to time `clear`.
struct SimulatedPhone {
    enum Output {
        case audio([UInt8])
        case digit(Character)
        case mark(String)
        case hangUp
    }

    struct Step: Sendable {
        enum Action: Sendable {
            case say(CallerRecording, interruptAfter: Int?)
            /// One after the other, `framesPerKey` apart.
            case press([Character], interruptAfter: Int?)
            case wait(frames: Int)
            case hangUp
        }
        let action: Action
        /// Does not wait for the agent to have spoken: whoever is called speaks first.
        var isAtOnce = false
    }

    private enum Activity {
        /// Waits for the agent to have finished (or to have begun, to interrupt it).
        case listening
        case speaking(CallerRecording, offset: Int)
        case pressing(ArraySlice<Character>, frames: Int)
        case waiting(frames: Int)
        case done
    }

    static let frameLength = 160
    /// The agent is done when nothing was heard for this long: longer than a pause between chunks.
    private static let turnGapFrames = 35  // 700 ms
    private static let framesPerKey = 10  // 200 ms
    private static let audibleDecibels = -45.0
    /// An agent that says nothing for this long has failed.
    private static let patienceFrames = 600  // 12 s

    private let steps: [Step]
    private var nextStep = 0
    private var activity = Activity.listening
    private var playback = PlaybackBuffer()
    private var frameCount = 0
    private let startedAt: MonotonicTime

    /// Frames since the agent was last audible; `nil` until it was, since the caller last spoke.
    private var quietFrames: Int?
    private var agentSpeaksSince: Int?
    private var waitedFrames = 0
    private var awaitsClear: Int?
    private var lastEpoch = 0
    private var outputs: [Output] = []

    private(set) var observations: [CallerObservation] = []
    private(set) var problems: [String] = []
    /// Both directions, sample for sample, for the recording.
    private(set) var callerAudio: [UInt8] = []
    private(set) var agentAudio: [UInt8] = []

    init(steps: [Step], startedAt now: MonotonicTime) {
        self.steps = steps
        startedAt = now
    }

    var isDone: Bool {
        if case .done = activity { true } else { false }
    }

    /// Steps of the script that were not begun.
    var stepsLeft: Int { steps.count - nextStep }

    /// What is to be sent; drain to `nil`.
    mutating func nextOutput() -> Output? { outputs.isEmpty ? nil : outputs.removeFirst() }

    /// When the next 20 ms are over.
    var nextStepDue: MonotonicTime {
        startedAt.advanced(by: .milliseconds(20 * (frameCount + 1)))
    }

    // MARK: What the gateway sends

    mutating func received(audio: [UInt8]) { playback.add(audio) }

    mutating func received(mark name: String) {
        if let mark = PlayoutMark(parsing: name) {
            if mark.epoch < lastEpoch, let last = observations.indices.last {
                observations[last].staleMarks += 1
            }
            lastEpoch = max(lastEpoch, mark.epoch)
        }
        if playback.add(mark: name) { outputs.append(.mark(name)) }
    }

    mutating func receivedClear(at now: MonotonicTime) {
        for name in playback.clear() { outputs.append(.mark(name)) }
        lastEpoch += 1
        guard let index = awaitsClear else { return }
        let onset = startedAt.advanced(by: .microseconds(observations[index].voiceStart * 125))
        // Noise before the voice may pause the answer too; that is no reaction to the voice.
        guard now >= onset else {
            observations[index].earlyClears += 1
            return
        }
        awaitsClear = nil
        observations[index].onsetToClear = onset.duration(to: now).milliseconds
    }

    // MARK: 20 ms of the call

    mutating func step() {
        decide()
        let spoken = speak()
        outputs.append(.audio(spoken))
        callerAudio += spoken
        let (heard, marks) = playback.play(Self.frameLength, silence: MuLaw.silence)
        agentAudio += heard
        listen(to: heard)
        for name in marks { outputs.append(.mark(name)) }
        frameCount += 1
    }

    private mutating func decide() {
        switch activity {
        case .listening:
            waitedFrames += 1
            guard nextStep < steps.count else {
                if (quietFrames ?? 0) >= Self.turnGapFrames { hangUp() }
                return expireWithoutAnswer()
            }
            let step = steps[nextStep]
            guard isDue(step) else { return expireWithoutAnswer() }
            nextStep += 1
            begin(step)
        case .waiting(let frames): activity = frames > 1 ? .waiting(frames: frames - 1) : .listening
        case .pressing(let keys, let frames): press(keys, after: frames)
        case .speaking, .done: break
        }
    }

    private func isDue(_ step: Step) -> Bool {
        if step.isAtOnce { return true }
        switch step.action {
        case .say(_, .some(let delay)), .press(_, .some(let delay)):
            guard let since = agentSpeaksSince else { return false }
            return (frameCount - since) * 20 >= delay
        case .say(_, nil), .press(_, nil), .wait, .hangUp: break
        }
        return (quietFrames ?? 0) >= Self.turnGapFrames
    }

    private mutating func begin(_ step: Step) {
        waitedFrames = 0
        switch step.action {
        case .say(let recording, let interruptAfter):
            let start = frameCount * Self.frameLength
            observations.append(
                CallerObservation(
                    recording: recording.name, text: recording.text,
                    voiceStart: start + recording.voice.lowerBound,
                    voiceEnd: start + recording.voice.upperBound,
                    interrupts: interruptAfter != nil))
            if interruptAfter != nil { awaitsClear = observations.count - 1 }
            quietFrames = nil
            agentSpeaksSince = nil
            activity = .speaking(recording, offset: 0)
        case .press(let keys, _):
            quietFrames = nil
            agentSpeaksSince = nil
            press(keys[...], after: 0)
        case .wait(let frames): activity = .waiting(frames: frames)
        case .hangUp: hangUp()
        }
    }

    private mutating func press(_ keys: ArraySlice<Character>, after frames: Int) {
        guard frames == 0, let key = keys.first else {
            activity = keys.isEmpty ? .listening : .pressing(keys, frames: frames - 1)
            return
        }
        outputs.append(.digit(key))
        let rest = keys.dropFirst()
        activity = rest.isEmpty ? .listening : .pressing(rest, frames: Self.framesPerKey - 1)
    }

    private mutating func speak() -> [UInt8] {
        guard case .speaking(let recording, let offset) = activity else {
            return Array(repeating: MuLaw.silence, count: Self.frameLength)
        }
        let end = offset + Self.frameLength
        activity = end < recording.octets.count ? .speaking(recording, offset: end) : .listening
        return Array(recording.octets[offset..<end])
    }

    private mutating func listen(to octets: [UInt8]) {
        guard let sample = Self.firstAudible(octets) else {
            quietFrames = quietFrames.map { $0 + 1 }
            return
        }
        let position = frameCount * Self.frameLength + sample
        if let last = observations.indices.last, observations[last].answeredAt == nil,
            position >= observations[last].voiceEnd
        {
            observations[last].answeredAt = position
        }
        switch activity {
        case .speaking, .pressing: return  // still the answer that is talked over
        case .listening, .waiting, .done: break
        }
        if let last = observations.last, position < last.voiceEnd { return }
        quietFrames = 0
        waitedFrames = 0
        agentSpeaksSince = agentSpeaksSince ?? frameCount
    }

    /// The first sample that can be heard; `nil` for a silent frame.
    private static func firstAudible(_ octets: [UInt8]) -> Int? {
        var samples = [Int16](repeating: 0, count: octets.count)
        var span = samples.mutableSpan
        MuLaw.decode(octets.span, into: &span)
        guard AudioLevel(of: samples.span).peak > audibleDecibels else { return nil }
        return samples.firstIndex { abs(Int($0)) > 180 }  // −45 dBFS
    }

    private mutating func expireWithoutAnswer() {
        guard quietFrames == nil, waitedFrames > Self.patienceFrames else { return }
        let what = observations.last.map { "to \"\($0.text ?? $0.recording)\"" } ?? "the call"
        problems.append("the agent did not answer \(what) within 12 s")
        hangUp()
    }

    private mutating func hangUp() {
        activity = .done
        outputs.append(.hangUp)
    }
}
