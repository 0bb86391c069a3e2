internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// The answer to one request of the integration tests' servers, written as slowly or as badly as
/// a script wants.
package final class SimulatedExchange: Sendable {
    private typealias Part = HTTPPart<HTTPResponseHead, ByteBuffer>

    private enum State { case waiting, streaming, done }
    private let channel: any Channel
    private let state = Mutex(State.waiting)

    init(_ channel: any Channel) { self.channel = channel }

    /// A whole answer.
    package func answer(
        status: Int, headers: [(String, String)] = [], body: String = ""
    ) async throws {
        let octets = Array(body.utf8)
        try await begin(
            status: status, headers: headers + [("Content-Length", "\(octets.count)")])
        try await write(octets)
        try await end()
    }

    /// The head of an answer whose body follows in pieces (chunked, when it has no length).
    package func begin(status: Int, headers: [(String, String)] = []) async throws {
        state.withLock { $0 = .streaming }
        try await channel.send(
            Part.head(
                HTTPResponseHead(
                    version: .http1_1, status: .init(statusCode: status),
                    headers: HTTPHeaders(headers))))
    }

    package func write(_ octets: [UInt8]) async throws {
        guard !octets.isEmpty else { return }
        try await channel.send(Part.body(ByteBuffer(bytes: octets)))
    }

    package func write(_ text: String) async throws { try await write(Array(text.utf8)) }

    /// Writes when it is due.
    ///
    /// - Returns: the moment before the octets went out.
    func write(
        _ text: String, at due: ContinuousClock.Instant
    ) async throws -> ContinuousClock.Instant {
        try await channel.send(Part.body(ByteBuffer(string: text)), at: due)
    }

    package func end() async throws {
        state.withLock { $0 = .done }
        try await channel.send(Part.end(nil))
    }

    /// Cuts the connection with a reset, in the middle of whatever was being said.
    package func abort() async {
        state.withLock { $0 = .done }
        await channel.reset()
    }

    /// - Returns: whether the connection may serve another request.
    func finish() async throws -> Bool {
        switch state.withLock({ $0 }) {
        case .waiting:
            try await answer(status: 500)
            return true
        case .streaming:
            // The handler stopped in the middle: the body ends where it stands, without its end.
            try? await channel.close()
            return false
        case .done: return channel.isActive
        }
    }
}

extension Channel {
    /// Writes at once; all that is written to a channel goes this way or the other, and keeps its order.
    func send<Part: Sendable>(_ part: Part) async throws {
        try await writeAndFlush(part).get()
    }

    /// Writes when it is due.
    ///
    /// - Returns: the moment before the octets went out.
    func send<Part: Sendable>(
        _ part: Part, at due: ContinuousClock.Instant
    ) async throws -> ContinuousClock.Instant {
        let write = write(part, at: due)
        return try await withTaskCancellationHandler {
            try await write.futureResult.get()
        } onCancel: {
            write.cancel()
        }
    }

    /// Writes when it is due, from the event loop's own timer: no task has to wake up first.
    ///
    /// - Returns: the moment before the octets went out, once they have.
    func write<Part: Sendable>(
        _ part: Part, at due: ContinuousClock.Instant
    ) -> Scheduled<ContinuousClock.Instant> {
        let delay = TimeAmount(ContinuousClock.now.duration(to: due))
        return eventLoop.flatScheduleTask(in: delay) {
            let now = ContinuousClock.now
            return self.writeAndFlush(part).map { now }
        }
    }

    /// Closes so that the peer gets a reset instead of an orderly end.
    func reset() async {
        let options = self as? any SocketOptionProvider
        try? await options?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try? await close()
    }
}
