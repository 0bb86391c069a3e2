internal import Events
internal import Foundation
internal import Records

/// One call that runs at Vapi: makes of messages, in whatever order and however often they come,
/// what the journal has of a call.
///
/// Everything it decides by follows from the journal, so that a gateway that was restarted goes on
/// where it was. Time is the wall clock, because what is waited for may come after a restart.
struct VapiCall {
    /// What follows from a message, to be done in this order.
    enum Effect {
        case journal([JournalEntry])
        case keep(CallChange)
        /// What the analysis of the call found: JSON, and a summary in words.
        case analysis(findings: String?, summary: String?)
    }

    private enum Phase: Equatable {
        /// The journal has nothing of it.
        case unknown
        case live
        /// Vapi has said that it is over, and may still say how it was.
        case ending(reason: String, since: Date)
        /// `call_ended` is in the journal; `isReported`: after Vapi's report.
        case over(isReported: Bool)
    }

    struct Settings: Sendable {
        /// ISO 639-1, of calls whose assistant names none.
        var language = "en"
        /// How long the report is waited for once a call is over.
        var reportWait = Duration.seconds(30)
        /// A call of which nothing is heard for so long is over.
        var quietLimit = Duration.seconds(1_800)
    }

    let id: String
    /// Who has this address can steer the call; never kept.
    private(set) var controlURL: String?
    let settings: Settings
    private var phase = Phase.unknown
    private var started = Date.distantPast
    private var answered: Date?
    private var heardAt = Date.distantPast
    var turns = RemoteTurns()
    var tools = RemoteTools()
    /// All that was said, and of it what only a history of the call told.
    private var known = KnownWords()
    private var written = KnownWords()
    private var hasTranscripts = false
    private var wordsAreHidden = false
    private var isTransferred = false
    private var seen = RecentValues<Int>(limit: 4_000)
    private var digests = RecentValues<UInt64>(limit: 512)
    private var counts = (turns: 0, interruptions: 0)
    private var conclusions: CallConclusions

    init(id: String, settings: Settings) {
        self.id = id
        self.settings = settings
        conclusions = CallConclusions(language: settings.language)
    }

    /// When `expire(at:)` is due; `nil` while nothing is waited for.
    var deadline: Date? {
        switch phase {
        case .unknown, .over: nil
        case .live: heardAt.addingTimeInterval(settings.quietLimit / .seconds(1))
        case .ending(_, let since): since.addingTimeInterval(settings.reportWait / .seconds(1))
        }
    }

    /// It can be steered.
    var isLive: Bool { phase == .live }
    /// Nothing more is expected of it.
    var isSettled: Bool { phase == .over(isReported: true) }

    /// Since the call was answered, in milliseconds' steps.
    func seconds(at time: Date) -> Double {
        (max(0, time.timeIntervalSince(answered ?? started)) * 1_000).rounded() / 1_000
    }

    // MARK: Messages

    /// - Parameters:
    ///   - message: of this call.
    ///   - now: when it came.
    /// - Returns: nothing for a message that was here before.
    mutating func handle(_ message: VapiMessage, at now: Date) -> [Effect] {
        if let url = message.call?.controlURL { controlURL = url }
        guard digests.insert(message.digest), phase != .over(isReported: true) else { return [] }
        heardAt = now
        let time = message.time.map { min($0, now.addingTimeInterval(60)) } ?? now
        if case .report(let report) = message.kind { return take(report, message, at: time) }
        var entries: [JournalEntry] = []
        guard begin(with: message, at: time, &entries) else { return [] }
        var effects: [Effect] = []
        switch message.kind {
        case .status(let status): entries += take(status, at: time)
        case .transcript(let said, let isFinal):
            let isFirst = !hasTranscripts
            entries += take(said, isFinal: isFinal, at: time)
            if isFirst { effects = [.keep(.liveTranscript(enabled: true))] }
        case .speech(let isStarted, .user) where !isOver:
            entries += entry(isStarted ? .speechStarted : .speechEnded, at: time)
        case .userInterrupted where !isOver: entries += entry(turns.interrupted(), at: time)
        case .hang where !isOver:
            entries += entry(.carrierStatus(CarrierStatus(leg: "agent", status: "hang")), at: time)
        case .conversation(let history):
            entries += take(history, includingWords: !hasTranscripts, at: time)
        case .toolCalls(let calls):
            entries += calls.flatMap { entriesOfCall($0, at: time) }
        case .functionCall(let call): entries += entriesOfCall(call, at: time)
        case .speech, .userInterrupted, .hang, .report, .assistantRequest,
            .transferDestinationRequest, .unknown:
            break
        }
        return entries.isEmpty ? effects : [.journal(entries)] + effects
    }

    /// A caller is sent to a human: `destination` is a number or address.
    mutating func transferred(
        to destination: String?, reason: String, at time: Date
    ) -> [JournalEntry] {
        guard !isTransferred, phase != .unknown else { return [] }
        isTransferred = true
        var transfer = TransferRequested(
            department: "human", priority: "normal", reason: reason)
        transfer.destination = destination
        return entry(.transferRequested(transfer), at: time)
    }

    mutating func toolAnswered(_ result: ToolResultRecord, at time: Date) -> [JournalEntry] {
        guard phase != .unknown, tools.take(result) else { return [] }
        return entry(.toolResult(result), at: time)
    }

    /// Ends a call that Vapi has not reported, or has said nothing of for long.
    mutating func expire(at now: Date) -> [JournalEntry] {
        guard let deadline, now >= deadline else { return [] }
        let (reason, time) =
            if case .ending(let reason, let since) = phase {
                (VapiEndReason.name(reason), since)
            } else {
                ("connection_lost", heardAt)
            }
        return close(reason, at: time, lasting: seconds(at: time), isReported: false)
    }

    // MARK: Restart

    /// Goes on with what the journal has of the call.
    ///
    /// - Parameter events: all of it, in order.
    mutating func restore(_ events: [CallEvent]) {
        for event in events {
            heardAt = max(heardAt, event.time)
            _ = isNew(event.body, at: event.time)
            turns.restore(event.body)
            tools.restore(event.body)
            _ = conclude(from: event.body)
            switch event.body {
            case .callStarted:
                started = event.time
                phase = .live
            case .carrierStatus(let status) where status.status == "in-progress":
                answered = answered ?? event.time
            case .carrierStatus(let status) where status.status == "ended":
                phase = .ending(reason: "unknown", since: event.time)
            case .transcript(let said) where said.isFinal: know(said.text, of: .user)
            case .agentSpeech(let said): know(said.text, of: .agent)
            case .turnCompleted: counts.turns += 1
            case .interruption: counts.interruptions += 1
            case .transferRequested: isTransferred = true
            case .callEnded:
                // Whether Vapi reported it, its words do not say; a report sent twice does no harm.
                phase = .over(isReported: false)
            default: break  // decides nothing
            }
        }
        // What comes late to a call that is over may have been told by its report.
        if isOver { written = known }
    }

    private mutating func know(_ text: String, of speaker: RemoteTurns.Speaker) {
        if text == Redaction.removed { wordsAreHidden = true }
        known.add(text, of: speaker)
    }

    // MARK: Private

    private var isOver: Bool { if case .over = phase { true } else { false } }

    /// - Returns: whether the call has begun, now or before.
    private mutating func begin(
        with message: VapiMessage, at time: Date, _ entries: inout [JournalEntry]
    ) -> Bool {
        guard phase == .unknown else { return true }
        switch message.kind {
        case .status(let status):
            guard ["ringing", "in-progress", "forwarding", "ended"].contains(status.name) else {
                return false
            }
        case .assistantRequest, .unknown: return false
        case .transcript, .speech, .userInterrupted, .hang, .conversation, .toolCalls,
            .functionCall, .report, .transferDestinationRequest:
            break
        }
        let facts = message.call
        started = min(facts?.started ?? time, time)
        phase = .live
        let isOutbound = facts?.isOutbound == true
        var start = CallStarted(
            carrier: CallSource.vapi.rawValue, carrierCallID: facts?.id ?? id,
            language: facts?.language ?? settings.language)
        start.from = isOutbound ? facts?.phoneNumber : facts?.customerNumber
        start.to = isOutbound ? facts?.customerNumber : facts?.phoneNumber
        start.direction = (isOutbound ? CallDirection.outbound : .inbound).rawValue
        entries += entry(.callStarted(start), at: started)
        return true
    }

    private mutating func take(_ status: VapiMessage.Status, at time: Date) -> [JournalEntry] {
        guard !isOver else { return [] }
        if status.name == "in-progress", answered == nil { answered = max(started, time) }
        var entries: [JournalEntry] = []
        if ["ringing", "in-progress", "forwarding", "ended"].contains(status.name) {
            let told = CarrierStatus(leg: "call", status: status.name)
            entries = entry(.carrierStatus(told), at: time)
        }
        if status.name == "forwarding" {
            entries += transferred(
                to: status.destination, reason: "the assistant forwards the call", at: time)
        }
        if status.name == "ended", phase == .live {
            phase = .ending(reason: status.endedReason ?? "unknown", since: heardAt)
        }
        return entries
    }

    private mutating func take(
        _ said: VapiMessage.Said, isFinal: Bool, at time: Date
    ) -> [JournalEntry] {
        hasTranscripts = true
        guard isFinal else {
            guard !isOver else { return [] }
            var words = Transcript(text: said.text, isFinal: false, turn: turns.userTurn)
            if said.speaker == .agent {
                words = Transcript(text: said.text, isFinal: false, turn: turns.turn)
                words.speaker = "ai"
            }
            return entry(.transcript(words), at: time)
        }
        // A history of the call was faster.
        if written.remove(said.text, of: said.speaker) { return [] }
        return speak(said, at: time)
    }

    private mutating func speak(_ said: VapiMessage.Said, at time: Date) -> [JournalEntry] {
        // What was said at the same moment in the same words was said once.
        let words: EventBody =
            switch said.speaker {
            case .user: .transcript(Transcript(text: said.text, isFinal: true, turn: 0))
            case .agent: .agentSpeech(AgentSpeech(text: said.text, turn: 0, filler: false))
            }
        guard isNew(words, at: time) else { return [] }
        known.add(said.text, of: said.speaker)
        return turns.said(said.text, by: said.speaker).flatMap {
            entry($0, at: time, isChecked: true)
        }
    }

    private mutating func take(
        _ history: VapiHistory, includingWords takesWords: Bool, isComplete: Bool = false,
        at time: Date
    ) -> [JournalEntry] {
        var entries: [JournalEntry] = []
        if takesWords, !wordsAreHidden {
            var left = known
            for sentence in history.sentences where sentence.isWhole || isComplete {
                guard !left.remove(sentence.said.text, of: sentence.said.speaker) else { continue }
                written.add(sentence.said.text, of: sentence.said.speaker)
                entries += speak(sentence.said, at: sentence.time ?? time)
            }
        }
        for use in history.toolUses {
            entries += entriesOfCall(use.call, at: use.time ?? time)
        }
        for result in history.toolResults {
            let began = history.toolUses.first { $0.call.id == result.callID }?.time
            let took = result.time.flatMap { end in began.map { end.timeIntervalSince($0) } }
            entries += toolAnswered(
                ToolResultRecord(
                    id: result.callID, name: result.name, succeeded: true, result: result.result,
                    durationMilliseconds: max(0, (took ?? 0) * 1_000)),
                at: result.time ?? time)
        }
        return entries
    }

    private mutating func entriesOfCall(_ call: VapiToolCall, at time: Date) -> [JournalEntry] {
        guard tools.take(call) else { return [] }
        return entry(
            .toolCall(ToolCallRecord(id: call.id, name: call.name, arguments: call.arguments)),
            at: time)
    }

    private mutating func take(
        _ report: VapiReport, _ message: VapiMessage, at time: Date
    ) -> [Effect] {
        var entries: [JournalEntry] = []
        _ = begin(with: message, at: report.started ?? time, &entries)
        if answered == nil { answered = report.started }
        entries += take(report.history, includingWords: true, isComplete: true, at: time)
        var effects: [Effect] = entries.isEmpty ? [] : [.journal(entries)]
        // Whoever is told of the end finds all this.
        if let url = report.recordingURL { effects.append(.keep(.recording(url))) }
        if report.summary != nil || report.findings != nil {
            effects.append(.analysis(findings: report.findings, summary: report.summary))
        }
        let ended = report.ended ?? time
        let lasting = report.started.map { max(0, ended.timeIntervalSince($0)) }
        effects.append(
            .journal(
                close(
                    VapiEndReason.name(report.endedReason), at: ended,
                    lasting: lasting ?? seconds(at: ended), cost: report.cost, isReported: true)))
        return effects
    }

    private mutating func close(
        _ reason: String, at time: Date, lasting durationSeconds: Double, cost: Double? = nil,
        isReported: Bool
    ) -> [JournalEntry] {
        var entries = turns.complete().flatMap { entry($0, at: time, isChecked: true) }
        var end = CallEnded(
            reason: reason, durationSeconds: (durationSeconds * 1_000).rounded() / 1_000,
            turns: counts.turns, interruptions: counts.interruptions)
        if let micros = Money.micros(cost) {
            end.costMicros = micros
            end.currency = "USD"
        }
        phase = .over(isReported: isReported)
        // A report may come again after a restart.
        guard isNew(.callEnded(end), at: time) else { return entries }
        entries.append(JournalEntry(.callEnded(end), time: time, secondsFromStart: durationSeconds))
        return entries
    }

    private mutating func entry(
        _ body: EventBody, at time: Date, isChecked: Bool = false
    ) -> [JournalEntry] {
        guard isChecked || isNew(body, at: time) else { return [] }
        switch body {
        case .turnCompleted: counts.turns += 1
        case .interruption: counts.interruptions += 1
        default: break  // not counted
        }
        return ([body] + conclude(from: body)).map {
            JournalEntry($0, time: time, secondsFromStart: seconds(at: time))
        }
    }

    private mutating func conclude(from body: EventBody) -> [EventBody] {
        if case .callStarted(let start) = body {
            conclusions = CallConclusions(language: start.language)
        }
        return conclusions.conclude(from: body)
    }

    /// Whether the same has not happened at the same millisecond.
    private mutating func isNew(_ body: EventBody, at time: Date) -> Bool {
        var hasher = Hasher()
        hasher.combine(body.type)
        hasher.combine(Int64((time.timeIntervalSince1970 * 1_000).rounded()))
        switch body {
        case .transcript(let said):
            hasher.combine(said.text)
            hasher.combine(said.isFinal)
            hasher.combine(said.speaker)
        case .agentSpeech(let said): hasher.combine(said.text)
        case .carrierStatus(let status): hasher.combine(status.status)
        case .toolCall(let call): hasher.combine(call.id)
        case .toolResult(let result): hasher.combine(result.id)
        case .callEnded(let end):
            hasher.combine(end.reason)
            hasher.combine(end.costMicros)
        default: break  // one of a kind at a time
        }
        return seen.insert(hasher.finalize())
    }
}
