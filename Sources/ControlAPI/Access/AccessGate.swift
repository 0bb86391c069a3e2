internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Records
internal import Synchronization

/// Lets a request through to its route if whoever makes it may, and not too often.
///
/// Whoever shows a valid key is counted by it, everybody else by address: guesses from behind the
/// same proxy do not lock others out.
final class AccessGate: RouterMiddleware {
    private let ring: KeyRing
    private let audit: AuditTrail
    /// Without keys, requests are let through as long as only this machine can make them.
    private let isLocal: Bool
    private let buckets: Mutex<TokenBuckets>?
    private let now: @Sendable () -> Duration

    init(
        ring: KeyRing, audit: AuditTrail, settings: AccessSettings, isLocal: Bool,
        now: @escaping @Sendable () -> Duration
    ) {
        self.ring = ring
        self.audit = audit
        self.isLocal = isLocal
        self.now = now
        buckets =
            settings.requestsPerSecond > 0
            ? Mutex(
                TokenBuckets(
                    perSecond: settings.requestsPerSecond, burst: max(1, settings.requestBurst)))
            : nil
    }

    func handle(
        _ request: Request, context: ControlContext,
        next: @concurrent (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        switch AccessRule(request.method, path: request.uri.path) {
        case .open: return try await next(request, context)
        case .signed:
            try count(context.address)
            return try await next(request, context)
        case .role(let needed):
            var context = context
            let principal = try await principal(of: request, context)
            context.principal = principal
            guard principal.role >= needed else {
                audit.note(request, context, status: .forbidden)
                throw Problem(
                    status: .forbidden,
                    detail: "This takes the role \(needed.rawValue); yours is "
                        + "\(principal.role.rawValue).")
            }
            guard request.method != .get, request.method != .head else {
                return try await next(request, context)
            }
            do {
                let response = try await next(request, context)
                audit.note(request, context, status: response.status)
                return response
            } catch {
                audit.note(request, context, status: Problem(error).status)
                throw error
            }
        }
    }

    private func principal(
        of request: Request, _ context: ControlContext
    ) async throws -> Principal {
        if let credential = request.credential {
            if let principal = try await ring.principal(presenting: credential) {
                try count(principal.actor)
                return principal
            }
        } else if isLocal, try await !ring.hasKeys() {
            try expectLocal(request.head.authority)
            return .anonymous
        }
        try count(context.address)
        throw Problem(
            status: .unauthorized,
            detail: "Show a key as `Authorization: Bearer KEY` or `X-API-Key: KEY`; "
                + "`mediabridge key create` makes one.",
            headers: [.wwwAuthenticate: "Bearer"])
    }

    /// A tunnel, or a page whose name was made to lead here, names another host.
    private func expectLocal(_ authority: String?) throws(Problem) {
        guard let authority, !Loopback.holds(host: Loopback.host(of: authority)) else { return }
        throw Problem(
            status: .forbidden,
            detail: "Without keys this API answers to this machine's own names only; "
                + "`mediabridge key create` makes a key.")
    }

    private func count(_ name: String) throws(Problem) {
        guard let wait = buckets?.withLock({ $0.take(name, at: now()) }) else { return }
        let seconds = max(1, Int((wait / .seconds(1)).rounded(.up)))
        throw Problem(
            status: .tooManyRequests, detail: "Too many requests; try again in \(seconds) s.",
            headers: [.retryAfter: String(seconds)])
    }
}

extension Request {
    /// The key or token that is shown, of a sensible length.
    fileprivate var credential: String? {
        let key = HTTPField.Name("X-API-Key").flatMap { headers[$0] }
        let bearer = headers[.authorization].flatMap { field -> String? in
            let parts = field.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
            return parts[1].trimmingCharacters(in: .whitespaces)
        }
        return (bearer ?? key).flatMap { $0.utf8.count <= 4_096 ? $0 : "" }
    }
}

extension ControlContext {
    /// Stands for the connection's other end; of IPv6 its network, which one house has to itself.
    fileprivate var address: String {
        guard let text = remoteAddress?.ipAddress else { return "address:unknown" }
        guard text.contains(":") else { return "address:" + text }
        return "address:"
            + text.split(separator: ":", omittingEmptySubsequences: false).prefix(4)
            .joined(separator: ":")
    }
}
