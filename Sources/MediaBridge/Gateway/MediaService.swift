internal import Logging
internal import ServiceLifecycle

/// The media plane as a service: its loops from start to drained.
struct MediaService: Service {
    let loops: [MediaLoop<GatewayLoop>]
    let gate: AdmissionGate
    let liveCalls: LiveCalls
    let drainLimit: Duration
    let logger: Logger

    /// Runs until asked to stop; then no call is admitted, and live ones may finish.
    func run() async throws {
        try? await gracefulShutdown()
        gate.close()
        let live = liveCalls.count
        if live > 0 {
            logger.notice("draining", metadata: ["calls": "\(live)", "limit": "\(drainLimit)"])
        }
        for loop in loops { loop.stop(drainLimit: drainLimit) }
        for loop in loops { await loop.ended() }
        logger.notice("media plane stopped")
    }
}
