import Events
import Pipeline

/// A call that a scripted agent leads, in virtual time; times are milliseconds from its start.
struct BridgedCall {
    private static let ulaw = 8

    var bridge: AgentBridge
    /// When the caller's voice is heard.
    var voice: [Range<Int>] = []
    /// What the agent says, in order.
    var said: [(time: Int, event: SpeechAgentEvent)] = []
    var keys: [(time: Int, key: Character)] = []
    /// `nil`: tools never answer.
    var toolDelayMilliseconds: Int?
    var canHandOver = true

    private(set) var carrier = SimulatedCarrier(octetsPerMillisecond: ulaw)
    private(set) var events: [(time: Int, body: EventBody)] = []
    private(set) var sent: [(time: Int, octets: [UInt8])] = []
    private(set) var clears: [Int] = []
    private(set) var truncations: [(response: Int, milliseconds: Int)] = []
    /// Tools whose results the agent was given.
    private(set) var results: [String] = []
    private(set) var toldToAgent: [String] = []
    private(set) var continuation: ConversationContinuation?
    private(set) var transferredAt: Int?
    private(set) var hungUpAt: Int?
    /// The longest time in which the caller waited and heard nothing.
    private(set) var longestSilence = 0

    /// Marks that a clear sent back.
    private var flushed: [PlayoutMark] = []
    private var tools: [(due: Int, call: ToolCall)] = []
    private var lastSound = 0
    /// Nothing was heard since the caller's voice.
    private var isOwed = true
    private var now = 0

    init(tellsResponseEnds: Bool = true) {
        var settings = ConversationSettings(language: .english, octetsPerSecond: 8_000)
        settings.fillers = [Filler(text: "One moment.", octets: Self.filler(800))]
        settings.apology = Filler(text: "Sorry.", octets: Self.filler(600))
        settings.keypad.digitTimeout = .seconds(3)
        settings.keypad.zeroForHuman = true
        bridge = AgentBridge(
            settings: settings, agent: "robot", tellsResponseEnds: tellsResponseEnds)
    }

    private static func filler(_ milliseconds: Int) -> [UInt8] {
        Array(repeating: 0xEE, count: milliseconds * ulaw)
    }

    mutating func run(until end: Int) {
        handle(.callStarted)
        var said = said[...]
        var keys = keys[...]
        while now < end, continuation == nil || !canHandOver, transferredAt == nil,
            hungUpAt == nil
        {
            now += 10
            let marks = flushed + carrier.advance(to: now)
            flushed = []
            for mark in marks { handle(.markReturned(mark)) }
            while let next = said.first, next.time <= now {
                said.removeFirst()
                handle(.agent(next.event))
            }
            while let next = keys.first, next.time <= now {
                keys.removeFirst()
                handle(.keyPressed(digit: next.key))
            }
            for tool in tools where tool.due <= now {
                handle(
                    .toolAnswered(
                        ToolResult(callID: tool.call.id, succeeded: true, content: "{}"),
                        took: .milliseconds(toolDelayMilliseconds ?? 0)))
            }
            tools.removeAll { $0.due <= now }
            guard now.isMultiple(of: 20) else { continue }
            let isVoiced = voice.contains { $0.contains(now - 20) }
            handle(.frameHeard(speechProbability: isVoiced ? 1 : 0))
            handle(.tick)
            // From the hand-over on the next one sees to it.
            if continuation == nil { noteSilence(isVoiced: isVoiced) }
        }
    }

    /// From the call's start to the greeting, and from each end of the caller's voice to whatever
    /// is heard next.
    private mutating func noteSilence(isVoiced: Bool) {
        if isVoiced || !carrier.isSilent {
            lastSound = now
            isOwed = isVoiced
        }
        // Who has heard an answer waits only while more of it is due.
        let waits = isOwed || bridge.phase == .processing || bridge.phase == .agentSpeaking
        if waits { longestSilence = max(longestSilence, now - lastSound) }
    }

    private mutating func handle(_ event: AgentBridge.Event) {
        let time = MonotonicTime(sinceStart: .milliseconds(now))
        bridge.handle(event, at: time)
        while let action = bridge.nextAction() { perform(action) }
        bridge.performed(at: time)
    }

    private mutating func perform(_ action: AgentBridge.Action) {
        switch action {
        case .sendAudio(let octets):
            carrier.send(octets)
            sent.append((now, octets))
        case .sendMark(let mark): carrier.send(mark)
        case .sendClear:
            clears.append(now)
            flushed += carrier.clear()
        case .emit(let body): events.append((now, body))
        case .runTool(let call):
            if let delay = toolDelayMilliseconds { tools.append((now + delay, call)) }
        case .giveResult(let result): results.append(result.callID)
        case .sayToAgent(let text): toldToAgent.append(text)
        case .addContext, .stopAgent: break
        case .truncate(let response, let milliseconds):
            truncations.append((response, milliseconds))
        case .handOver(let continuation):
            self.continuation = continuation
            if !canHandOver { handle(.handOverFailed) }
        case .transfer: transferredAt = now
        case .hangUp: hungUpAt = now
        }
    }

    // MARK: What came of it

    var turns: [TurnRecord] {
        events.compactMap { if case .turnCompleted(let turn) = $0.body { turn } else { nil } }
    }
    var interruptions: [Interruption] {
        events.compactMap {
            if case .interruption(let interruption) = $0.body { interruption } else { nil }
        }
    }
    /// What `agent_speech` told, fillers left out.
    var speeches: [String] {
        events.compactMap {
            if case .agentSpeech(let speech) = $0.body, !speech.filler { speech.text } else { nil }
        }
    }

    func octets(after time: Int) -> [UInt8] {
        sent.filter { $0.time > time }.flatMap(\.octets)
    }
}
