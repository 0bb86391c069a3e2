internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Records
internal import Synchronization

/// Keeps who did what through the API, beside the requests' way.
///
/// Entries wait in memory until the one before is stored, 10,000 at most; beyond that they go to the
/// log alone.
final class AuditTrail: Sendable {
    private let store: any AccessStore
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let waiting = Mutex<[AuditEntry]>([])
    private let news: AsyncStream<Void>
    private let tell: AsyncStream<Void>.Continuation
    private static let capacity = 10_000

    init(
        store: any AccessStore, logger: Logger, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.logger = logger
        self.now = now
        (news, tell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Notes a control action; what it was about is told only where the action found it.
    func note(_ request: Request, _ context: ControlContext, status: HTTPResponse.Status) {
        guard let principal = context.principal else { return }
        let target = status.code < 400 ? try? context.id("id", orElse: .noSuchCall) : nil
        let entry = AuditEntry(
            time: now(), actor: principal.actor, role: principal.role,
            action: "\(request.method.rawValue) \(context.endpointPath ?? "unknown path")",
            target: target, status: status.code, requestID: context.requestID)
        let isKept = waiting.withLock { waiting in
            guard waiting.count < Self.capacity else { return false }
            waiting.append(entry)
            return true
        }
        if isKept { tell.yield() } else { log(entry) }
    }

    /// Stores entries as they come, until `finish()`.
    func run() async {
        for await _ in news { await storeWaiting() }
        await storeWaiting()
    }

    func finish() { tell.finish() }

    private func storeWaiting() async {
        let entries = waiting.withLock { waiting in
            defer { waiting.removeAll() }
            return waiting
        }
        guard !entries.isEmpty else { return }
        do {
            try await store.add(entries)
        } catch {
            for entry in entries { log(entry) }
        }
    }

    private func log(_ entry: AuditEntry) {
        logger.warning(
            "a control action could not be kept",
            metadata: [
                "actor": "\(entry.actor)", "action": "\(entry.action)",
                "status": "\(entry.status)", "request": "\(entry.requestID)",
            ])
    }
}
