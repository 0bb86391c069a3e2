package import Foundation

/// Tells who calls: by our own records, and by the sources that are configured, whose answers are
/// kept for a day.
///
/// Sources are asked all at once and trusted in their order. What one of them does wrong never
/// reaches a call: a call is told what is known, or nothing.
package actor ContactDirectory {
    package struct Settings: Sendable {
        /// How long the answer of a source is good.
        package var keptSeconds = 86_400.0
        /// How long it is good that nobody is known.
        package var unknownKeptSeconds = 600.0
        /// Our own records are asked and filled; otherwise nothing of callers is written, and
        /// answers are kept in memory.
        package var usesRecords = true
        /// What somebody put into our own records is believed before any source.
        package var trustsRecords = true
        /// Callers looked up at the same time.
        package var mostAtOnce = 1_000

        package init() {}
    }

    /// What came of asking a source.
    package enum Outcome: String, CaseIterable, Sendable {
        case found, unknown
        /// An answer of today was still there.
        case kept
        case refused, limited
        case timedOut = "timed_out"
        case failed
        /// It was left alone because it had failed before.
        case skipped
    }

    /// Lookups by source and outcome.
    package private(set) var counts: [String: [Outcome: Int]] = [:]
    /// Callers who were not looked up because too many were at once.
    package private(set) var overloads = 0

    /// The name of our own records among the sources.
    package static let ownRecords = "store"
    private let store: any RecordStore
    private let sources: [any ContactSource]
    private let settings: Settings
    private let now: @Sendable () -> Date
    private let report: @Sendable (String) -> Void
    private var paces: [String: SourcePace] = [:]
    private var warned: Set<String> = []
    private var inquiries: [CallerNumber: Inquiry] = [:]
    /// Answers of sources, where they may not be written.
    private var memory: [CallerNumber: [String: ContactLookup]] = [:]
    private static let memoryLimit = 10_000

    /// One number's callers who wait, and what is known so far.
    private struct Inquiry {
        var told: [String: ContactFacts] = [:]
        var contactID: String?
        var listeners: [AsyncStream<KnownCaller>.Continuation] = []
        var task: Task<Void, Never>?
    }

    /// - Parameters:
    ///   - store: our own records.
    ///   - sources: the most trusted first.
    ///   - settings: how long answers are good.
    ///   - now: the wall clock.
    ///   - report: told once when a source refuses us, with what to look at.
    package init(
        store: any RecordStore, sources: [any ContactSource], settings: Settings = Settings(),
        now: @escaping @Sendable () -> Date = { Date() },
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.store = store
        self.sources = sources
        self.settings = settings
        self.now = now
        self.report = report
    }

    /// Cancels what is under way; called once no call is left.
    package func shutdown() async {
        for inquiry in inquiries.values { inquiry.task?.cancel() }
        await settle()
    }

    /// Waits for what is under way, until it is written.
    package func settle() async {
        for task in inquiries.values.compactMap(\.task) { await task.value }
    }

    // MARK: Asking

    /// What becomes known of the caller, as it becomes known: each value holds all of it so far.
    ///
    /// - Returns: ends when every source has answered or failed; empty for a stranger.
    package func caller(_ number: CallerNumber) -> AsyncStream<KnownCaller> {
        let (stream, listener) = AsyncStream.makeStream(
            of: KnownCaller.self, bufferingPolicy: .bufferingNewest(1))
        if let inquiry = inquiries[number] {
            if let known = known(inquiry) { listener.yield(known) }
            inquiries[number]?.listeners.append(listener)
            return stream
        }
        guard inquiries.count < settings.mostAtOnce else {
            overloads += 1
            listener.finish()
            return stream
        }
        var inquiry = Inquiry()
        inquiry.listeners = [listener]
        // A lookup outlives the call that began it: others may wait for it, and its answer is kept.
        inquiry.task = Task { await inquire(number) }
        inquiries[number] = inquiry
        return stream
    }

    /// Begins to look somebody up whose call is about to come.
    package func expect(_ number: CallerNumber) { _ = caller(number) }

    /// Who is called so: by number, by our own id, or by what a source calls them.
    ///
    /// - Parameter id: as a caller or a model gives it; anything.
    /// - Returns: `nil` when nobody is known, and no source failed.
    /// - Throws: when nobody is known, but a source that may know was not to be had.
    package func customer(_ id: String) async throws(ContactSourceError) -> KnownCaller? {
        if let number = CallerNumber(id) {
            var latest: KnownCaller?
            for await known in caller(number) { latest = known }
            return latest
        }
        if settings.usesRecords, let contact = try? await store.contact(id: id),
            let number = CallerNumber(contact.phoneNumber)
        {
            return try await customer(number.text)
        }
        var failure: ContactSourceError?
        for source in sources {
            guard pace(source).isOpen(at: now()) else {
                failure = .limited(wait: nil)
                note(.skipped, of: source)
                continue
            }
            do throws(ContactSourceError) {
                if let facts = try await source.person(called: id) {
                    note(.found, of: source)
                    return KnownCaller([(source.name, facts)])
                }
                note(.unknown, of: source)
            } catch {
                failure = error
                note(error, of: source)
            }
        }
        if let failure { throw failure }
        return nil
    }

    /// Asks every source for a number that nobody has.
    ///
    /// - Returns: by source, what it lacks; `nil`: nothing.
    package func check() async -> [(source: String, lack: String?)] {
        // A country code that is not given to anybody (ITU-T E.164, list of country codes).
        guard let nobody = CallerNumber("+9990000000") else { return [] }
        return await withTaskGroup(of: (Int, String, String?).self) { group in
            for (index, source) in sources.enumerated() {
                group.addTask { (index, source.name, await self.lack(source, nobody)) }
            }
            var all: [(Int, String, String?)] = []
            for await one in group { all.append(one) }
            return all.sorted { $0.0 < $1.0 }.map { ($0.1, $0.2) }
        }
    }

    private func lack(_ source: any ContactSource, _ number: CallerNumber) async -> String? {
        do throws(ContactSourceError) {
            _ = try await source.person(with: number)
            note(.unknown, of: source)
            return nil
        } catch {
            // Whoever asked is told.
            if case .refused = error { warned.insert(source.name) }
            note(error, of: source)
            return "\(error.text): \(source.advice)"
        }
    }

    /// Deletes what is kept of a number, with what is remembered of its owner.
    ///
    /// - Returns: whether there was anything.
    package func forget(_ number: CallerNumber) async throws(RecordStoreError) -> Bool {
        let hadMemory = memory.removeValue(forKey: number) != nil
        let wasKept = try await store.forgetContact(number: number.text)
        return wasKept || hadMemory
    }
}

// MARK: One number

extension ContactDirectory {
    private func inquire(_ number: CallerNumber) async {
        let kept = await kept(number)
        if let own = kept.contact {
            inquiries[number]?.contactID = own.id
            if own.source == nil, settings.trustsRecords {
                learn(own.facts, from: Self.ownRecords, of: number)
            }
        }
        let time = now()
        var asked: [any ContactSource] = []
        for source in sources {
            if let lookup = kept.lookups[source.name], isGood(lookup, at: time) {
                note(.kept, of: source)
                if let facts = lookup.facts { learn(facts, from: source.name, of: number) }
            } else if pace(source).isOpen(at: time) {
                asked.append(source)
            } else {
                note(.skipped, of: source)
                // An old answer is better than none.
                if let facts = kept.lookups[source.name]?.facts {
                    learn(facts, from: source.name, of: number)
                }
            }
        }
        tell(number)
        let answers = asked.isEmpty ? [] : await ask(asked, kept.lookups, number)
        let contact = contact(of: number, kept.contact, answers)
        tell(number)
        finish(number)
        if !answers.isEmpty { await keep(answers, contact, number) }
        finish(number)  // who came while that was written
        inquiries[number] = nil
    }

    /// Asks sources all at once and tells what each knows at once.
    ///
    /// - Returns: the answers; a failure is none.
    private func ask(
        _ asked: [any ContactSource], _ kept: [String: ContactLookup], _ number: CallerNumber
    ) async -> [ContactLookup] {
        typealias Answer = (
            source: any ContactSource, result: Result<ContactFacts?, ContactSourceError>
        )
        var lookups: [ContactLookup] = []
        await withTaskGroup(of: Answer.self) { group in
            for source in asked {
                group.addTask {
                    do throws(ContactSourceError) {
                        return (source, .success(try await source.person(with: number)))
                    } catch {
                        return (source, .failure(error))
                    }
                }
            }
            for await answer in group {
                switch answer.result {
                case .success(let facts):
                    note(facts == nil ? .unknown : .found, of: answer.source)
                    lookups.append(
                        ContactLookup(source: answer.source.name, facts: facts, fetched: now()))
                    guard let facts else { continue }
                    learn(facts, from: answer.source.name, of: number)
                    tell(number)
                case .failure(let failure):
                    note(failure, of: answer.source)
                    // An old answer is better than none.
                    guard let facts = kept[answer.source.name]?.facts else { continue }
                    learn(facts, from: answer.source.name, of: number)
                    tell(number)
                }
            }
        }
        return lookups
    }

    private func learn(_ facts: ContactFacts, from source: String, of number: CallerNumber) {
        inquiries[number]?.told[source] = facts
    }

    private func tell(_ number: CallerNumber) {
        guard let inquiry = inquiries[number], let known = known(inquiry) else { return }
        for listener in inquiry.listeners { listener.yield(known) }
    }

    private func finish(_ number: CallerNumber) {
        for listener in inquiries[number]?.listeners ?? [] { listener.finish() }
        inquiries[number]?.listeners = []
    }

    private func known(_ inquiry: Inquiry) -> KnownCaller? {
        let order = [Self.ownRecords] + sources.map(\.name)
        return KnownCaller(
            order.compactMap { name in inquiry.told[name].map { (name, $0) } },
            contactID: inquiry.contactID)
    }

    // MARK: What is kept

    private func kept(
        _ number: CallerNumber
    ) async -> (contact: Contact?, lookups: [String: ContactLookup]) {
        guard settings.usesRecords else { return (nil, memory[number] ?? [:]) }
        // Records that cannot be read are as good as none: the sources are asked.
        guard let kept = try? await store.contactLookups(of: number.text) else { return (nil, [:]) }
        let lookups = Dictionary(
            kept.lookups.map { ($0.source, $0) }, uniquingKeysWith: { $1 })
        return (kept.contact, lookups)
    }

    private func isGood(_ lookup: ContactLookup, at time: Date) -> Bool {
        let age = time.timeIntervalSince(lookup.fetched)
        let limit = lookup.facts == nil ? settings.unknownKeptSeconds : settings.keptSeconds
        return age >= 0 && age < limit
    }

    /// The caller's row in our own records, with what the sources told; `nil`: there is to be none.
    private func contact(
        of number: CallerNumber, _ contact: Contact?, _ answers: [ContactLookup]
    ) -> Contact? {
        guard settings.usesRecords, answers.contains(where: { $0.facts != nil }) else { return nil }
        let told = inquiries[number]?.told ?? [:]
        let order = sources.map(\.name)
        guard
            let known = KnownCaller(order.compactMap { name in told[name].map { (name, $0) } })
        else { return nil }
        var row = contact ?? Contact(id: UUID().uuidString.lowercased(), phoneNumber: number.text)
        // What somebody wrote into our own records is not overwritten.
        if contact == nil || row.source != nil {
            row.name = known.facts.name
            row.attributes = known.facts.fields
            row.source = known.sources.first
        }
        for (source, facts) in told where source != Self.ownRecords {
            row.externalIDs[source] = facts.externalID ?? row.externalIDs[source]
        }
        row.fetched = now()
        inquiries[number]?.contactID = row.id
        return row
    }

    /// Records that cannot be written are as good as none: the next caller asks again.
    private func keep(
        _ answers: [ContactLookup], _ contact: Contact?, _ number: CallerNumber
    ) async {
        guard settings.usesRecords else {
            if memory.count >= Self.memoryLimit { memory = [:] }
            for answer in answers { memory[number, default: [:]][answer.source] = answer }
            return
        }
        try? await store.keep(answers, of: number.text, contact: contact, at: now())
    }

    // MARK: Figures

    private func pace(_ source: any ContactSource) -> SourcePace {
        paces[source.name] ?? SourcePace()
    }

    private func note(_ outcome: Outcome, of source: any ContactSource) {
        counts[source.name, default: [:]][outcome, default: 0] += 1
        guard outcome == .found || outcome == .unknown else { return }
        paces[source.name, default: SourcePace()].answered()
        warned.remove(source.name)
    }

    private func note(_ failure: ContactSourceError, of source: any ContactSource) {
        let outcome: Outcome
        switch failure {
        case .refused: outcome = .refused
        case .limited: outcome = .limited
        case .timedOut: outcome = .timedOut
        case .failed: outcome = .failed
        case .cancelled: return
        }
        counts[source.name, default: [:]][outcome, default: 0] += 1
        paces[source.name, default: SourcePace()].failed(failure, at: now())
        guard outcome == .refused, warned.insert(source.name).inserted else { return }
        report("contacts of \(source.name): \(failure.text): \(source.advice)")
    }
}
