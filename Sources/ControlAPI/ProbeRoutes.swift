internal import HTTPTypes
internal import Hummingbird

/// What an orchestrator and a monitor ask: `/healthz`, `/readyz`, `/metrics`.
struct ProbeRoutes: Sendable {
    let readiness: ReadinessProbe
    let metrics: MetricsSnapshot

    func add(to router: Router<BasicRequestContext>) {
        router.route("/healthz", .get) { _, _ in
            try .json(["status": "up"])
        }
        router.route("/readyz", .get) { _, _ in
            let readiness = await readiness()
            return try .json(readiness, status: readiness.isReady ? .ok : .serviceUnavailable)
        }
        router.route("/metrics", .get) { _, _ in
            let text = PrometheusText.render(await metrics())
            return Response(
                status: .ok, headers: [.contentType: PrometheusText.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
    }
}

extension Router {
    /// Adds a route whose path answers other methods with 405 and what it does allow.
    func route(
        _ path: RouterPath, _ method: HTTPRequest.Method,
        answer: @escaping @Sendable (Request, Context) async throws -> Response
    ) {
        on(path, method: method, use: answer)
        let allowed = method == .get ? "GET, HEAD" : method.rawValue
        let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        for other in known where other != method && !(method == .get && other == .head) {
            on(path, method: other) { _, _ -> Response in
                throw Problem(
                    status: .methodNotAllowed, detail: "This path takes \(allowed).",
                    headers: [.allow: allowed])
            }
        }
    }
}
