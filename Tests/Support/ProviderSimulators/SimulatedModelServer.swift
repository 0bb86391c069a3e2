internal import Synchronization

/// What the simulated language models of the integration tests share: the server, the requests that
/// were in order, and how each ended.
final class SimulatedModelServer: Sendable {
    /// Answers a request, having noted what it asked; `false`: it was refused.
    typealias Serve =
        @Sendable (SimulatedRequest, SimulatedExchange, Log) async throws -> Bool

    final class Log: Sendable {
        private let requests = Mutex<[SimulatedModelRequest]>([])

        var all: [SimulatedModelRequest] { requests.withLock { $0 } }
        func note(_ request: SimulatedModelRequest) { requests.withLock { $0.append(request) } }
    }

    let ends: AsyncStream<SimulatedModelEnd>
    let log = Log()
    private let server: SimulatedServer

    var url: String { "http://127.0.0.1:\(server.port)" }

    init(port: Int, serve: @escaping Serve) async throws {
        let (ends, ended) = AsyncStream.makeStream(of: SimulatedModelEnd.self)
        self.ends = ends
        server = try await SimulatedServer(
            port: port,
            http: { [log] request, exchange in
                do {
                    ended.yield(try await serve(request, exchange, log) ? .answered : .failed)
                } catch is SimulatedModelWriter.Faulted {
                    ended.yield(.failed)
                } catch {
                    ended.yield(.clientLeft)
                    throw error
                }
            })
    }

    func stop() async { await server.stop() }
}
