internal import Pipeline

/// The loop of engines' sockets that belong to no call: the voices' calls share, and those that try
/// a key at start.
///
/// Their messages are read beside the media loops, so that what a voice sends for one call holds up
/// the frames of none.
final class EngineLoop: EngineConnector {
    private let loop: MediaLoop<EngineLoopHandler>
    private let connector: LoopConnector

    /// Starts the loop's thread.
    ///
    /// - Parameters:
    ///   - isSecure: `wss://` will be called.
    ///   - isRealTime: the thread is scheduled before ordinary ones, where the system permits it.
    /// - Throws: what kept it from starting.
    init(isSecure: Bool, isRealTime: Bool) throws(LoopError) {
        var settings = EdgeSettings()
        settings.listens = false
        settings.trustsPublicRoots = isSecure
        settings.isRealTime = isRealTime
        loop = try MediaLoop(
            index: 0, name: "engine-loop", settings: settings, gate: AdmissionGate(maxCalls: 0)
        ) { services, _ in EngineLoopHandler(services) }
        let poster = loop.poster
        connector = LoopConnector { poster.post($0) }
    }

    func connect(
        to endpoint: EngineEndpoint, receive: @escaping @Sendable (EngineSocketEvent) -> Void
    ) -> any EngineSocket {
        connector.connect(to: endpoint, receive: receive)
    }

    /// Closes every socket and ends the thread.
    func shutdown() async {
        loop.stop(drainLimit: .zero)
        await loop.ended()
        loop.join()
    }
}

/// Carries out engines' orders; nobody calls it.
private final class EngineLoopHandler: LoopHandler {
    private let sockets: EngineSockets

    init(_ services: LoopServices) { sockets = EngineSockets(services: services) }

    func accept(_ request: UpgradeRequest, on socket: WebSocket) -> EngineConnection {
        preconditionFailure("this loop does not listen")
    }

    func handle(_ message: EngineOrder, at now: MonotonicTime) { sockets.perform(message) }
    func tick(at now: MonotonicTime) {}
    func drain(until deadline: MonotonicTime, at now: MonotonicTime) {}
}
