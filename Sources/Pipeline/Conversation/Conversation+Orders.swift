internal import Events

/// What somebody outside wants of the call (`Order`).
///
/// Words and tones wait in a queue for the floor: an answer that can be interrupted ends with the
/// sentence the caller hears, and words that come while the caller speaks are what they are
/// answered. A muted agent listens: turns enter the history and nobody answers them.
extension Conversation {
    /// So many things may wait to be said.
    static let announcementLimit = 8

    mutating func follow(_ order: Order, at now: MonotonicTime) {
        orderOutcome = .done
        switch order {
        case .say(let text): announce(.words(OwnWords(text: text)), at: now)
        case .sendTones(let octets): announce(.tones(octets), at: now)
        case .addContext(let text): history.append(.context(text))
        case .change(let override): merge(override)
        case .mute: mute(at: now)
        case .unmute: unmute(at: now)
        case .transfer(let target): transfer(to: target, at: now)
        }
    }

    private mutating func merge(_ change: AgentOverride) {
        var merged = agent ?? AgentOverride()
        merged.prompt = change.prompt ?? merged.prompt
        merged.variables.merge(change.variables) { $1 }
        merged.engines.merge(change.engines) { $1 }
        agent = merged
        abandonSpeculation()  // asked under the old instructions
    }

    private mutating func transfer(to target: TransferTarget, at now: MonotonicTime) {
        close(at: now)
        emit(.transferRequested(target.event))
        act(.transfer(target))
    }

    // MARK: Words and tones

    private mutating func announce(_ announcement: Announcement, at now: MonotonicTime) {
        guard !isMuted, announcements.count < Self.announcementLimit else {
            orderOutcome = isMuted ? .refusedMuted : .refusedFull
            return
        }
        announcements.append(announcement)
        giveWay(at: now)
        takeAnnouncement(at: now)
        if !announcements.isEmpty { orderOutcome = isEnded ? .ended : .queued }
    }

    /// The agent's answer makes room for what was announced.
    private mutating func giveWay(at now: MonotonicTime) {
        switch state {
        case .processing(let answer):
            // Without a transcript nobody knows yet whether there is anything to answer.
            guard answer.model != .awaitingTranscript, !answer.isUnasked, !answer.isHandedOver
            else { return }
            postpone(answer)
            endAnswer(at: now)
        case .agentSpeaking(let answer) where playout.isPlayed(at: now):
            finish(answer, at: now)  // only a mark is missing
        case .agentSpeaking(let answer):
            guard !answer.isGuarded, !answer.isUnasked, !answer.isHandedOver, !answer.isCutShort
            else { return }
            postpone(answer)
            endAfterSentence(answer, at: now)
        case .idle, .userSpeaking, .interrupted, .ended: break
        }
    }

    /// What was to follow the answer follows the words that take its place.
    private mutating func postpone(_ answer: Answer) {
        guard let closing = answer.closing, let last = announcements.indices.last,
            case .words(var words) = announcements[last]
        else { return }
        words.closing = closing
        words.endReason = answer.endReason
        announcements[last] = .words(words)
    }

    private mutating func endAfterSentence(_ speaking: Answer, at now: MonotonicTime) {
        var answer = speaking
        answer.isCutShort = true
        answer.model = .done
        answer.unspoken = []
        answer.closing = nil
        // Otherwise the sentence is still being synthesised, and its end is the answer's.
        if let end = answer.spoken.endOfChunk(at: playout.heardPosition(at: now)) {
            act(.cancelAnswer(generation: answer.generation))
            answer.synthesising = nil
            playout.cut(after: end)
            playout.complete()
        }
        replaceAnswer(answer)
    }

    /// Whoever waits for the floor takes it when nobody has it.
    mutating func takeAnnouncement(at now: MonotonicTime) {
        guard !announcements.isEmpty, case .idle = state, !answering.isAwaitingBeep else { return }
        switch announcements.removeFirst() {
        case .words(let words): speakUp(words, at: now)
        case .tones(let octets): play(octets, at: now)
        }
    }

    /// The caller's turn is over: words that wait are its answer.
    ///
    /// - Returns: whether there were any.
    mutating func answersWithAnnouncement(at now: MonotonicTime) -> Bool {
        guard case .words(let words) = announcements.first else { return false }
        announcements.removeFirst()
        abandonSpeculation()  // its generation is not that of these words
        say(words, at: now)
        return true
    }

    /// Ready-made audio as an answer that nothing interrupts and no history holds.
    private mutating func play(_ octets: [UInt8], at now: MonotonicTime) {
        var answer = startAnswer(to: CallerTurn(number: 0, voiceEnd: now))
        answer.isGuarded = true
        answer.isHandedOver = true
        answer.model = .done
        answer.spoken.begin("", number: nil, at: playout.end)
        answer.spoken.append(octetCount: octets.count)
        answer.spoken.completeChunk()
        playout.append(octets)
        playout.complete()
        move(to: .processing(answer))
        move(to: .agentSpeaking(answer))
        sendDueAudio(at: now)
    }

    // MARK: Silence

    private mutating func mute(at now: MonotonicTime) {
        guard !isMuted else { return }
        isMuted = true
        announcements = []
        displaced = nil
        owesGreeting = false
        endAnswer(at: now)
        abandonSpeculation()
    }

    private mutating func unmute(at now: MonotonicTime) {
        isMuted = false
        noteSign(at: now)
    }

    /// The answer under way ends where the caller heard it, by nobody's interruption.
    private mutating func endAnswer(at now: MonotonicTime) {
        guard let answer = answerInHand else { return }
        if playout.hasSentAudio, phase != .interrupted {
            playout.pause(at: now)
            act(.sendClear)
        }
        if answer.model == .awaitingTranscript {
            // The words still come; a filler is forgotten, so that what follows can be heard.
            return playout.start(generation: answer.generation)
        }
        act(.cancelAnswer(generation: answer.generation))
        endGaps(at: now)
        speculation.waste()
        let position = phase == .processing ? 0 : playout.heardPosition(at: now)
        let heard = recordHeard(of: answer, upTo: position)
        complete(answer, heard: heard, interrupted: true)
        guard case .interrupted(_, let suspension) = state else {
            move(to: .idle)
            return answerOverheard(answer.overheard, at: now)
        }
        turnCount = suspension.turn.number
        guard suspension.awaitsWords else { return move(to: .userSpeaking(suspension.turn)) }
        emit(.speechEnded)
        move(to: .processing(startAnswer(to: suspension.turn)))
    }

    /// A turn that a muted agent heard; its words are known.
    mutating func leaveUnanswered(at now: MonotonicTime) {
        guard case .processing(let answer) = state else { return }
        let text = answer.turn.text
        noteSign(text, at: now)
        if !text.isEmpty { history.append(.user(text)) }
        complete(answer, heard: "", interrupted: false)
        move(to: .idle)
    }
}

/// Something that waits until nobody has the floor.
enum Announcement: Sendable {
    case words(OwnWords)
    /// In the format of the call.
    case tones([UInt8])
}
