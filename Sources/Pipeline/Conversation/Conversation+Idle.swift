/// A caller who says nothing (`IdleWatch`).
extension Conversation {
    mutating func tickIdle(at now: MonotonicTime) {
        switch idle.handle(isQuiet ? .quiet : .busy, at: now) {
        case .none: break
        case .ask: speakUp(OwnWords(text: phrases.stillThere), at: now)
        case .sayGoodbye:
            speakUp(
                OwnWords(
                    text: phrases.callerSilent, closing: .hangUp, endReason: .callerSilent),
                at: now)
        }
    }

    private var isQuiet: Bool {
        guard case .idle = state, generation > 0, !isMuted else { return false }
        return !activity.isSpeaking && !keypad.isCollecting && !listensForBeep
    }

    /// The caller is there.
    mutating func noteSign(at now: MonotonicTime) { _ = idle.handle(.sign, at: now) }

    /// Words tell that the caller is there; a sound without any does not.
    mutating func noteSign(_ words: String, at now: MonotonicTime) {
        guard words.contains(where: { $0.isLetter || $0.isNumber }) else { return }
        noteSign(at: now)
    }
}
