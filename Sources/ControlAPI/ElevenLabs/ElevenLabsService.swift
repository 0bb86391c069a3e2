internal import Foundation
package import Logging
package import Records
internal import Synchronization

/// Takes the calls that ElevenLabs' agents have led to the journal and the records, each once.
package final class ElevenLabsService: Sendable {
    enum Outcome: String, CaseIterable {
        case kept, repeated, ignored, refused
    }

    let settings: ElevenLabsSettings
    private let journal: EventJournal
    private let store: any RecordStore
    private let logger: Logger
    private let counts = Mutex<[Outcome: Int]>([:])

    package init(
        settings: ElevenLabsSettings, journal: EventJournal, store: any RecordStore,
        logger: Logger
    ) {
        self.settings = settings
        self.journal = journal
        self.store = store
        self.logger = logger
    }

    /// - Returns: what became of it.
    /// - Throws: when it could not be kept; sent again, it may be.
    func take(_ event: PostCallEvent) async throws -> Outcome {
        let outcome: Outcome =
            switch event.kind {
            case .call(let call): try await keep(call)
            case .audio, .unknown: .ignored
            }
        count(outcome)
        return outcome
    }

    func count(_ outcome: Outcome) { counts.withLock { $0[outcome, default: 0] += 1 } }

    private func keep(_ call: PostCallEvent.Call) async throws -> Outcome {
        let known = try await store.call(call.id)?.summary
        // One that is live was left in the middle by a gateway that died.
        if let known, known.status != .live { return .repeated }
        do {
            if known == nil { try await journal.append(callID: call.id, call.entries) }
            if call.findings != nil || call.summary != nil { try await keepAnalysis(of: call) }
            try await journal.append(callID: call.id, [call.end])
        } catch JournalError.callStartedTwice {
            return .repeated  // at the same moment
        } catch let error as JournalError {
            // What is not stored yet, the journal holds on to.
            logger.error(
                "a call of ElevenLabs could not be kept",
                metadata: ["call": "\(call.id)", "why": "\(error)"])
        }
        return .kept
    }

    private func keepAnalysis(of call: PostCallEvent.Call) async throws {
        do {
            try await store.add(
                ConversationAnalysis(
                    id: RemoteCallID.uuid(of: "analysis:\(call.id)", from: .elevenlabs),
                    conversationID: call.id, analysisType: "elevenlabs",
                    programmaticResults: call.findings, aiInsights: call.summary,
                    created: Date()))
        } catch .conflict {
            // It came before.
        }
    }

    /// What it counted, for `/metrics`.
    package func metrics() -> [Metric] {
        let counted = counts.withLock { $0 }
        return [
            Metric(
                "mediabridge_elevenlabs_events_total",
                help: "Post-call events of ElevenLabs, by what became of them.",
                .counter(
                    Outcome.allCases.map {
                        .init(UInt64(counted[$0] ?? 0), [.init("outcome", $0.rawValue)])
                    }))
        ]
    }
}
