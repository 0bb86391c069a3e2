internal import Events

/// The caller's keys: a complete input is told to the agent as words of the caller.
extension AgentBridge {
    mutating func keyPressed(_ digit: Character, at now: MonotonicTime) {
        emit(.dtmf(DTMFRecord(digit: String(digit))))
        follow(keypad.handle(.pressed(digit), expecting: nil, at: now), at: now)
    }

    mutating func tickKeypad(at now: MonotonicTime) {
        guard keypad.isCollecting else { return }
        follow(keypad.handle(.tick, expecting: nil, at: now), at: now)
    }

    private mutating func follow(_ action: DigitCollector.Action, at now: MonotonicTime) {
        switch action {
        case .none, .began, .cleared: break
        case .completed(let input):
            emit(.dtmf(DTMFRecord(input: input)))
            _ = history.append(.user(input))
            act(.sayToAgent(input))
        case .humanRequested:
            emit(.dtmf(DTMFRecord(input: "0")))
            closing = (.transfer(reason: "the caller pressed 0"), now)
            silence(at: now)
            act(.stopAgent)
            lastCompletedAt = now
            followClosing(at: now)
        }
    }
}
