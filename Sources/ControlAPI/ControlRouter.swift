internal import HTTPTypes
internal import Hummingbird

/// Collects the routes of the control API, and answers other methods on their paths with 405.
final class ControlRouter {
    /// A method and a path, whose parts that vary are written `:name`.
    struct Route: Hashable {
        let method: HTTPRequest.Method
        let path: String
    }

    private let router = Router(
        context: ControlContext.self, options: .autoGenerateHeadEndpoints)
    /// In the order they were added.
    private(set) var routes: [Route] = []
    private static let methods: [HTTPRequest.Method] =
        [.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect]
        + [HTTPRequest.Method("QUERY")].compactMap { $0 }

    func add(middleware: any MiddlewareProtocol<Request, Response, ControlContext>) {
        router.add(middleware: middleware)
    }

    /// Adds a route; each method once per path.
    func route(
        _ path: String, _ method: HTTPRequest.Method,
        answer: @escaping @Sendable (Request, ControlContext) async throws -> Response
    ) {
        routes.append(Route(method: method, path: path))
        router.on(RouterPath(path), method: method, use: answer)
    }

    /// The router with everything that was added; nothing may be added afterwards.
    func finished() -> Router<ControlContext> {
        for (path, routes) in Dictionary(grouping: routes, by: \.path) {
            let taken = Set(routes.map(\.method))
            let allowed = Self.methods.filter {
                taken.contains($0) || ($0 == .head && taken.contains(.get))
            }
            let names = allowed.map(\.rawValue).joined(separator: ", ")
            for method in Self.methods where !allowed.contains(method) {
                router.on(RouterPath(path), method: method) { _, _ -> Response in
                    throw Problem(
                        status: .methodNotAllowed, detail: "This path takes \(names).",
                        headers: [.allow: names])
                }
            }
        }
        return router
    }
}
