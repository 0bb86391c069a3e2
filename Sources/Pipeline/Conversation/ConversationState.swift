extension Conversation {
    /// Who has the floor; each state holds what only it needs.
    enum State: Sendable {
        case idle
        case userSpeaking(CallerTurn)
        /// The turn is over (or was never begun: the greeting); nothing of the answer was sent yet.
        case processing(Answer)
        case agentSpeaking(Answer)
        /// The answer is paused until the sound is known to be meant, or not.
        case interrupted(Answer, Suspension)
        case ended
    }

    /// A pause of an answer: the utterance that caused it.
    struct Suspension: Sendable {
        let onset: MonotonicTime
        var turn: CallerTurn
        /// The sound is over and its transcript asked for.
        var awaitsWords = false
        /// Its words so far let the agent go on.
        var isBackchannel = false
        /// Some of its words are known.
        var hasWords = false
        var clearedAt: MonotonicTime?
    }

    /// The first voice after a silence.
    struct SpeechStart: Sendable {
        let onset: MonotonicTime
        /// The end of the voice before.
        let lastVoice: MonotonicTime
    }

    /// What the caller says during an answer that may not be interrupted.
    struct Overheard: Sendable {
        var turn: CallerTurn
        /// The sound is over and its transcript asked for.
        var awaitsWords = false
    }

    /// A state without what it holds, as the transition table and the metrics name it.
    package enum Phase: String, CaseIterable, Sendable {
        case idle, userSpeaking, processing, agentSpeaking, interrupted, ended

        /// The phases that may follow this one (DESIGN §4).
        package var successors: Set<Phase> {
            switch self {
            case .idle: [.userSpeaking, .processing, .ended]
            case .userSpeaking: [.processing, .idle, .ended]
            // Back to userSpeaking when the caller goes on before a word of the answer was sent.
            case .processing: [.agentSpeaking, .userSpeaking, .idle, .ended]
            case .agentSpeaking: [.idle, .interrupted, .ended]
            // To agentSpeaking when the sound was not meant.
            case .interrupted: [.agentSpeaking, .userSpeaking, .processing, .ended]
            case .ended: []
            }
        }
    }

    package var phase: Phase {
        switch state {
        case .idle: .idle
        case .userSpeaking: .userSpeaking
        case .processing: .processing
        case .agentSpeaking: .agentSpeaking
        case .interrupted: .interrupted
        case .ended: .ended
        }
    }
}
