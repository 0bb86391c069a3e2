internal import Insight

extension Phrasebook {
    func english(_ line: Line) -> String {
        switch line {
        case .greeting(let caller):
            "Hello\(caller.map { " \($0)" } ?? ""), this is \(name). What can I do for you?"
        case .hello: "Hello."
        case .ask(let question): english(question)
        case .askWithExamples(let question): englishExamples(question)
        case .heard(let service, let day, let time):
            englishHeard(service: service, day: day, time: time)
        case .confirm(let service, let day, let time, let name):
            """
            \(self.service(service).withInitialCapital) on \(self.day(day)) at \(clock.time(time)) \
            for \(name). Shall I book it?
            """
        case .confirmMoving(let service, let day, let time):
            """
            I would move \(self.service(service)) to \(self.day(day)) at \(clock.time(time)). \
            Shall I do that?
            """
        case .notCaught: "Sorry, I did not catch that."
        case .stillNotCaught: "Sorry, I still did not get that."
        case .offerHuman:
            "I am having trouble understanding you. Shall I put you through to a colleague?"
        case .transferring: "I am putting you through to a colleague. One moment, please."
        case .goodbye: "Thank you for calling \(name). Goodbye."
        case .welcome: "You are welcome."
        case .dropped: "All right, I have dropped that."
        case .stays: "All right, it stays as it is."
        case .otherDay: "All right."
        case .prices: englishPrices
        case .price(let service): englishPrice(service)
        case .openingHours: "We are open \(clock.week(profile.hours))."
        case .help:
            "I can book, check or cancel an appointment, tell you prices and opening hours, or look up an order."
        case .noSuchDay: "There is no such day."
        case .pastTime: "That time has already gone by."
        case .closedOn(let weekday): "We are closed on \(clock.weekday(weekday))s."
        case .outsideHours(let date, let hours):
            "On \(clock.weekday(date.weekday))s we are open \(clock.stretch(hours))."
        case .booked(let day, let time):
            "Done. See you on \(self.day(day)) at \(clock.time(time))."
        case .moved(let day, let time):
            "Done. Your new time is \(self.day(day)) at \(clock.time(time))."
        case .taken(let day, let time):
            """
            That time is taken. The next free one is on \(self.day(day)) at \(clock.time(time)). \
            Shall I book that?
            """
        case .nothingFree: "I have nothing free around that time."
        case .appointment(let service, let day, let time):
            "You have \(self.service(service)) on \(self.day(day)) at \(clock.time(time))."
        case .noAppointment(let name): "I find no appointment for \(name)."
        case .confirmCancelling(let service, let day, let time):
            """
            You have \(self.service(service)) on \(self.day(day)) at \(clock.time(time)). \
            Shall I cancel it?
            """
        case .cancelled: "Your appointment is cancelled."
        case .order(let number, let status): englishOrder(number, status)
        case .toolFailed: "Sorry, I can not reach our system right now."
        }
    }

    private func english(_ question: Question) -> String {
        switch question {
        case .wish: "What else can I do for you?"
        case .service: "What would you like to have done?"
        case .day: "Which day suits you?"
        case .time: "What time suits you?"
        case .name: "What name is it for?"
        case .lookupName: "What name is the appointment under?"
        case .orderNumber: "What is your order number?"
        case .confirmBooking, .confirmCancelling: "Is that right?"
        case .offerBooking: "Would you like to book one?"
        }
    }

    private func englishExamples(_ question: Question) -> String {
        switch question {
        case .wish:
            "You can say, for example, book an appointment, or what are your opening hours."
        case .service:
            "We do \(list(profile.services.map { service($0.id) }, and: "and")). Which one do you need?"
        case .day: "Please tell me a day, for example Tuesday, or the third of March."
        case .time: "Please tell me a time, for example half past ten, or three in the afternoon."
        case .name, .lookupName: "Please tell me just your first name, for example Maria."
        case .orderNumber: "Please say the digits one by one, for example one two three four."
        case .confirmBooking, .confirmCancelling: "Please say yes, or no."
        case .offerBooking: "Please say yes to book an appointment, or no."
        }
    }

    private func englishHeard(service: String?, day: CivilDate?, time: TimeOfDay?) -> String {
        let parts = [
            service.map { self.service($0) }, day.map { "on \(self.day($0))" },
            time.map { "at \(clock.time($0))" },
        ].compactMap(\.self)
        return parts.isEmpty ? "" : parts.joined(separator: " ").withInitialCapital + "."
    }

    private var englishPrices: String {
        let prices = profile.services.map { service in
            "\(service.name[language]) is \(price(service))"
        }
        return list(prices, and: "and").withInitialCapital + "."
    }

    private func englishPrice(_ id: String) -> String {
        guard let service = profile.service(id) else { return englishPrices }
        return "\(service.name[language].withInitialCapital) costs \(price(service))."
    }

    private func englishOrder(_ number: String, _ status: OrderStatus) -> String {
        let digits = number.map(String.init).joined(separator: " ")
        return switch status {
        case .ready: "Order \(digits) is ready to be picked up."
        case .inProgress: "We are working on order \(digits) right now."
        case .waitingForParts: "Order \(digits) is waiting for parts."
        case .notFound: "I find no order \(digits)."
        }
    }
}
