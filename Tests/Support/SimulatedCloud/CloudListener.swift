/// One provider's server, which can go away and come back at its port; real sockets, as those of the
/// integration tests.
actor CloudListener {
    private let service: CloudService
    private let parts: CloudParts
    private var running: CloudService.Running?
    private var returning: Task<Void, Never>?
    let port: Int
    /// Where it is when it is there.
    let url: String

    /// Starts it.
    ///
    /// - Parameters:
    ///   - service: who is simulated.
    ///   - port: 0 takes a free one, and keeps to it.
    ///   - parts: what all of them share.
    /// - Throws: when the port cannot be bound.
    init(_ service: CloudService, port: Int, _ parts: CloudParts) async throws {
        self.service = service
        self.parts = parts
        let first = try await service.start(port: port, parts)
        running = first
        url = first.url
        // Every address is `scheme://127.0.0.1:port` with or without a path.
        self.port = Int(first.url.split(separator: ":")[2].prefix { $0.isNumber }) ?? port
    }

    /// Cuts what is open, and listens again after so long; `nil`: not until `comeBack`.
    func goAway(for pause: Duration?) async {
        returning?.cancel()
        await running?.stop()
        running = nil
        guard let pause else { return }
        guard pause > .zero else { return await comeBack() }
        returning = Task {
            guard (try? await Task.sleep(for: pause)) != nil else { return }
            await listen()
        }
    }

    func comeBack() async {
        returning?.cancel()
        returning = nil
        await listen()
    }

    private func listen() async {
        // The port was ours a moment ago.
        for _ in 0..<50 where running == nil {
            running = try? await service.start(port: port, parts)
            if running == nil { try? await Task.sleep(for: .milliseconds(20)) }
        }
    }

    func stop() async {
        returning?.cancel()
        await running?.stop()
        running = nil
    }
}
