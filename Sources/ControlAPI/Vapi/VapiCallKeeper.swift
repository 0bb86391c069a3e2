internal import Events
internal import Foundation
internal import Logging
internal import Records

/// Keeps one call that runs at Vapi: takes what comes of it one after the other to the journal.
actor VapiCallKeeper {
    private var call: VapiCall
    private var isLoaded = false
    /// A call of the gateway has this name: nothing of it is touched.
    private var isAnothers = false
    private let turns = WriteTurns()
    private let journal: EventJournal
    private let store: any RecordStore
    private let logger: Logger
    private var running: [String: Task<[String: VapiTools.Outcome], Never>] = [:]
    private var answered: [String: RemoteToolOutcome] = [:]

    init(
        id: String, settings: VapiCall.Settings, journal: EventJournal, store: any RecordStore,
        logger: Logger
    ) {
        call = VapiCall(id: id, settings: settings)
        self.journal = journal
        self.store = store
        self.logger = logger
    }

    var controlURL: String? { call.controlURL }
    var isLive: Bool { call.isLive }
    var isSettled: Bool { call.isSettled }

    func seconds(at time: Date) -> Double { call.seconds(at: time) }

    /// - Returns: whether anything was new in it.
    func take(_ message: VapiMessage, at now: Date) async -> Bool {
        await inTurn {
            let effects = call.handle(message, at: now)
            for effect in effects { await perform(effect) }
            return !effects.isEmpty
        }
    }

    func transferred(to destination: String?, reason: String, at now: Date) async {
        await inTurn {
            await append(call.transferred(to: destination, reason: reason, at: now))
        }
    }

    /// Goes on with a call of an earlier run, and ends one that is waited for in vain.
    func expire(at now: Date) async {
        guard !isLoaded || call.deadline.map({ now >= $0 }) == true else { return }
        await inTurn { await append(call.expire(at: now)) }
    }

    /// What tools have answered, or answer now; each use of a tool is run once.
    ///
    /// - Parameters:
    ///   - calls: in the journal already.
    ///   - run: gives an outcome for each of the calls it is given.
    /// - Returns: an outcome for each of `calls`, by its id.
    func outcomes(
        of calls: [VapiToolCall],
        run: @escaping @Sendable ([VapiToolCall]) async -> [String: VapiTools.Outcome]
    ) async -> [String: RemoteToolOutcome] {
        var outcomes: [String: RemoteToolOutcome] = [:]
        for call in calls {
            if let known = answered[call.id] {
                outcomes[call.id] = known
            } else if let known = self.call.tools.results[call.id],
                known.result != Redaction.removed
            {
                outcomes[call.id] = RemoteToolOutcome(
                    succeeded: known.succeeded, content: known.result)
            }
        }
        let new = calls.filter { outcomes[$0.id] == nil && running[$0.id] == nil }
        if !new.isEmpty {
            let task = Task { await run(new) }
            for call in new { running[call.id] = task }
        }
        for call in calls where outcomes[call.id] == nil {
            outcomes[call.id] = await running[call.id]?.value[call.id]?.outcome
        }
        guard !new.isEmpty, let found = await running[new[0].id]?.value else { return outcomes }
        for call in new {
            answered[call.id] = found[call.id]?.outcome
            running[call.id] = nil
        }
        await inTurn {
            for call in new {
                guard let outcome = found[call.id] else { continue }
                let result = ToolResultRecord(
                    id: call.id, name: call.name, succeeded: outcome.outcome.succeeded,
                    result: outcome.outcome.content,
                    durationMilliseconds: outcome.took / .milliseconds(1))
                await append(self.call.toolAnswered(result, at: Date()))
            }
        }
        return outcomes
    }

    private func inTurn<Value>(_ work: () async -> Value) async -> Value {
        await turns.begin()
        await load()
        let value = await work()
        await turns.end()
        return value
    }

    private func load() async {
        guard !isLoaded else { return }
        var events: [CallEvent] = []
        while let page = await journal.events(of: call.id, after: events.last?.seq ?? 0),
            !page.events.isEmpty
        {
            events += page.events
        }
        isLoaded = true
        // Another call's carrier may use this call's name.
        guard let first = events.first, first.callID == call.id else { return }
        if case .callStarted(let start) = first.body, start.carrier != CallSource.vapi.rawValue {
            isAnothers = true
        } else {
            call.restore(events)
        }
    }

    private func perform(_ effect: VapiCall.Effect) async {
        guard !isAnothers else { return }
        switch effect {
        case .journal(let entries): await append(entries)
        case .keep(let change):
            do { _ = try await store.update(call.id, change) } catch { tell(error) }
        case .analysis(let findings, let summary):
            let analysis = ConversationAnalysis(
                id: RemoteCallID.uuid(of: "analysis:\(call.id)", from: .vapi),
                conversationID: call.id, analysisType: "vapi", programmaticResults: findings,
                aiInsights: summary, created: Date())
            do {
                try await store.add(analysis)
            } catch .conflict {
                // It came before.
            } catch {
                tell(error)
            }
        }
    }

    private func append(_ entries: [JournalEntry]) async {
        guard !entries.isEmpty, !isAnothers else { return }
        do { try await journal.append(callID: call.id, entries) } catch { tell(error) }
    }

    private func tell(_ error: any Error) {
        logger.error(
            "a call at Vapi could not be kept", metadata: ["call": "\(call.id)", "why": "\(error)"])
    }
}
