internal import ControlAPI
internal import Events
internal import Foundation
internal import Logging
internal import Pipeline
internal import Records
internal import ServiceLifecycle

/// Watches calls and gauges, and tells of what goes wrong: the log, live events, webhooks, and
/// `/metrics`.
///
/// It follows the journal's feed, so it knows of calls that are run elsewhere too; the media plane
/// does nothing for it.
struct AlertService: Service {
    let watch: AlertWatch
    let journal: EventJournal
    let store: any RecordStore
    let gauges: @Sendable () -> AlertRules.Gauges
    let logger: Logger
    /// Between two looks.
    var interval = Duration.seconds(5)

    /// Runs until asked to stop.
    func run() async throws {
        await seedCosts()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { tasks in
                tasks.addTask { await follow() }
                tasks.addTask { await look() }
            }
        }
    }

    /// What calls of today have cost before a restart.
    private func seedCosts() async {
        let day = Date().utcDay
        var filter = CallFilter()
        filter.from = Date(timeIntervalSince1970: Double(day) * 86_400)
        var page = PageRequest(limit: 200)
        // What the store cannot tell is no reason to watch nothing.
        while let found = try? await store.calls(matching: filter, page: page) {
            for call in found.records where call.summary.status != .live {
                guard let micros = call.costMicros, let ended = call.summary.ended else { continue }
                await watch.add(costMicros: micros, onDay: ended.utcDay)
            }
            guard let next = found.next else { return }
            page = PageRequest(limit: 200, cursor: next)
        }
    }

    private func follow() async {
        repeat {
            guard let feed = journal.feed, let subscription = try? await feed.subscribe(to: .all)
            else { continue }
            guard await follow(subscription) else { return }
        } while (try? await Task.sleep(for: interval)) != nil
    }

    /// - Returns: whether to come back for what happens later.
    private func follow(_ subscription: EventSubscription) async -> Bool {
        while true {
            switch await subscription.next() {
            case .events(let events): await watch.record(events, at: .now())
            case .alerts: break  // our own
            case .ended(.tooSlow), .ended(.storeFailed): return true
            case .ended(.left), .ended(.shutdown): return false
            }
        }
    }

    private func look() async {
        while (try? await Task.sleep(for: interval)) != nil {
            for alert in await watch.judge(gauges(), onDay: Date().utcDay, at: .now()) {
                await tell(alert)
            }
        }
    }

    private func tell(_ alert: AlertRecord) async {
        let level: Logger.Level = alert.state == .firing ? .error : .notice
        logger.log(
            level: level, "alert",
            metadata: [
                "rule": "\(alert.rule)", "subject": "\(alert.subject ?? "")",
                "state": "\(alert.state.rawValue)", "what": "\(alert.message)",
            ])
        do throws(RecordStoreError) { try await journal.announce(alert) } catch {
            logger.error("webhooks are not told of an alert", metadata: ["error": "\(error)"])
        }
    }
}

/// The alert rules, shared by who feeds them and who asks.
actor AlertWatch {
    private var rules: AlertRules

    init(_ settings: AlertRules.Settings) { rules = AlertRules(settings) }

    func record(_ events: [RecordedEvent], at now: MonotonicTime) {
        for recorded in events {
            rules.record(recorded.event.body, onDay: recorded.event.time.utcDay, at: now)
        }
    }

    func add(costMicros: Int64, onDay day: Int) { rules.add(costMicros: costMicros, onDay: day) }

    func judge(
        _ gauges: AlertRules.Gauges, onDay day: Int, at now: MonotonicTime
    ) -> [AlertRecord] {
        rules.judge(gauges, onDay: day, at: now)
    }

    func metrics() -> [Metric] {
        [
            Metric(
                "mediabridge_alert_firing",
                help: "1 while an alert of the rule fires; rules that are off have none.",
                .gauge(
                    rules.states.map {
                        .init($0.isFiring ? 1 : 0, [.init("rule", $0.rule.rawValue)])
                    }))
        ]
    }
}

extension Date {
    /// Days of UTC since 1970.
    fileprivate var utcDay: Int { Int((timeIntervalSince1970 / 86_400).rounded(.down)) }
}
