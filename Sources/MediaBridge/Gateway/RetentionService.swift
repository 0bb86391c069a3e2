internal import Foundation
internal import Logging
internal import Records
internal import ServiceLifecycle

/// Deletes what is no longer kept: at the start, and then again and again.
struct RetentionService: Service {
    let store: any RecordStore
    let policy: RetentionPolicy
    let interval: Duration
    let logger: Logger

    /// Runs until asked to stop.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await purge()
                try? await Task.sleep(for: interval)
            }
        }
    }

    private func purge() async {
        do {
            let count = try await store.purge(policy, at: Date())
            if count > 0 { logger.info("old records deleted", metadata: ["rows": "\(count)"]) }
        } catch {
            logger.error("retention", metadata: ["error": "\(error)"])
        }
    }
}
