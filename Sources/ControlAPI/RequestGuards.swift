// What every request passes: problem documents, guards and security headers.
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOHTTP1

/// Gives each request a name, its own if it has a good one.
struct RequestNames: RouterMiddleware {
    static let header = HTTPField.Name("X-Request-ID")

    func handle(
        _ request: Request, context: ControlContext,
        next: @concurrent (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let given = Self.header.flatMap { request.headers[$0] }
        context.requestID = given.flatMap { Self.isGood($0) ? $0 : nil } ?? Self.made()
        var response = try await next(request, context)
        if let header = Self.header { response.headers[header] = context.requestID }
        return response
    }

    private static func made() -> String {
        String(UInt64.random(in: UInt64.min...UInt64.max), radix: 16)
    }

    /// It goes into the log, where it must not pretend to be anything else.
    private static func isGood(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    }
}

/// Turns whatever a route throws into a problem document.
struct ProblemResponses: RouterMiddleware {
    func handle(
        _ request: Request, context: ControlContext,
        next: @concurrent (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            throw error  // The server answers 400 and closes: what follows cannot be framed.
        } catch {
            var problem = Problem(error)
            problem.requestID = context.requestID
            if problem.status.code >= 500, !(error is Problem) { log(error, context) }
            return try problem.response()
        }
    }

    private func log(_ error: any Error, _ context: ControlContext) {
        context.logger.error(
            "a route failed",
            metadata: [
                "error": "\(error)", "route": "\(context.endpointPath ?? "none")",
                "request": "\(context.requestID)",
            ])
    }
}

/// Headers that keep a browser from doing anything with an answer but show it.
struct SecurityHeaders: RouterMiddleware {
    private static var fields: HTTPFields {
        [
            .cacheControl: "no-store",
            .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
            .xContentTypeOptions: "nosniff",
        ]
    }
    private static let referrer = HTTPField.Name("Referrer-Policy")

    func handle(
        _ request: Request, context: ControlContext,
        next: @concurrent (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for field in Self.fields { response.headers[field.name] = field.value }
        if let referrer = Self.referrer { response.headers[referrer] = "no-referrer" }
        return response
    }
}

/// Refuses bodies that announce too much.
struct BodyLimit: RouterMiddleware {
    let bodyOctetLimit: Int
    /// Of paths that take more.
    var pathLimits: [String: Int] = [:]

    func handle(
        _ request: Request, context: ControlContext,
        next: @concurrent (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        let plainPath = path.hasSuffix("/") ? String(path.dropLast()) : path
        let limit = pathLimits[plainPath] ?? bodyOctetLimit
        if let announced = request.headers[.contentLength], Int(announced) ?? .max > limit {
            throw Problem.bodyTooLarge(limit: limit)
        }
        return try await next(request, context)
    }
}

extension Problem {
    static func bodyTooLarge(limit: Int) -> Problem {
        Problem(status: .contentTooLarge, detail: "The body may have \(limit) octets.")
    }
}
