// What every request passes: problem documents, guards and security headers.
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOHTTP1

/// Turns whatever a route throws into a problem document.
struct ProblemResponses<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return try problem.response()
        } catch let error as HTTPParserError {
            throw error  // The server answers 400 and closes: what follows cannot be framed.
        } catch let error as any HTTPResponseError {
            let detail = error.status == .notFound ? "There is nothing at this path." : "Refused."
            return try Problem(status: error.status, detail: detail).response()
        } catch {
            context.logger.error("A route failed", metadata: ["error": "\(error)"])
            return try Problem(
                status: .internalServerError, detail: "The gateway failed; its log says why."
            ).response()
        }
    }
}

/// Headers that keep a browser from doing anything with an answer but show it.
struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
    private static var fields: HTTPFields {
        [
            .cacheControl: "no-store",
            .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
            .xContentTypeOptions: "nosniff",
        ]
    }

    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for field in Self.fields { response.headers[field.name] = field.value }
        return response
    }
}

/// Refuses bodies that announce too much, and requests that a foreign web page makes.
///
/// A page may send a plain POST to any address, this machine's loopback included, without asking
/// first; browsers then name the page in `Origin`. Programs send no such header.
struct RequestGuard<Context: RequestContext>: RouterMiddleware {
    let bodyOctetLimit: Int

    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        if let announced = request.headers[.contentLength], Int(announced) ?? .max > bodyOctetLimit
        {
            throw Problem.bodyTooLarge(limit: bodyOctetLimit)
        }
        if request.method != .get, request.method != .head,
            let origin = request.headers[.origin],
            !["http", "https"].contains(where: {
                origin == "\($0)://\(request.head.authority ?? "")"
            })
        {
            throw Problem(status: .forbidden, detail: "Other web pages may not steer calls.")
        }
        return try await next(request, context)
    }
}

extension Problem {
    static func bodyTooLarge(limit: Int) -> Problem {
        Problem(status: .contentTooLarge, detail: "The body may have \(limit) octets.")
    }
}
