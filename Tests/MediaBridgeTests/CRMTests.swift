import Events
import Foundation
import ProviderSimulators
import Records
import Synchronization
import Testing

@testable import MediaBridge

/// CRM sinks over HTTP to servers that behave as the real ones do.
@Suite(.tags(.integration)) struct CRMTests {
    private static let time = Date(timeIntervalSince1970: 1_773_043_500)

    private func callEntries(
        _ id: String, from number: String, afterSeconds start: Double = 0
    ) -> CallEntries {
        func entry(_ body: EventBody, at seconds: Double) -> JournalEntry {
            JournalEntry(
                body, time: Self.time.addingTimeInterval(start + seconds),
                secondsFromStart: seconds)
        }
        var turn = TurnRecord(turn: 1, user: "¿Está <listo>?")
        turn.agent = "Sí."
        turn.heard = "Sí."
        return CallEntries(
            callID: id,
            [
                entry(
                    .callStarted(
                        CallStarted(
                            carrier: "twilio", carrierCallID: "CA" + id, language: "es",
                            from: number, to: "+34910000000")), at: 0),
                entry(
                    .transcript(Transcript(text: "¿Está <listo>?", isFinal: true, turn: 1)), at: 1),
                entry(
                    .toolCall(ToolCallRecord(id: "t", name: "lookup", arguments: #"{"a":1}"#)),
                    at: 2),
                entry(
                    .toolResult(
                        ToolResultRecord(
                            id: "t", name: "lookup", succeeded: true, result: "ok",
                            durationMilliseconds: 5)), at: 2.5),
                entry(.turnCompleted(turn), at: 3),
                entry(
                    .callEnded(
                        CallEnded(
                            reason: "caller_hung_up", durationSeconds: 61, turns: 1,
                            interruptions: 0)), at: 61),
            ])
    }

    /// Runs `body` with a store whose outbox goes to what the configuration names.
    private func withDispatcher(
        _ configuration: OutboxConfiguration,
        _ body: (SQLiteStore, OutboxDispatcher) async throws -> Void
    ) async throws {
        let store = try SQLiteStore()
        let http = OutboxHTTP()
        let crm = configuration.receivers(store, http)
        try await store.setSinks(crm.map(\.sink))
        let webhooks = WebhookReceiver.Services(
            store: store, transport: http, signature: .standard, allowsPrivate: true)
        var settings = OutboxDispatcher.Settings()
        settings.schedule.firstDelay = .milliseconds(100)
        let dispatcher = OutboxDispatcher(
            store: store,
            receivers: Dictionary(
                uniqueKeysWithValues: crm.map { ($0.sink.destination, $0.receiver) }),
            webhook: { WebhookReceiver(id: $0, webhooks) }, settings: settings)
        try await body(store, dispatcher)
        await http.shutdown()
        try await store.close()
    }

    /// Passes until nothing waits, for half a minute at most.
    private func drain(_ store: SQLiteStore, _ dispatcher: OutboxDispatcher) async throws {
        let isDone = try await ContinuousClock.awaits {
            await dispatcher.pass()
            return try await store.backlog().isEmpty
        }
        #expect(isDone)
    }

    @Test func supabaseHoldsWhatTheRecordsHold() async throws {
        let server = try await SimulatedSupabase(key: "sb_secret_x")
        var configuration = OutboxConfiguration()
        configuration.crm = [.supabase]
        configuration.supabaseURL = server.url
        configuration.supabaseKey = Secret(value: "sb_secret_x")
        try await withDispatcher(configuration) { store, dispatcher in
            server.setFailing(true)
            _ = try await store.append(
                (1...3).map { callEntries("call-\($0)", from: "+34600111222") }, at: Date())
            await dispatcher.pass()
            #expect(server.rows(of: "call_events").isEmpty)
            server.setFailing(false)
            try await drain(store, dispatcher)
            #expect(server.rows(of: "call_events").count == 18)
            #expect(server.rows(of: "voice_calls").count == 3)
            #expect(server.rows(of: "tool_logs").count == 3)
            let call = try jsonObject(try #require(server.rows(of: "voice_calls")["call-1"]))
            #expect(call["status"] as? String == "ended")
            #expect(call["duration_seconds"] as? Double == 61)
            let conversation = try jsonObject(
                try #require(server.rows(of: "conversations")["call-1"]))
            #expect((conversation["transcript"] as? String)?.contains("¿Está <listo>?") == true)
            // One batch, not a request per event.
            #expect(server.requests <= 8)
        }
        await server.stop()
    }

    @Test func hubSpotLogsACallOnceAtTheCaller() async throws {
        let server = try await SimulatedHubSpot(token: "pat-x")
        let known = server.addContact(phone: "+57 300 111 2233")
        var configuration = OutboxConfiguration()
        configuration.crm = [.hubspot]
        configuration.hubspotURL = server.url
        configuration.hubspotToken = Secret(value: "pat-x")
        try await withDispatcher(configuration) { store, dispatcher in
            server.limit(1)
            server.cutAfterNextCall()
            _ = try await store.append([callEntries("a", from: "+573001112233")], at: Date())
            try await drain(store, dispatcher)
            // The call that was made before the connection broke was found again.
            #expect(server.calls.count == 1)
            let (id, properties) = try #require(server.calls.first)
            #expect(server.associations == ["\(id)-\(known)"])
            #expect(properties["hs_call_duration"] == "61000")
            #expect(properties["hs_timestamp"] == "1773043500000")
            #expect(properties["hs_call_direction"] == "INBOUND")
            #expect(properties["hs_call_body"]?.contains("¿Está &lt;listo&gt;?") == true)

            // Nobody knows this one; who called before is not asked for again.
            _ = try await store.append([callEntries("b", from: "+34600111222")], at: Date())
            _ = try await store.append(
                [callEntries("c", from: "+573001112233", afterSeconds: 90)], at: Date())
            try await drain(store, dispatcher)
            #expect(server.contacts.count == 2)
            #expect(server.contacts.values.contains { $0["phone"] == "+34600111222" })
            #expect(server.associations.count == server.calls.count)
            #expect(
                server.paths.count { $0 == "POST /crm/v3/objects/contacts/search" } <= 3)
        }
        await server.stop()
    }

    @Test func anyAddressGetsEventsAsTheJournalHasThem() async throws {
        let received = Mutex<[SimulatedRequest]>([])
        let server = try await SimulatedServer(http: { request, exchange in
            received.withLock { $0.append(request) }
            try await exchange.answer(status: 202)
        })
        var configuration = OutboxConfiguration()
        configuration.crm = [.json]
        configuration.jsonURL = "http://127.0.0.1:\(server.port)/events"
        configuration.jsonKey = Secret(value: "k")
        try await withDispatcher(configuration) { store, dispatcher in
            _ = try await store.append([callEntries("a", from: "+34600111222")], at: Date())
            try await drain(store, dispatcher)
            let kept = try #require(await store.events(of: "a", after: 0, limit: 100)).events
            let requests = received.withLock { $0 }
            let events = try requests.map {
                try JSONDecoder().decode(CallEvent.self, from: Data($0.body))
            }
            #expect(events == kept)
            #expect(
                requests.map { $0.header("Idempotency-Key") }
                    == kept.map { $0.id.uuidString.lowercased() })
            #expect(requests.allSatisfy { $0.target == "/events" })
            #expect(requests.allSatisfy { $0.header("Authorization") == "Bearer k" })
        }
        await server.stop()
    }

    @Test func settingsNameWhatIsMissing() async throws {
        await #expect(throws: ConfigurationError.self) {
            try await GatewayConfiguration.load(
                file: nil, environment: ["MEDIABRIDGE_CRM": "supabase"])
        }
        let set = try await GatewayConfiguration.load(
            file: nil,
            environment: [
                "MEDIABRIDGE_CRM": "supabase,hubspot", "SUPABASE_URL": "https://x.supabase.co/",
                "SUPABASE_SERVICE_KEY": "k", "HUBSPOT_ACCESS_TOKEN": "t",
            ])
        #expect(set.outbox.crm == [.supabase, .hubspot])
        #expect(set.outbox.supabaseURL == "https://x.supabase.co")
        #expect(!set.outbox.webhooksAllowPrivate)
    }
}
