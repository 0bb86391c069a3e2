internal import HTTPTypes
internal import Hummingbird

/// What an orchestrator and a monitor ask: `/healthz`, `/readyz`, `/metrics`.
struct ProbeRoutes: Sendable {
    let readiness: ReadinessProbe
    let metrics: MetricsSnapshot

    func add(to router: ControlRouter) {
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
