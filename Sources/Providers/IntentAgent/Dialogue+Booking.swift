internal import Insight
internal import Pipeline

/// Filling the draft of an appointment, one question at a time.
extension Dialogue {
    mutating func book(_ slots: Slots) -> Reply {
        if draft == nil { draft = BookingDraft() }
        return fill(slots)
    }

    /// Takes what was said into the draft and asks for what is missing.
    mutating func fill(_ slots: Slots) -> Reply {
        var problems: [Line] = []
        if let service = slots.service, draft?.moving == nil { draft?.service = service }
        if let expression = slots.day {
            draft?.day = expression.resolved(today: now.date)
            if draft?.day == nil { problems.append(.noSuchDay) }
        }
        if let time = slots.time { draft?.time = time }
        return advance(heard: slots, problems: problems)
    }

    private mutating func advance(heard slots: Slots, problems: [Line]) -> Reply {
        let problems = problems + checkOpeningHours()
        guard let draft else { return Reply(lines: [.ask(question)]) }
        let time = draft.day.flatMap { day in draft.time?.resolved(in: profile.hours[day]) }
        guard let service = draft.service, let day = draft.day, let time, let name = callerName
        else {
            question =
                draft.service == nil
                ? .service : draft.day == nil ? .day : time == nil ? .time : .name
            let heard = Line.heard(
                service: slots.service == nil ? nil : draft.service,
                day: slots.day == nil ? nil : draft.day, time: slots.time == nil ? nil : time)
            return Reply(lines: (problems.isEmpty ? [heard] : problems) + [.ask(question)])
        }
        question = .confirmBooking
        let confirmation =
            draft.moving == nil
            ? Line.confirm(service: service, day: day, time: time, name: name)
            : .confirmMoving(service: service, day: day, time: time)
        return Reply(lines: problems + [confirmation])
    }

    /// Drops a day or a time that can not be and says why.
    private mutating func checkOpeningHours() -> [Line] {
        guard let day = draft?.day else { return [] }
        guard let hours = profile.hours[day] else {
            draft?.day = nil
            return [.closedOn(day.weekday)]
        }
        guard let time = draft?.time?.resolved(in: hours) else { return [] }
        guard hours.contains(time) else {
            draft?.time = nil
            return [.outsideHours(day, hours)]
        }
        guard day > now.date || time > now.time else {
            draft?.time = nil
            return [.pastTime]
        }
        return []
    }

    mutating func callBooking() -> Reply? {
        guard let draft, let service = draft.service, let day = draft.day,
            let time = draft.time?.resolved(in: profile.hours[day]), let name = callerName
        else { return nil }
        if let moving = draft.moving {
            return call(
                AppointmentTools.reschedule,
                AppointmentTools.Moving(id: moving.id, date: day.iso, time: time.iso))
        }
        return call(
            AppointmentTools.book,
            AppointmentTools.Booking(
                service: service, date: day.iso, time: time.iso, name: name))
    }

    /// Looks the caller's appointments up, asking for the name first when it is not known.
    mutating func look(_ lookup: Lookup) -> Reply {
        question = .lookupName(lookup)
        guard let name = callerName else { return Reply(lines: [.ask(question)]) }
        return call(AppointmentTools.find, AppointmentTools.Search(name: name))
    }

    mutating func orderStatus(_ number: String?) -> Reply {
        question = .orderNumber
        guard let number else { return Reply(lines: [.ask(.orderNumber)]) }
        return call(
            AppointmentTools.order, AppointmentTools.OrderQuery(orderNumber: number))
    }
}
