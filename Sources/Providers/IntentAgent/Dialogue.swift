internal import Insight
internal import Pipeline

/// The agent's side of a conversation, computed anew from its history for every answer.
///
/// Folding over the messages keeps nothing outside them: an answer that was cut, retried or given
/// by another model leaves no trace but its message.
struct Dialogue {
    let language: Language
    let profile: BusinessProfile
    let now: CivilTime
    let interpreter: Interpreter
    /// Whose number the caller has; `nil` where nobody knows.
    let caller: CallerName?

    /// What the caller is being asked.
    var question = Question.wish
    var draft: BookingDraft?
    var callerName: String?
    /// What the agent says next; `nil` once it stands in the history.
    private(set) var pending: Reply?

    private var lastReply = Reply()
    private var failures = 0
    private var isOfferingHuman = false
    /// The caller cut in before most of the last answer was out.
    private var wasCutShort = false
    private var calls: [String: ToolCall] = [:]
    /// Tool calls in the history; numbers the next one.
    private(set) var callCount = 0

    init(
        language: Language, profile: BusinessProfile, now: CivilTime, caller: CallerName? = nil
    ) {
        self.language = language
        self.profile = profile
        self.now = now
        self.caller = caller
        callerName = caller?.whole
        interpreter = Interpreter(language: language.spoken, services: profile.terms(language))
    }

    /// The answer to everything in `history`.
    mutating func reply(to history: [Message]) -> Reply {
        for message in history { handle(message) }
        if let pending { return pending }
        return history.contains(where: \.isSpokenOrAnswered)
            ? Reply(lines: [.ask(question)]) : greeting()
    }

    private mutating func handle(_ message: Message) {
        switch message {
        case .user(let text):
            settle(hear(text))
        case .agent(let heard, let interrupted):
            wasCutShort = interrupted && isFragment(heard)
            pending = nil
        case .toolCall(let call):
            calls[call.id] = call
            callCount += 1
            pending = nil
        case .toolResult(let result):
            guard let call = calls.removeValue(forKey: result.callID) else { return }
            if let reply = take(result, of: call) { settle(reply) }
        case .context:
            break
        }
    }

    private mutating func settle(_ reply: Reply) {
        pending = reply
        if !reply.lines.isEmpty { lastReply = reply }
        wasCutShort = false
    }

    /// Whether `heard` lacks so much of the last answer that its question was not understood.
    private func isFragment(_ heard: String) -> Bool {
        let whole = Phrasebook(language: language, profile: profile, today: now.date)
            .text(lastReply.lines)
        return heard.split(separator: " ").count * 10 < whole.split(separator: " ").count * 7
    }

    private mutating func hear(_ text: String) -> Reply {
        let meaning = interpreter.understand(
            text, expecting: isOfferingHuman ? .confirmation : question.expectation)
        guard meaning.isUnderstood else { return notUnderstood() }
        if isOfferingHuman {
            switch meaning.intent {
            case .yes: return transfer()
            case .no:
                isOfferingHuman = false
                failures = 0
                return Reply(lines: [.otherDay, .askWithExamples(question)])
            case .greeting, .farewell, .help, .openingHours, .book, .query, .cancel, .reschedule,
                .prices, .orderStatus, .human, .repeatAnswer, .thanks, .nevermind, .unknown:
                break
            }
        }
        if let name = meaning.slots.name { callerName = name }
        guard let reply = answer(meaning) else { return notUnderstood() }
        failures = 0
        isOfferingHuman = false
        return reply
    }

    /// The answer to what was understood; `nil` when it makes no sense here.
    private mutating func answer(_ meaning: Understanding) -> Reply? {
        let slots = meaning.slots
        switch meaning.intent {
        case .human: return transfer()
        case .repeatAnswer: return lastReply.lines.isEmpty ? greeting() : lastReply
        case .nevermind: return dropTask()
        case .help: return Reply(lines: [.help, .ask(question)])
        case .farewell:
            return Reply(lines: [.goodbye], closing: .hangUp)
        case .openingHours:
            return Reply(lines: [.openingHours, .ask(question)])
        case .prices: return tellPrice(of: slots.service ?? draft?.service)
        case .query: return isFillingDraft(slots) ? fill(slots) : look(.tell)
        case .cancel:
            // In the middle of a booking it is the booking that is dropped.
            return draft == nil ? look(.cancel) : dropTask()
        case .reschedule:
            return draft == nil ? look(.move) : isFillingDraft(slots) ? fill(slots) : askAgain()
        case .orderStatus: return orderStatus(slots.orderNumber)
        case .book: return book(slots)
        case .yes where !isFillingDraft(slots): return accept()
        case .no where !isFillingDraft(slots): return refuse(slots)
        case .greeting where slots.isEmpty:
            return draft == nil ? greeting() : Reply(lines: [.hello, .ask(question)])
        case .thanks where slots.isEmpty: return Reply(lines: [.welcome, .ask(question)])
        case .yes, .no, .greeting, .thanks, .unknown: return useSlots(slots)
        }
    }

    /// Slots without an intent of their own: an answer to what was asked, or a correction.
    private mutating func useSlots(_ slots: Slots) -> Reply? {
        switch question {
        case .lookupName(let lookup): return slots.name == nil ? nil : look(lookup)
        case .orderNumber: return slots.orderNumber.map { orderStatus($0) }
        case .wish, .offerBooking, .confirmCancelling:
            if slots.service != nil || slots.day != nil || slots.time != nil { return book(slots) }
            return slots.name == nil ? nil : Reply(lines: [.hello, .ask(question)])
        case .service, .day, .time, .name, .confirmBooking:
            return fill(slots)
        }
    }

    private func isFillingDraft(_ slots: Slots) -> Bool {
        draft != nil
            && (slots.service != nil || slots.day != nil || slots.time != nil || slots.name != nil)
    }

    private mutating func accept() -> Reply? {
        guard !(wasCutShort && question.isConfirmation) else {
            // A yes to a question the caller did not hear books nothing.
            return askAgain()
        }
        switch question {
        case .wish: return Reply(lines: [.askWithExamples(.wish)])
        case .offerBooking(let service):
            var slots = Slots()
            slots.service = service
            return book(slots)
        case .confirmBooking: return callBooking()
        case .confirmCancelling(let appointment):
            return call(
                AppointmentTools.cancel, AppointmentTools.Cancelling(id: appointment.id))
        case .service, .day, .time, .name, .lookupName, .orderNumber:
            return Reply(lines: [.ask(question)])
        }
    }

    private mutating func refuse(_ slots: Slots) -> Reply? {
        switch question {
        case .wish: return Reply(lines: [.goodbye], closing: .hangUp)
        case .offerBooking:
            question = .wish
            return Reply(lines: [.otherDay, .ask(.wish)])
        case .confirmBooking:
            draft?.day = nil
            draft?.time = nil
            question = .day
            return Reply(lines: [.otherDay, .ask(.day)])
        case .confirmCancelling:
            question = .wish
            return Reply(lines: [.stays, .ask(.wish)])
        case .service, .day, .time, .name, .lookupName, .orderNumber: return nil
        }
    }

    private func greeting() -> Reply { Reply(lines: [.greeting(caller?.first)]) }

    private mutating func dropTask() -> Reply {
        draft = nil
        question = .wish
        return Reply(lines: [.dropped, .ask(.wish)])
    }

    private mutating func tellPrice(of service: String?) -> Reply {
        let line = service.map { Line.price(service: $0) } ?? .prices
        if draft == nil { question = .offerBooking(service: service) }
        return Reply(lines: [line, .ask(question)])
    }

    /// The last answer once more when it held the question, else the question alone.
    private func askAgain() -> Reply {
        lastReply.lines.isEmpty ? Reply(lines: [.ask(question)]) : lastReply
    }

    private mutating func notUnderstood() -> Reply {
        failures += 1
        if isOfferingHuman { return transfer() }
        switch failures {
        case 1:
            // A confirmation is asked with all it confirms.
            let again = question.isConfirmation ? lastReply.lines : [.ask(question)]
            let isRepeated = again.first == .notCaught
            return Reply(lines: isRepeated ? again : [.notCaught] + again)
        case 2: return Reply(lines: [.stillNotCaught, .askWithExamples(question)])
        default:
            isOfferingHuman = true
            return Reply(lines: [.offerHuman])
        }
    }

    /// Something failed that the agent can not help; a human can.
    mutating func apologise() -> Reply {
        isOfferingHuman = true
        return Reply(lines: [.toolFailed, .offerHuman])
    }

    func call(_ name: String, _ arguments: some Encodable) -> Reply {
        Reply(call: .init(name: name, arguments: AppointmentTools.json(arguments)))
    }

    private func transfer() -> Reply {
        call(
            AppointmentTools.transfer,
            AppointmentTools.Transfer(department: profile.department, priority: "high"))
    }

    /// What the recogniser should be ready for.
    var expectation: ExpectedAnswer { isOfferingHuman ? .confirmation : question.expectation }
}

extension Message {
    /// Whether it shows that the conversation has begun.
    fileprivate var isSpokenOrAnswered: Bool {
        switch self {
        case .user, .agent, .toolCall, .toolResult: true
        case .context: false
        }
    }
}
