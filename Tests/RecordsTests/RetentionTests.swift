import Events
import Foundation
import GRDB
import Records
import Testing

@Test func oldEventsGoAndTheirCallsStay() async throws {
    try await withStore(sinks: [OutboxSink(destination: "crm")]) { store, path in
        _ = try await store.append(
            [call("old", [begun("CA1")] + (1...24).map { _ in digit() } + [over(at: 5)])],
            at: moment())
        _ = try await store.append(
            [call("new", [begun("CA2", at: 20 * day)])], at: moment(20 * day))
        for entry in try await store.dueEntries(at: moment(), limit: 1) {
            _ = try await store.delivered(entry: entry.id, at: moment())
        }
        var policy = RetentionPolicy()
        policy.rowsPerBatch = 7
        #expect(try await store.purge(policy, at: moment(6 * day)) == 0)
        // What was delivered goes after 7 days, events after 30.
        #expect(try await store.purge(policy, at: moment(8 * day)) == 1)
        #expect(try await store.purge(policy, at: moment(31 * day)) == 26)
        #expect(try await store.purge(policy, at: moment(31 * day)) == 0)
        #expect(try await store.events(of: "old", after: 0, limit: 99)?.events.isEmpty == true)
        #expect(try await store.call("old")?.lastSeq == 26)
        #expect(try await store.events(of: "new", after: 0, limit: 99)?.seqs == [1])
        // What is still to be told is told.
        #expect(try await store.backlog() == ["crm": 26])
        // Positions are never used again, and `seq` goes on.
        let late = try await store.append([call("old", [digit()])], at: moment(31 * day))
        #expect(late.events.map(\.event.seq) == [27])
        #expect(late.events.map(\.position) == [28])
    }
}

@Test func oldCallsGoWithAllTheyHad() async throws {
    try await withStore { store, path in
        for number in 1...9 {
            let start = Double(number) * day
            _ = try await store.append(
                [
                    call(
                        "c\(number)",
                        [
                            begun("CA\(number)", at: start), asked("find"), told("find"),
                            completed(turn(1), at: start), over(at: start + 10),
                        ])
                ], at: moment(start))
        }
        _ = try await store.append([call("live", [begun("CA0")])], at: moment())
        let contact = Contact(id: "k", phoneNumber: "+1")
        try await store.keep(contact, at: moment())
        try await store.add(
            Memory(
                id: "m", contactID: "k", callID: "c1", kind: "summary", content: "x",
                created: moment()))
        var policy = RetentionPolicy()
        policy.eventDays = nil
        policy.callDays = 5
        policy.rowsPerBatch = 3
        _ = try await store.purge(policy, at: moment(9.5 * day))
        #expect(
            try await store.calls(matching: CallFilter(), page: PageRequest()).records
                .map(\.summary.id) == ["c9", "c8", "c7", "c6", "c5", "live"])
        policy.callDays = nil
        policy.endedCalls = 2
        _ = try await store.purge(policy, at: moment(9.5 * day))
        let counts = try sql(path) { database in
            try ["voice_calls", "conversations", "call_events", "turns", "tool_logs"].map {
                try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM \($0)")
            }
        }
        #expect(counts == [3, 3, 11, 2, 2])
        #expect(try await store.memories(ofContact: "k", at: moment(), limit: 9)[0].callID == nil)
    }
}

@Test func contactsMemoriesAndPromptsAreKept() async throws {
    try await withStore { store, _ in
        var contact = Contact(id: "k", phoneNumber: "+34600111222")
        contact.name = "Ana"
        contact.externalIDs = ["hubspot": "512"]
        contact.fetched = moment()
        try await store.keep(contact, at: moment())
        contact.name = "Ana Ruiz"
        try await store.keep(contact, at: moment(1))
        #expect(try await store.contact(number: "+34600111222") == contact)
        #expect(try await store.contact(number: "+1") == nil)
        for (id, expires) in [("a", nil), ("b", moment(10)), ("c", moment(100))] {
            try await store.add(
                Memory(
                    id: id, contactID: "k", kind: "preference", content: id, created: moment(),
                    expires: expires))
        }
        #expect(
            try await store.memories(ofContact: "k", at: moment(50), limit: 9).map(\.id)
                == ["c", "a"])

        let first = try await store.addPrompt("sales", language: "es", body: "uno", at: moment())
        let second = try await store.addPrompt("sales", language: "es", body: "dos", at: moment(1))
        #expect((first.version, second.version) == (1, 2))
        #expect(try await store.activePrompt("sales")?.body == "dos")
        #expect(try await store.activatePrompt("sales", version: 1)?.body == "uno")
        #expect(try await store.activePrompt("sales")?.version == 1)
        #expect(try await store.prompts(named: "sales").map(\.isActive) == [false, true])
        #expect(try await store.activatePrompt("sales", version: 9) == nil)
        #expect(try await store.activePrompt("other") == nil)
    }
}
