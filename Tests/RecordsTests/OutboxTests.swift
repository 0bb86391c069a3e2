import Events
import Foundation
import Records
import Testing

@Test func destinationsGetTheTypesTheyWant() async throws {
    try await withStore(
        sinks: [
            OutboxSink(destination: "crm:all"),
            OutboxSink(destination: "crm:ends", types: [.callEnded]),
        ]
    ) { store, _ in
        let hook = try await store.add(
            NewWebhook(url: "https://a.test", events: ["call_started", "dtmf"]), at: moment())
        let every = try await store.add(
            NewWebhook(url: "https://b.test", events: ["*"]), at: moment())
        #expect(
            try await store.setWebhook(every.id, active: false, at: moment())?.isActive == false)
        _ = try await store.append([call("a", [begun(), digit(), said("hola")])], at: moment())
        #expect(try await store.backlog() == ["crm:all": 3, hook.destination: 2])

        _ = try await store.setWebhook(every.id, active: true, at: moment())
        _ = try await store.append([call("a", [over(at: 5)])], at: moment(5))
        #expect(
            try await store.backlog() == [
                "crm:all": 4, "crm:ends": 1, hook.destination: 2, every.destination: 1,
            ])
        #expect(try await store.deleteWebhook(hook.id))
        #expect(try await store.backlog()[hook.destination] == nil)
        try await store.setSinks([])
        _ = try await store.append([call("a", [digit()])], at: moment(6))
        #expect(try await store.backlog() == ["crm:all": 4, "crm:ends": 1, every.destination: 2])
    }
}

/// One call's entries wait for the first of them; another call's do not.
@Test func entriesAreDueInTheOrderOfTheirCall() async throws {
    try await withStore(sinks: [OutboxSink(destination: "crm")]) { store, _ in
        _ = try await store.append(
            [call("a", [begun("CA1"), digit("1")]), call("b", [begun("CA2")])], at: moment())
        let due = try await store.dueEntries(at: moment(), limit: 10)
        #expect(due.map(\.event.callID) == ["a", "b"])
        #expect(due.map(\.event.seq) == [1, 1])
        #expect(
            try await store.failed(
                entry: due[0].id, error: "refused", nextAttempt: moment(30), at: moment(1)))
        #expect(try await store.delivered(entry: due[1].id, at: moment(1)))
        #expect(try await !store.delivered(entry: due[1].id, at: moment(1)))
        #expect(try await store.dueEntries(at: moment(29), limit: 10).isEmpty)
        #expect(try await store.nextDue() == moment(30))
        let again = try #require(await store.dueEntries(at: moment(30), limit: 10).first)
        #expect((again.attempts, again.lastError) == (1, "refused"))
        #expect(try await store.events(of: "a", after: 0, limit: 1)?.events == [again.event])
        #expect(try await store.delivered(entry: again.id, at: moment(31)))
        #expect(try await store.dueEntries(at: moment(31), limit: 10).map(\.event.seq) == [2])
    }
}

@Test func deadEntriesCanBeDeliveredAgain() async throws {
    try await withStore(sinks: [OutboxSink(destination: "crm")]) { store, _ in
        _ = try await store.append([call("a", [begun(), digit(), digit()])], at: moment())
        for second in 1...2 {
            let entry = try #require(
                await store.dueEntries(at: moment(10), limit: 1).first)
            #expect(
                try await store.failed(
                    entry: entry.id, error: "gone", nextAttempt: nil, at: moment(Double(second))))
        }
        // The others of the call go on without it.
        #expect(try await store.dueEntries(at: moment(10), limit: 10).map(\.event.seq) == [3])
        let first = try await store.deadEntries(destination: "crm", page: PageRequest(limit: 1))
        #expect(first.records.map(\.event.seq) == [2])
        let second = try await store.deadEntries(
            destination: nil, page: PageRequest(limit: 1, cursor: first.next))
        #expect(second.records.map(\.event.seq) == [1])
        #expect(second.next == nil)
        #expect(try await store.redeliver(entry: second.records[0].id, at: moment(20)))
        #expect(try await !store.redeliver(entry: second.records[0].id, at: moment(20)))
        #expect(try await store.dueEntries(at: moment(20), limit: 10).map(\.event.seq) == [1])
        #expect(try await store.deadEntries(destination: "x", page: PageRequest()).records.isEmpty)
    }
}

@Test func webhooksRememberHowTheyWereReached() async throws {
    try await withStore { store, _ in
        let hook = try await store.add(
            NewWebhook(
                url: "https://a.test/x?y=1", events: ["error"], description: "ops", secret: "s"),
            at: moment())
        #expect(try await store.webhook(hook.id) == hook)
        #expect(try await store.webhooks() == [hook])
        #expect(hook.created == moment())
        let attempts = (1...3).map { number in
            WebhookDelivery(
                id: "d\(number)", webhookID: hook.id, eventType: "error", attempt: number,
                succeeded: number == 3, statusCode: number == 3 ? 200 : 500,
                errorMessage: number == 3 ? nil : "status 500", durationMilliseconds: 12.5,
                attempted: moment(Double(number)))
        }
        for attempt in attempts { try await store.add(attempt) }
        #expect(
            try await store.deliveries(ofWebhook: hook.id, limit: 2) == [attempts[2], attempts[1]])
        #expect(try await store.deleteWebhook(hook.id))
        #expect(try await !store.deleteWebhook(hook.id))
        #expect(try await store.deliveries(ofWebhook: hook.id, limit: 2).isEmpty)
        #expect(try await store.setWebhook(hook.id, active: true, at: moment()) == nil)
    }
}
