internal import Insight
internal import Pipeline

/// What the agent says once a tool has answered.
extension Dialogue {
    /// - Returns: `nil` for a tool that is not the agent's.
    mutating func take(_ result: ToolResult, of call: ToolCall) -> Reply? {
        switch call.name {
        case AppointmentTools.book, AppointmentTools.reschedule:
            return take(
                read(AppointmentTools.BookingResult.self, result),
                moved: call.name == AppointmentTools.reschedule)
        case AppointmentTools.find:
            return take(read(AppointmentTools.SearchResult.self, result))
        case AppointmentTools.cancel:
            guard let answer = read(AppointmentTools.CancellingResult.self, result),
                answer.cancelled
            else { return apologise() }
            question = .wish
            return Reply(lines: [.cancelled, .ask(.wish)])
        case AppointmentTools.order:
            guard let answer = read(AppointmentTools.OrderResult.self, result),
                let query = AppointmentTools.value(
                    AppointmentTools.OrderQuery.self, from: call.arguments)
            else { return apologise() }
            question = .wish
            return Reply(lines: [.order(query.orderNumber, answer.status), .ask(.wish)])
        case AppointmentTools.transfer:
            // Said even when the tool failed: the call's own hand-over rings the mobile.
            return Reply(
                lines: [.transferring], closing: .transfer(reason: "the caller asked for a human"))
        default: return nil
        }
    }

    private mutating func take(_ answer: AppointmentTools.BookingResult?, moved: Bool) -> Reply {
        guard let answer else { return apologise() }
        switch answer.status {
        case .booked:
            guard let slot = answer.appointment.flatMap(slot) else { return apologise() }
            draft = nil
            question = .wish
            let line: Line =
                moved
                ? .moved(day: slot.day, time: slot.time) : .booked(day: slot.day, time: slot.time)
            return Reply(lines: [line, .ask(.wish)])
        case .taken, .closed:
            guard let day = answer.nextDate.flatMap({ CivilDate(iso: $0) }),
                let time = answer.nextTime.flatMap({ TimeOfDay(iso: $0) })
            else {
                draft?.day = nil
                draft?.time = nil
                question = .day
                return Reply(lines: [.nothingFree, .ask(.day)])
            }
            draft?.day = day
            draft?.time = TimeExpression(
                hour: time.hour, minute: time.minute, half: time.hour < 12 ? .morning : .afternoon)
            question = .confirmBooking
            return Reply(lines: [.taken(day: day, time: time)])
        case .unknown: return apologise()
        }
    }

    private mutating func take(_ answer: AppointmentTools.SearchResult?) -> Reply? {
        guard case .lookupName(let lookup) = question else { return nil }
        guard let answer else { return apologise() }
        guard let first = answer.appointments.first, let slot = slot(first) else {
            question = .wish
            let name = callerName ?? ""
            callerName = nil
            return Reply(lines: [.noAppointment(name: name), .ask(.wish)])
        }
        switch lookup {
        case .tell:
            question = .wish
            return Reply(lines: [
                .appointment(service: first.service, day: slot.day, time: slot.time), .ask(.wish),
            ])
        case .cancel:
            question = .confirmCancelling(first)
            return Reply(lines: [
                .confirmCancelling(service: first.service, day: slot.day, time: slot.time)
            ])
        case .move:
            draft = BookingDraft(service: first.service, moving: first)
            question = .day
            return Reply(lines: [
                .appointment(service: first.service, day: slot.day, time: slot.time), .ask(.day),
            ])
        }
    }

    private func slot(_ appointment: Appointment) -> (day: CivilDate, time: TimeOfDay)? {
        guard let day = CivilDate(iso: appointment.date),
            let time = TimeOfDay(iso: appointment.time)
        else { return nil }
        return (day, time)
    }

    private func read<Value: Decodable>(_ type: Value.Type, _ result: ToolResult) -> Value? {
        result.succeeded ? AppointmentTools.value(type, from: result.content) : nil
    }
}
