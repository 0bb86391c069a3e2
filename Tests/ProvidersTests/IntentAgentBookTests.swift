import Insight
import Pipeline
import Providers
import Testing

@Suite struct IntentAgentBookTests {
    @Test(arguments: [
        // An hour and a half from ten leaves 11:30 as the next free half hour.
        ("2026-11-23", "10:00", #""next_date":"2026-11-23","next_time":"11:30","status":"taken""#),
        // It would run into the one at ten.
        ("2026-11-23", "09:00", #""next_date":"2026-11-23","next_time":"11:30","status":"taken""#),
        // Closed on Sunday; Monday is free from eight to half past nine.
        ("2026-11-22", "10:00", #""next_date":"2026-11-23","next_time":"08:00","status":"closed""#),
        // It would not be finished at one on Saturday.
        ("2026-11-28", "12:00", #""next_date":"2026-11-30","next_time":"08:00","status":"closed""#),
        // Gone by.
        ("2026-11-20", "10:00", #""next_date":"2026-11-23","next_time":"08:00","status":"closed""#),
        ("2026-11-31", "10:00", #""status":"unknown""#),
    ])
    func refusals(date: String, time: String, expected: String) async throws {
        let result = await (try book()).run(call(date, time), callID: "c")
        #expect(result.succeeded)
        #expect(result.callID == "1")
        #expect(result.content == "{\(expected)}")
    }

    @Test func aRetriedBookingIsBookedOnce() async throws {
        let book = try book()
        let first = await book.run(call("2026-11-24", "10:00"), callID: "c")
        let second = await book.run(call("2026-11-24", "10:00"), callID: "c")
        #expect(first.content == second.content)
        #expect(await book.booked.count == 2)
    }

    /// However many callers ask at once, no two appointments overlap.
    @Test(arguments: 1...4)
    func neverTwoCarsAtOnce(seed: Int) async throws {
        let book = try book()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<60 {
                let minutes = 8 * 60 + (index * 37 * seed) % (10 * 60)
                let time = TimeOfDay(minutesSinceMidnight: minutes)?.iso ?? "10:00"
                let call = call("2026-11-24", time, name: "Caller \(index)")
                group.addTask { _ = await book.run(call, callID: "c\(index)") }
            }
        }
        let day = await book.booked.filter { $0.date == "2026-11-24" }
        let starts = day.compactMap { TimeOfDay(iso: $0.time)?.minutesSinceMidnight }
        #expect(starts.count > 1)
        for (earlier, later) in zip(starts, starts.dropFirst()) { #expect(later - earlier >= 90) }
    }

    @Test(arguments: [("no_such_tool", "{}"), ("book_appointment", "{"), ("order_status", "[]")])
    func brokenCalls(name: String, arguments: String) async throws {
        let call = ToolCall(id: "1", name: name, arguments: arguments)
        #expect(await (try book()).run(call, callID: "c").succeeded == false)
    }

    private func book() throws -> AppointmentBook {
        let now = try Saturday.noon()
        return AppointmentBook(
            profile: .workshop, now: { now },
            appointments: [
                Appointment(
                    id: "A1", service: "inspection", date: "2026-11-23", time: "10:00",
                    name: "Sofía")
            ])
    }

    private func call(_ date: String, _ time: String, name: String = "Emma") -> ToolCall {
        let arguments =
            #"{"date":"\#(date)","name":"\#(name)","service":"inspection","time":"\#(time)"}"#
        return ToolCall(id: "1", name: "book_appointment", arguments: arguments)
    }
}
