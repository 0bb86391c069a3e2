internal import HTTPTypes
internal import Hummingbird

/// Lets the web pages that the configuration names use the API, and no others change anything.
///
/// A page may send a plain POST to any address, this machine's loopback included, without asking
/// first; browsers then name the page in `Origin`. Programs send no such header.
/// Source: fetch.spec.whatwg.org, "CORS protocol".
struct CrossOrigin: RouterMiddleware {
    let origins: [String]

    func handle(
        _ request: Request, context: ControlContext,
        next: @concurrent (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin], !isOwn(origin, request) else {
            return try await next(request, context)
        }
        guard origins.contains(origin) || origins.contains("*") else {
            guard request.method == .get || request.method == .head || request.method == .options
            else {
                return try Problem(
                    status: .forbidden, detail: "Other web pages may not steer calls.",
                    requestID: context.requestID
                ).response()
            }
            return try await next(request, context)
        }
        var response: Response
        if request.method == .options, request.headers[.accessControlRequestMethod] != nil {
            response = Response(status: .noContent)
            response.headers[.accessControlAllowMethods] = "GET, POST, PUT, PATCH, DELETE"
            response.headers[.accessControlAllowHeaders] =
                "Authorization, Content-Type, X-API-Key, X-Request-ID"
            response.headers[.accessControlMaxAge] = "600"
        } else {
            response = try await next(request, context)
        }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlExposeHeaders] = "Retry-After, X-Request-ID"
        response.headers[.vary] = "Origin"
        return response
    }

    /// A page that this server delivered.
    private func isOwn(_ origin: String, _ request: Request) -> Bool {
        ["http", "https"].contains { origin == "\($0)://\(request.head.authority ?? "")" }
    }
}
