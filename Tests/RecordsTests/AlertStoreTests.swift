import Events
import Foundation
import Records
import Testing

/// What is told of the gateway itself: to webhooks as errors that belong to no call, and to those
/// who watch all calls.
@Suite struct AlertStoreTests {
    private static let alert = AlertRecord(
        rule: "provider_down", subject: "llm/anthropic", state: .firing, value: 31, threshold: 30,
        message: "firing: llm/anthropic is shut out")

    private static func hook(_ url: String, _ events: [String]) -> NewWebhook {
        NewWebhook(url: url, events: events, description: nil, secret: nil)
    }

    @Test func webhooksForErrorsAreTold() async throws {
        try await withStore(sinks: [OutboxSink(destination: "crm:x")]) { store, _ in
            let wants = try await store.add(
                Self.hook("https://example.com/a", ["error", "call_ended"]), at: moment())
            _ = try await store.add(
                Self.hook("https://example.com/b", ["call_ended"]), at: moment())
            try await store.announce(Self.alert, at: moment(1))
            try await store.announce(Self.alert, at: moment(2))
            let first = try await store.dueEntries(at: moment(9), limit: 9)
            #expect(first.map(\.destination) == [Webhook.destination(of: wants.id)])
            let entry = try #require(first.first)
            #expect(entry.conversationID == "gateway")
            let payload = String(decoding: WebhookPayload(entry).octets, as: UTF8.self)
            #expect(
                payload == """
                    {"conversation_id":"gateway","data":{"alert":{"message":\
                    "firing: llm/anthropic is shut out","rule":"provider_down","state":"firing",\
                    "subject":"llm/anthropic","threshold":30,"value":31},"call_id":"gateway",\
                    "error_message":"provider_down firing: llm/anthropic is shut out","seq":1,\
                    "stage":"alert"},"event_type":"error","timestamp":"2026-03-09T08:05:01.000Z"}
                    """)
            // In order: the second comes when the first was delivered.
            #expect(try await store.delivered(entry: entry.id, at: moment(9)))
            #expect(try await store.dueEntries(at: moment(9), limit: 9).map(\.event.seq) == [2])
        }
    }

    @Test func whoWatchesAllCallsIsTold() async throws {
        try await withStore { store, _ in
            let journal = EventJournal(store: store, wallClock: { moment(7) })
            let feed = try #require(journal.feed)
            try await journal.append(callID: "a", [begun("CA1")])
            let all = try #require(await feed.subscribe(to: .all))
            let one = try #require(await feed.subscribe(to: .call("a")))
            try await journal.announce(Self.alert)
            try await journal.append(callID: "a", [digit("1")])
            guard case .events(let events) = await all.next() else {
                Issue.record("events go first")
                return
            }
            #expect(events.map(\.event.seq) == [2])
            guard case .alerts(let notices) = await all.next() else {
                Issue.record("no alert")
                return
            }
            #expect(notices.map(\.alert) == [Self.alert])
            #expect(notices.map(\.time) == [moment(7)])
            guard case .events = await one.next() else {
                Issue.record("a call has no alerts")
                return
            }
            #expect(await journal.finish().isEmpty)
            #expect(await one.next() == .ended(.shutdown))
        }
    }
}
