internal import Events

/// Who answers a call that we made (`AnsweringMachine`).
extension Conversation {
    /// Whether frames are to be searched for a beep, told by `beepHeard`.
    package var listensForBeep: Bool { answering.isUndecided || answering.isAwaitingBeep }

    /// The call begins.
    ///
    /// - Returns: whether the agent's first words wait until it is known who listens.
    mutating func waitsForWhoAnswers(at now: MonotonicTime) -> Bool {
        follow(answering.handle(.answered, at: now), at: now)
        owesGreeting = answering.isUndecided
        return listensForBeep || isEnded
    }

    mutating func tickAnswering(at now: MonotonicTime) {
        guard settings.voicemail.isDetected, !isEnded else { return }
        follow(answering.handle(.listened(isSpeaking: activity.isSpeaking), at: now), at: now)
        guard case .idle = state, owesGreeting, !listensForBeep else { return }
        owesGreeting = false
        // Whoever said "hello?" has been answered.
        if history.allSatisfy(\.isContext) { greet(at: now) }
    }

    mutating func judgeAnswering(by result: RecognitionResult, at now: MonotonicTime) {
        guard settings.voicemail.isDetected, !isEnded else { return }
        switch result.outcome {
        case .interim(let text), .final(let text):
            follow(answering.handle(.words(text), at: now), at: now)
        case .failed: break
        }
    }

    mutating func beepHeard(at now: MonotonicTime) {
        follow(answering.handle(.beep, at: now), at: now)
    }

    private mutating func follow(_ action: AnsweringMachine.Action, at now: MonotonicTime) {
        switch action {
        case .none, .human: break
        case .machine:
            owesGreeting = false
            settings.voicemail.message.isEmpty ? hangUp(.voicemail, at: now) : fallSilent(at: now)
        case .leaveMessage:
            owesGreeting = false
            guard !settings.voicemail.message.isEmpty else { return hangUp(.voicemail, at: now) }
            fallSilent(at: now)
            speakUp(
                OwnWords(
                    text: settings.voicemail.message, closing: .hangUp, endReason: .voicemail,
                    isGuarded: true), at: now)
        }
    }

    /// Nothing is said to a machine's greeting, and nothing it says is answered.
    private mutating func fallSilent(at now: MonotonicTime) {
        unjudged = nil
        displaced = nil
        switch state {
        case .idle, .ended: return
        case .userSpeaking(let turn):
            forget(turn)
            turnCount -= 1
        case .processing(let answer):
            act(.cancelAnswer(generation: answer.generation))
            stopPlayback(at: now)
            _ = recordHeard(of: answer, upTo: 0)
        case .agentSpeaking(let answer):
            stopPlayback(at: now)
            if let overheard = answer.overheard { forget(overheard.turn) }
            let turn = CallerTurn(number: turnCount, voiceEnd: now)
            cut(answer, by: Suspension(onset: now, turn: turn), at: now)
        case .interrupted(let answer, let suspension):
            forget(suspension.turn)
            cut(answer, by: suspension, at: now)
            move(to: .userSpeaking(suspension.turn))
        }
        move(to: .idle)
    }

    private mutating func forget(_ turn: CallerTurn) {
        guard turn.isOpen, let utterance = turn.openUtterance else { return }
        act(.cancelUtterance(utterance))
        emit(.speechEnded)
    }

    private mutating func stopPlayback(at now: MonotonicTime) {
        guard playout.hasSentAudio else { return }
        playout.pause(at: now)
        act(.sendClear)
    }
}
