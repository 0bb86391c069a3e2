internal import Events

/// Makes turns of what is said in a call that runs elsewhere, which tells sentences only.
struct RemoteTurns {
    enum Speaker: String, Sendable, CaseIterable { case user, agent }

    /// The latest turn; 0: the agent's greeting.
    private(set) var turn = 0
    /// `nil` before the first turn and behind one that was completed.
    private var open: TurnRecord?
    /// What the agent has said in the latest turn.
    private var answer = ""

    /// The turn that words of the user belong to now.
    var userTurn: Int { open.map { $0.agent.isEmpty ? turn : turn + 1 } ?? turn + 1 }

    /// Takes words that were said to their end.
    ///
    /// - Returns: the words as an event, behind the completion of a turn that they end.
    mutating func said(_ text: String, by speaker: Speaker) -> [EventBody] {
        switch speaker {
        case .user:
            let next = userTurn
            let completed = next == turn ? [] : complete()
            take(text, ofUserIn: next)
            return completed + [.transcript(Transcript(text: text, isFinal: true, turn: next))]
        case .agent:
            take(text, ofAgentIn: turn)
            return [.agentSpeech(AgentSpeech(text: text, turn: turn, filler: false))]
        }
    }

    /// The user cut the answer off.
    mutating func interrupted() -> EventBody {
        open?.interrupted = true
        // How fast it fell silent, only whoever played it knows.
        return .interruption(
            Interruption(turn: turn, heard: answer, onsetToClearMilliseconds: 0))
    }

    /// Notes what is known of the turn that is open.
    mutating func measure(_ note: (inout TurnRecord) -> Void) {
        guard var record = open else { return }
        note(&record)
        open = record
    }

    /// Ends the turn that is open, if there is one.
    mutating func complete() -> [EventBody] {
        guard let record = open else { return [] }
        open = nil
        return [.turnCompleted(record)]
    }

    /// Takes what the journal has of the call, in order.
    mutating func restore(_ body: EventBody) {
        switch body {
        case .transcript(let said) where said.isFinal: take(said.text, ofUserIn: said.turn)
        case .agentSpeech(let said): take(said.text, ofAgentIn: said.turn)
        case .interruption: open?.interrupted = true
        case .turnCompleted: open = nil
        default: break  // nothing else is part of a turn
        }
    }

    private mutating func take(_ text: String, ofUserIn number: Int) {
        if number == turn, open != nil {
            open?.user += " " + text
        } else {
            turn = number
            open = TurnRecord(turn: number, user: text)
            answer = ""
        }
    }

    private mutating func take(_ text: String, ofAgentIn number: Int) {
        answer += answer.isEmpty ? text : " " + text
        open?.agent = answer
        open?.heard = answer
    }
}
