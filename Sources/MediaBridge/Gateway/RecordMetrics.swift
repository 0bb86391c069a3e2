internal import ControlAPI
internal import Records

/// What the journal and its store have done, as Prometheus reads it.
struct RecordMetrics: Sendable {
    let journal: EventJournal
    let store: any RecordStore

    func metrics() async -> [Metric] {
        let journal = await journal.statistics
        let waiting = await self.journal.waitingEvents
        let feed = await self.journal.feed?.statistics ?? EventFeed.Statistics()
        // A store that cannot answer is counted among the reads that failed when calls are asked for.
        let backlog = (try? await store.backlog()) ?? [:]
        return [
            Metric(
                "mediabridge_journal_events_total", help: "Events by what became of them.",
                .counter([
                    .init(UInt64(journal.eventsAppended), [.init("outcome", "kept")]),
                    .init(UInt64(journal.eventsRefused), [.init("outcome", "refused")]),
                    .init(UInt64(journal.eventsLost), [.init("outcome", "lost")]),
                ])),
            Metric(
                "mediabridge_journal_failures_total", help: "Work the store could not do.",
                .counter([
                    .init(UInt64(journal.writesFailed), [.init("kind", "write")]),
                    .init(UInt64(journal.readsFailed), [.init("kind", "read")]),
                ])),
            Metric(
                "mediabridge_journal_waiting_events",
                help: "Events that wait for a store that fails.",
                .gauge([.init(Double(waiting))])),
            Metric(
                "mediabridge_event_subscribers", help: "Who watches live events.",
                .gauge([.init(Double(feed.subscribers))])),
            Metric(
                "mediabridge_event_subscribers_dropped_total",
                help: "Subscribers that were too slow.", .counter([.init(UInt64(feed.dropped))])),
            Metric(
                "mediabridge_outbox_pending",
                help: "Events still to be told, by destination without its id.",
                .gauge(
                    kinds(backlog).sorted { $0.key < $1.key }.map {
                        .init(Double($0.value), [.init("kind", $0.key)])
                    })),
        ]
    }

    /// Whether what happens can be kept now.
    ///
    /// Calls go on without a store, and their events wait for it; a carrier that can send new
    /// calls elsewhere does better to.
    func readiness() async -> Readiness.Part {
        if await journal.statistics.storeFails {
            return .unready(reason: "the database takes no events; the log says why")
        }
        do throws(RecordStoreError) { _ = try await store.latestPosition() } catch {
            return .unready(reason: "the database cannot be read")
        }
        return .ready
    }

    /// Webhooks come and go; their ids would make series without end.
    private func kinds(_ backlog: [String: Int]) -> [String: Int] {
        backlog.reduce(into: ["webhook": 0]) { kinds, entry in
            let isWebhook = entry.key.hasPrefix(Webhook.destination(of: ""))
            kinds[isWebhook ? "webhook" : entry.key, default: 0] += entry.value
        }
    }
}
