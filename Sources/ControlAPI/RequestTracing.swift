internal import HTTPTypes
internal import Hummingbird
internal import Tracing

/// Makes a span of each request, as part of the trace that its sender is in (`traceparent`).
///
/// It holds the route and no address: those may have numbers and keys in them. Probes are left out.
struct RequestTracing: RouterMiddleware {
    typealias Context = ControlContext

    private static let probes: Set<String> = ["/healthz", "/readyz", "/metrics"]

    func handle(
        _ request: Request, context: ControlContext,
        next: @concurrent (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        let tracer = InstrumentationSystem.tracer
        guard !(tracer is NoOpTracer), !Self.probes.contains(request.uri.path) else {
            return try await next(request, context)
        }
        var parent = ServiceContext.topLevel
        tracer.extract(request.headers, into: &parent, using: HeaderExtractor())
        let span = tracer.startSpan(request.method.rawValue, context: parent, ofKind: .server)
        defer { span.end() }
        span.attributes["http.request.method"] = request.method.rawValue
        let response = try await ServiceContext.$current.withValue(span.context) {
            try await next(request, context)
        }
        if let route = context.endpointPath {
            span.operationName = "\(request.method.rawValue) \(route)"
            span.attributes["http.route"] = route
        }
        span.attributes["http.response.status_code"] = response.status.code
        if response.status.code >= 500 { span.setStatus(SpanStatus(code: .error)) }
        return response
    }

    private struct HeaderExtractor: Extractor {
        func extract(key: String, from carrier: HTTPFields) -> String? {
            HTTPField.Name(key).flatMap { carrier[$0] }
        }
    }
}
