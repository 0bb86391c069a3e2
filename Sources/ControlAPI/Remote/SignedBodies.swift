internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// Collects bodies that must be whole before it is known whose they are, so many octets at a time
/// and no more: strangers must not fill the memory.
final class SignedBodies: Sendable {
    private let octetLimit: Int
    private let held = Mutex(0)

    /// - Parameter octetLimit: of all bodies together.
    init(octetLimit: Int = 64 << 20) { self.octetLimit = octetLimit }

    /// Reads a body to its end.
    ///
    /// - Parameters:
    ///   - request: whose body is wanted.
    ///   - limit: of the whole body, in octets.
    ///   - kept: octets of its beginning that are given back; `nil`: all.
    ///   - take: is shown every part.
    /// - Returns: the body, or its beginning.
    /// - Throws: `Problem` 413 or 503; what the connection throws.
    func collect(
        _ request: Request, upTo limit: Int, keeping kept: Int? = nil,
        _ take: (ByteBufferView) -> Void = { _ in }
    ) async throws -> Data {
        var body = Data()
        var count = 0
        defer { release(body.count) }
        for try await part in request.body {
            count += part.readableBytes
            guard count <= limit else { throw Problem.bodyTooLarge(limit: limit) }
            take(part.readableBytesView)
            let room = (kept ?? limit) - body.count
            guard room > 0 else { continue }
            let wanted = part.readableBytesView.prefix(room)
            try reserve(wanted.count)
            body.append(contentsOf: wanted)
        }
        return body
    }

    private func reserve(_ count: Int) throws(Problem) {
        let isFree = held.withLock { held in
            guard held + count <= octetLimit else { return false }
            held += count
            return true
        }
        guard !isFree else { return }
        throw Problem(
            status: .serviceUnavailable, detail: "Too much is being sent at once; try again.",
            headers: [.retryAfter: "1"])
    }

    private func release(_ count: Int) { held.withLock { $0 -= count } }
}
