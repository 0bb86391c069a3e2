internal import Foundation
internal import Providers
internal import Records

/// The outbox's HTTP client: connects to the very address that was judged, so that a name which
/// resolves to something else a moment later leads nowhere.
///
/// Connections to an address are kept for a minute after its name was last resolved.
actor OutboxHTTP: OutboxTransport {
    /// Connections to one address of a host.
    private final class Route: Sendable {
        let http: ProviderHTTP
        let resolved: ContinuousClock.Instant
        let isPublic: Bool

        init(_ host: String, _ address: HostResolver.Address) {
            // An address stands for itself.
            http = ProviderHTTP(
                addresses: host == address.text ? [:] : [host: address.text])
            resolved = .now
            isPublic = address.isPublic
        }
    }

    private typealias Resolve = @Sendable (_ host: String) async -> [HostResolver.Address]
    private let resolve: Resolve
    private var routes: [String: Route] = [:]
    /// Requests under way on each route, also on those that were replaced.
    private var uses: [ObjectIdentifier: (route: Route, count: Int)] = [:]
    private static let routeAge = Duration.seconds(60)
    private static let mostRoutes = 256

    init(
        resolve: @escaping @Sendable (_ host: String) async -> [HostResolver.Address] = {
            await HostResolver.addresses(of: $0)
        }
    ) {
        self.resolve = resolve
    }

    /// Must be called before the last reference goes.
    func shutdown() async {
        let idle = routes.values.filter { uses[ObjectIdentifier($0)] == nil }
        routes = [:]
        for route in idle { await route.http.shutdown() }
    }

    nonisolated func send(
        _ request: OutboxRequest
    ) async throws(OutboxTransportError) -> OutboxAnswer {
        let work: @Sendable () async -> Result<OutboxAnswer, OutboxTransportError> = {
            do throws(OutboxTransportError) {
                return .success(try await self.exchange(request))
            } catch {
                return .failure(error)
            }
        }
        let result = await withTaskGroup(of: Result<OutboxAnswer, OutboxTransportError>?.self) {
            tasks in
            tasks.addTask { await work() }
            tasks.addTask {
                try? await Task.sleep(for: request.limit)
                return nil
            }
            let first = await tasks.next() ?? nil
            tasks.cancelAll()
            return first
        }
        if Task.isCancelled { throw .cancelled }
        guard let result else { throw .timedOut }
        return try result.get()
    }

    private func exchange(
        _ request: OutboxRequest
    ) async throws(OutboxTransportError) -> OutboxAnswer {
        guard let host = URL(string: request.url)?.host, !host.isEmpty else {
            throw .unreachable(reason: "the address is none")
        }
        let route = try await route(to: host, publicOnly: request.isPublicOnly)
        let id = ObjectIdentifier(route)
        uses[id, default: (route, 0)].count += 1
        let result = await Self.exchange(request, over: route.http)
        uses[id]?.count -= 1
        if uses[id]?.count == 0 {
            uses[id] = nil
            if routes[host] !== route { await route.http.shutdown() }
        }
        return try result.get()
    }

    private func route(
        to host: String, publicOnly: Bool
    ) async throws(OutboxTransportError) -> Route {
        if let known = routes[host], known.resolved.duration(to: .now) < Self.routeAge,
            known.isPublic || !publicOnly
        {
            return known
        }
        let addresses = await resolve(host)
        guard !addresses.isEmpty else { throw .unreachable(reason: "the name has no address") }
        // A name that leads to both is somebody's trick.
        guard !publicOnly || addresses.allSatisfy(\.isPublic) else { throw .privateAddress }
        let preferred = addresses.first { $0.octets.count == 4 } ?? addresses[0]
        let route = Route(host, preferred)
        let old = routes.updateValue(route, forKey: host)
        var ended = [old].compactMap(\.self)
        if routes.count > Self.mostRoutes,
            let oldest = routes.min(by: { $0.value.resolved < $1.value.resolved }),
            let route = routes.removeValue(forKey: oldest.key)
        {
            ended.append(route)
        }
        for route in ended where uses[ObjectIdentifier(route)] == nil {
            await route.http.shutdown()
        }
        return route
    }

    private static func exchange(
        _ request: OutboxRequest, over http: ProviderHTTP
    ) async -> Result<OutboxAnswer, OutboxTransportError> {
        do throws(ProviderHTTPError) {
            let answer = try await http.send(
                ProviderHTTPRequest(
                    method: request.method, url: request.url, headers: request.headers,
                    body: request.body.isEmpty ? nil : request.body))
            let body = try await answer.body.collect(upTo: request.answerOctetLimit)
            return .success(
                OutboxAnswer(status: answer.status, headers: answer.headers, body: body))
        } catch {
            return .failure(OutboxTransportError(error))
        }
    }
}

extension OutboxTransportError {
    init(_ error: ProviderHTTPError) {
        self =
            switch error {
            case .noAddress: .unreachable(reason: "the name has no address")
            case .unreachable: .unreachable(reason: "no connection")
            case .timedOut: .timedOut
            case .closedEarly, .garbage: .brokenOff
            case .cancelled: .cancelled
            case .impossible: .unreachable(reason: "the address is none")
            }
    }
}
