internal import ControlAPI
internal import Logging
internal import Records
internal import ServiceLifecycle

/// Looks callers up for as long as the gateway runs; at its start every source is asked once, so
/// that a wrong key is told before anybody calls.
struct ContactService: Service {
    let directory: ContactDirectory
    let figures: CallerFigures
    let logger: Logger

    /// Runs until asked to stop, once no call is left.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            for (source, lack) in await directory.check() {
                guard let lack, !Task.isCancelled else { continue }
                logger.warning(
                    "callers are looked up without a source",
                    metadata: ["source": "\(source)", "why": "\(lack)"])
            }
        }
        // Nothing else is done here: calls ask the directory themselves.
        try? await gracefulShutdown()
        await directory.shutdown()
    }

    func metrics() async -> [Metric] {
        let counts = await directory.counts.sorted { $0.key < $1.key }
        let overloads = await directory.overloads
        let callers = figures.all
        return [
            Metric(
                "mediabridge_contact_lookups_total",
                help: "Lookups of people by source and outcome; kept: an answer of before.",
                .counter(
                    counts.flatMap { source, outcomes in
                        ContactDirectory.Outcome.allCases.map { outcome in
                            .init(
                                UInt64(outcomes[outcome] ?? 0),
                                [.init("source", source), .init("outcome", outcome.rawValue)])
                        }
                    })),
            Metric(
                "mediabridge_callers_total",
                help: "Callers by what was known of them: late means after the greeting.",
                .counter(
                    CallerFigures.Outcome.allCases.map {
                        .init(callers[$0] ?? 0, [.init("outcome", $0.rawValue)])
                    } + [.init(UInt64(overloads), [.init("outcome", "overload")])])),
        ]
    }
}
