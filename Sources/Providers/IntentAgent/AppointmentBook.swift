package import Insight
package import Pipeline

/// The demonstration diary: appointments and orders in memory, one car at a time.
package actor AppointmentBook: ToolRunner {
    private let profile: BusinessProfile
    private let now: @Sendable () -> CivilTime
    private var appointments: [Appointment]
    private let orders: [String: OrderStatus]
    private var nextID: Int

    /// - Parameters:
    ///   - profile: whose services and opening hours count.
    ///   - now: the wall clock at the business.
    ///   - appointments: what the diary holds already.
    ///   - orders: status by order number, digits only.
    package init(
        profile: BusinessProfile, now: @escaping @Sendable () -> CivilTime,
        appointments: [Appointment] = [],
        orders: [String: OrderStatus] = AppointmentBook.demonstrationOrders
    ) {
        self.profile = profile
        self.now = now
        self.appointments = appointments
        self.orders = orders
        nextID = appointments.count + 1
    }

    package static let demonstrationOrders: [String: OrderStatus] = [
        "1234": .ready, "2345": .inProgress, "3456": .waitingForParts,
    ]

    package func run(_ call: ToolCall, callID: String) async -> ToolResult {
        let content: String? =
            switch call.name {
            case AppointmentTools.book:
                AppointmentTools.value(AppointmentTools.Booking.self, from: call.arguments)
                    .map { AppointmentTools.json(book($0)) }
            case AppointmentTools.reschedule:
                AppointmentTools.value(AppointmentTools.Moving.self, from: call.arguments)
                    .map { AppointmentTools.json(move($0)) }
            case AppointmentTools.find:
                AppointmentTools.value(AppointmentTools.Search.self, from: call.arguments)
                    .map { AppointmentTools.json(find($0)) }
            case AppointmentTools.cancel:
                AppointmentTools.value(AppointmentTools.Cancelling.self, from: call.arguments)
                    .map { AppointmentTools.json(cancel($0)) }
            case AppointmentTools.order:
                AppointmentTools.value(AppointmentTools.OrderQuery.self, from: call.arguments)
                    .map { AppointmentTools.json(status($0)) }
            case AppointmentTools.transfer:
                AppointmentTools.json(AppointmentTools.TransferResult(accepted: true))
            // Who calls back reads the event `callback_scheduled`.
            case AppointmentTools.callback:
                AppointmentTools.value(AppointmentTools.Callback.self, from: call.arguments)
                    .map { _ in
                        AppointmentTools.json(AppointmentTools.CallbackResult(scheduled: true))
                    }
            default: nil
            }
        guard let content else {
            return ToolResult(
                callID: call.id, succeeded: false,
                content: "There is no tool \(call.name) with such arguments.")
        }
        return ToolResult(callID: call.id, succeeded: true, content: content)
    }

    /// What stands in the diary, soonest first.
    package var booked: [Appointment] {
        appointments.sorted { ($0.date, $0.time) < ($1.date, $1.time) }
    }

    private typealias Slot = (date: CivilDate, time: TimeOfDay)

    private func book(_ booking: AppointmentTools.Booking) -> AppointmentTools.BookingResult {
        guard let slot = slot(booking.date, booking.time),
            let service = profile.service(booking.service)
        else { return refusal(.unknown, next: nil) }
        // A repeated call is the same booking, so a retry does no harm.
        let same = appointments.first {
            $0.service == booking.service && $0.date == booking.date && $0.time == booking.time
                && isSame($0.name, booking.name)
        }
        if let same { return success(same) }
        return place(
            service, at: slot, replacing: nil, name: booking.name)
    }

    private func move(_ moving: AppointmentTools.Moving) -> AppointmentTools.BookingResult {
        guard let slot = slot(moving.date, moving.time),
            let old = appointments.first(where: { $0.id == moving.id }),
            let service = profile.service(old.service)
        else { return refusal(.unknown, next: nil) }
        return place(service, at: slot, replacing: old, name: old.name)
    }

    private func place(
        _ service: BusinessProfile.Service, at slot: Slot, replacing old: Appointment?, name: String
    ) -> AppointmentTools.BookingResult {
        let duration = service.durationMinutes
        let others = appointments.filter { $0.id != old?.id }
        guard isOpen(slot, minutes: duration), !isPast(slot) else {
            return refusal(.closed, next: nextFree(from: slot, minutes: duration, among: others))
        }
        guard isFree(slot, minutes: duration, among: others) else {
            return refusal(.taken, next: nextFree(from: slot, minutes: duration, among: others))
        }
        let appointment = Appointment(
            id: old?.id ?? "A\(nextID)", service: service.id, date: slot.date.iso,
            time: slot.time.iso, name: name)
        if old == nil { nextID += 1 }
        appointments = others + [appointment]
        return success(appointment)
    }

    private func find(_ search: AppointmentTools.Search) -> AppointmentTools.SearchResult {
        let today = now().date.iso
        return .init(
            appointments: booked.filter { isSame($0.name, search.name) && $0.date >= today })
    }

    private func cancel(_ wish: AppointmentTools.Cancelling) -> AppointmentTools.CancellingResult {
        let before = appointments.count
        appointments.removeAll { $0.id == wish.id }
        return .init(cancelled: appointments.count < before)
    }

    private func status(_ query: AppointmentTools.OrderQuery) -> AppointmentTools.OrderResult {
        .init(status: orders[query.orderNumber] ?? .notFound)
    }

    private func success(_ appointment: Appointment) -> AppointmentTools.BookingResult {
        .init(status: .booked, appointment: appointment, nextDate: nil, nextTime: nil)
    }

    private func refusal(
        _ status: AppointmentTools.BookingResult.Status, next: Slot?
    ) -> AppointmentTools.BookingResult {
        .init(
            status: status, appointment: nil, nextDate: next?.date.iso, nextTime: next?.time.iso)
    }

    /// The first free half hour from `slot` on, within four weeks.
    private func nextFree(
        from slot: Slot, minutes: Int, among others: [Appointment]
    ) -> Slot? {
        for day in 0..<28 {
            let date = slot.date.advanced(byDays: day)
            guard let hours = profile.hours[date] else { continue }
            let opens = hours.opens.minutesSinceMidnight
            let earliest = day == 0 ? max(opens, slot.time.minutesSinceMidnight) : opens
            let first = (earliest + 29) / 30 * 30
            for minute in stride(from: first, to: hours.closes.minutesSinceMidnight, by: 30) {
                guard let time = TimeOfDay(minutesSinceMidnight: minute) else { continue }
                let candidate = (date: date, time: time)
                if isOpen(candidate, minutes: minutes), !isPast(candidate),
                    isFree(candidate, minutes: minutes, among: others)
                {
                    return candidate
                }
            }
        }
        return nil
    }

    private func isOpen(_ slot: Slot, minutes: Int) -> Bool {
        guard let hours = profile.hours[slot.date] else { return false }
        let start = slot.time.minutesSinceMidnight
        return hours.contains(slot.time) && start + minutes <= hours.closes.minutesSinceMidnight
    }

    private func isPast(_ slot: Slot) -> Bool {
        let now = now()
        return slot.date < now.date || slot.date == now.date && slot.time <= now.time
    }

    private func isFree(_ slot: Slot, minutes: Int, among others: [Appointment]) -> Bool {
        let start = slot.time.minutesSinceMidnight
        return others.allSatisfy { other in
            guard other.date == slot.date.iso, let time = TimeOfDay(iso: other.time) else {
                return true
            }
            let otherStart = time.minutesSinceMidnight
            let otherEnd = otherStart + (profile.service(other.service)?.durationMinutes ?? 30)
            return start + minutes <= otherStart || otherEnd <= start
        }
    }

    private func slot(_ date: String, _ time: String) -> Slot? {
        guard let date = CivilDate(iso: date), let time = TimeOfDay(iso: time) else { return nil }
        return (date, time)
    }

    private func isSame(_ name: String, _ other: String) -> Bool {
        NormalizedText.folding(name) == NormalizedText.folding(other)
    }
}
