internal import Events
internal import Logging
internal import Records

/// Tells the log of calls that begin and end, and of what fails in them.
///
/// Each line has `call_id`; words and numbers of callers are not in it.
struct CallLog: Sendable {
    let logger: Logger

    func tell(_ entry: JournalEntry, ofCall id: String) {
        switch entry.body {
        case .callStarted(let start):
            log(
                .info, "call started", id,
                [
                    "carrier": "\(start.carrier)", "language": "\(start.language)",
                    "direction": "\(start.direction ?? "inbound")",
                ])
        case .callEnded(let end):
            log(
                end.reason == "failed" ? .warning : .info, "call ended", id,
                [
                    "reason": "\(end.reason)", "seconds": "\(end.durationSeconds.thousandths)",
                    "turns": "\(end.turns)", "interruptions": "\(end.interruptions)",
                ])
        case .error(let error):
            log(
                .warning, "engine failed", id,
                ["stage": "\(error.stage)", "error": "\(error.errorMessage)"])
        case .providerFailover(let change):
            log(
                .warning, "provider replaced", id,
                [
                    "stage": "\(change.stage)", "from": "\(change.from)", "to": "\(change.to)",
                    "cause": "\(change.cause)", "gap_ms": "\(change.gapMilliseconds.thousandths)",
                ])
        case .transferRequested(let transfer):
            log(.info, "transfer requested", id, ["department": "\(transfer.department)"])
        case .turnCompleted(let turn):
            log(
                .debug, "turn completed", id,
                [
                    "turn": "\(turn.turn)",
                    "total_latency_ms": "\(turn.totalLatency.map(\.thousandths) ?? "")",
                    "interrupted": "\(turn.interrupted)",
                ])
        default: break  // the records hold it
        }
    }

    private func log(
        _ level: Logger.Level, _ text: Logger.Message, _ id: String, _ more: Logger.Metadata
    ) {
        logger.log(
            level: level, text, metadata: more.merging(["call_id": "\(id)"]) { $1 })
    }
}

extension Double {
    fileprivate var thousandths: String { "\((self * 1_000).rounded() / 1_000)" }
}
