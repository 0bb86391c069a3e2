package import Foundation
internal import Synchronization

/// Takes entries of the outbox to their destinations, at least once, and in order per call.
///
/// Each destination is worked on by itself, so that a slow one holds up nobody else; within one, a
/// bounded number of calls is told side by side.
package actor OutboxDispatcher {
    package struct Settings: Sendable {
        package var schedule = RetrySchedule()
        /// Calls of one destination told side by side.
        package var callsAtOnce = 8
        /// How long a new entry may lie before it is seen.
        package var interval = Duration.milliseconds(100)
        /// What is left may still be delivered for so long when the gateway stops.
        package var finishLimit = Duration.seconds(5)

        package init() {}
    }

    /// What became of attempts.
    package struct Counts: Equatable, Sendable {
        package fileprivate(set) var delivered = 0
        package fileprivate(set) var failed = 0
        package fileprivate(set) var dead = 0
    }

    /// Of webhooks together (`webhook`), and of each sink by its destination.
    package private(set) var counts: [String: Counts] = [:]
    private let store: any RecordStore
    private let receivers: [String: any OutboxReceiver]
    private let webhook: @Sendable (_ id: String) -> any OutboxReceiver
    private let settings: Settings
    private let now: @Sendable () -> Date
    private let chance: @Sendable () -> Double
    private let report: @Sendable (RecordStoreError) -> Void
    private var paces: [String: DestinationPace] = [:]
    /// Destinations that are being worked on.
    private var busy: Set<String> = []
    /// Destinations whose entries all wait, and until when nobody looks.
    private var resting: [String: Date] = [:]
    private let isStopping = Mutex(false)
    private let stops: AsyncStream<Void>
    private let stopSignal: AsyncStream<Void>.Continuation

    /// Prepares a dispatcher that does nothing until `run()` or `pass()`.
    ///
    /// - Parameters:
    ///   - store: whose outbox it empties.
    ///   - receivers: by destination.
    ///   - webhook: makes the receiver of a webhook.
    ///   - settings: how fast and how often.
    ///   - now: wall clock.
    ///   - chance: 0 to 1, even.
    ///   - report: told when the store fails; the work goes on.
    package init(
        store: any RecordStore, receivers: [String: any OutboxReceiver],
        webhook: @escaping @Sendable (_ id: String) -> any OutboxReceiver,
        settings: Settings = Settings(), now: @escaping @Sendable () -> Date = { Date() },
        chance: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        report: @escaping @Sendable (RecordStoreError) -> Void = { _ in }
    ) {
        self.store = store
        self.receivers = receivers
        self.webhook = webhook
        self.settings = settings
        self.now = now
        self.chance = chance
        self.report = report
        (stops, stopSignal) = AsyncStream.makeStream(of: Void.self)
    }

    /// Works until `stop()` or cancellation; what is under way then is finished within the limit.
    package func run() async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.loop() }
            tasks.addTask { [stops, settings] in
                for await _ in stops {}
                try? await Task.sleep(for: settings.finishLimit)
            }
            await tasks.next()
            tasks.cancelAll()
        }
    }

    /// Lets `run()` come to its end; may be called from anywhere.
    package nonisolated func stop() {
        isStopping.withLock { $0 = true }
        stopSignal.finish()
    }

    private func loop() async {
        await withDiscardingTaskGroup { tasks in
            while !Task.isCancelled, !isStopping.withLock({ $0 }) {
                for destination in await claim() {
                    tasks.addTask { await self.work(on: destination) }
                }
                try? await Task.sleep(for: settings.interval)
            }
        }
        if !Task.isCancelled { await pass() }
    }

    /// Delivers what is due and can be delivered now, and returns when that is done.
    package func pass() async {
        let destinations = await claim()
        await withDiscardingTaskGroup { tasks in
            for destination in destinations {
                tasks.addTask { await self.work(on: destination) }
            }
        }
    }

    /// Destinations that something waits for and that nobody works on.
    private func claim() async -> [String] {
        let pending: [String]
        do { pending = try await store.pendingDestinations() } catch {
            report(error)
            return []
        }
        let time = now()
        let claimed = pending.filter { destination in
            !busy.contains(destination) && (paces[destination]?.isOpen(at: time) ?? true)
                && (resting[destination].map { $0 <= time } ?? true)
        }
        busy.formUnion(claimed)
        // Of those that are gone nothing is remembered.
        let known = Set(pending)
        paces = paces.filter { known.contains($0.key) || !$0.value.isOpen(at: time) }
        resting = resting.filter { known.contains($0.key) }
        return claimed
    }

    private func work(on destination: String) async {
        defer { busy.remove(destination) }
        do {
            while !Task.isCancelled, try await round(destination) {}
        } catch let error as RecordStoreError {
            if !Task.isCancelled { report(error) }
            resting[destination] = now().addingTimeInterval(1)
        } catch {}
    }

    /// - Returns: whether more may be due.
    private func round(_ destination: String) async throws -> Bool {
        guard let receiver = receiver(of: destination) else {
            _ = try await store.abandon(
                destination, queuedBefore: nil, because: "it is no longer configured", at: now())
            return false
        }
        var pace = paces[destination] ?? DestinationPace(most: settings.callsAtOnce)
        let isBatch = receiver.batchLimit > 1
        let entries = try await store.dueEntries(
            of: destination, wholeCalls: isBatch, at: now(),
            limit: isBatch ? receiver.batchLimit : pace.allowance)
        guard !entries.isEmpty else {
            // All that waits, waits for its next attempt; new calls are to be seen soon.
            resting[destination] = now().addingTimeInterval(1)
            return false
        }
        let outcomes = await deliver(entries, to: receiver)
        let verdict = try await settle(entries, outcomes, of: destination)
        switch verdict {
        case .goesOn: pace.succeeded()
        case .waits(let least): pace.failed(at: now(), least: least)
        case .ended: break
        }
        paces[destination] = pace
        return verdict == .goesOn
    }

    private func receiver(of destination: String) -> (any OutboxReceiver)? {
        if destination.hasPrefix(Webhook.destination(of: "")) {
            return webhook(String(destination.dropFirst(Webhook.destination(of: "").count)))
        }
        return receivers[destination]
    }

    private nonisolated func deliver(
        _ entries: [OutboxEntry], to receiver: any OutboxReceiver
    ) async -> [DeliveryOutcome] {
        let now = now
        if receiver.batchLimit > 1 { return await receiver.deliver(entries, at: now()) }
        return await withTaskGroup(of: (Int, DeliveryOutcome).self) { tasks in
            for (index, entry) in entries.enumerated() {
                tasks.addTask {
                    (index, await receiver.deliver([entry], at: now()).first ?? .cancelled)
                }
            }
            var outcomes = [DeliveryOutcome](repeating: .cancelled, count: entries.count)
            for await (index, outcome) in tasks { outcomes[index] = outcome }
            return outcomes
        }
    }

    private enum Verdict: Equatable {
        case goesOn
        case waits(least: Duration?)
        case ended
    }

    private func settle(
        _ entries: [OutboxEntry], _ outcomes: [DeliveryOutcome], of destination: String
    ) async throws -> Verdict {
        let kind = destination.hasPrefix(Webhook.destination(of: "")) ? "webhook" : destination
        var verdict = Verdict.goesOn
        let time = now()
        let delivered = zip(entries, outcomes).filter { $1 == .delivered }.map(\.0.id)
        try await store.delivered(entries: delivered, at: time)
        counts[kind, default: Counts()].delivered += delivered.count
        for (entry, outcome) in zip(entries, outcomes) {
            switch outcome {
            case .delivered: break
            case .cancelled: verdict = .ended
            case .unavailable(let reason, let least):
                verdict = .waits(least: least)
                try await fail(entry, kind, reason, retries: true, least: least, at: time)
            case .refused(let reason):
                try await fail(entry, kind, reason, retries: true, least: nil, at: time)
            case .rejected(let reason):
                try await fail(entry, kind, reason, retries: false, least: nil, at: time)
            case .closed(let reason):
                counts[kind, default: Counts()].dead += try await store.abandon(
                    destination, queuedBefore: nil, because: reason, at: time)
                return .ended
            }
        }
        if case .waits = verdict {
            // However much waits for what is down, it does not wait for longer than a day.
            counts[kind, default: Counts()].dead += try await store.abandon(
                destination,
                queuedBefore: time.addingTimeInterval(-settings.schedule.span.seconds),
                because: "the destination was down for too long", at: time)
        }
        return verdict
    }

    private func fail(
        _ entry: OutboxEntry, _ kind: String, _ reason: String, retries: Bool, least: Duration?,
        at time: Date
    ) async throws {
        let next =
            retries
            ? settings.schedule.next(
                after: entry.attempts + 1, queued: entry.queued, now: time, least: least,
                chance: chance()) : nil
        _ = try await store.failed(
            entry: entry.id, error: reason, nextAttempt: next, at: time)
        counts[kind, default: Counts()].failed += 1
        if next == nil { counts[kind, default: Counts()].dead += 1 }
    }
}
