/// Runs a recorded call again.
package struct Replay: Sendable {
    package let record: FlightRecord

    package init(_ record: FlightRecord) { self.record = record }

    /// The same inputs at the same times: gives what the live call decided.
    package func run() -> DecisionLog {
        var machine = ReplayedConversation(settings: record.call.settings)
        for entry in record.entries {
            switch entry {
            case .event(let event, let now): machine.handle(event, at: now)
            case .performed(let now): machine.performed(at: now)
            case .audio, .missing, .full, .digest: break
            }
        }
        return machine.log
    }

    /// Whether a replay decides as the live call did; `nil` when the record does not tell.
    package func isFaithful(_ log: DecisionLog) -> Bool? {
        guard record.isComplete else { return nil }
        return record.digest.map { $0 == log.digest.value }
    }
}

/// A conversation whose decisions are kept.
struct ReplayedConversation {
    private(set) var conversation: Conversation
    private(set) var log = DecisionLog()
    private var phase: Conversation.Phase

    init(settings: ConversationSettings) {
        conversation = Conversation(settings: settings)
        phase = conversation.phase
    }

    /// - Returns: what was decided.
    @discardableResult
    mutating func handle(
        _ event: Conversation.Event, at now: MonotonicTime
    ) -> [Conversation.Action] {
        conversation.handle(event, at: now)
        var actions: [Conversation.Action] = []
        while let action = conversation.nextAction() {
            log.add(action, at: now)
            actions.append(action)
        }
        if conversation.phase != phase {
            phase = conversation.phase
            log.add(phase, at: now)
        }
        return actions
    }

    mutating func performed(at now: MonotonicTime) { conversation.performed(at: now) }
}
