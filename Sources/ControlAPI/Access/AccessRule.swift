internal import HTTPTypes
internal import Records

/// What a request must show before its route is reached; decided by path, so that a route that
/// nobody thought of is not open.
enum AccessRule: Equatable {
    /// Probes: what an orchestrator asks without a key.
    case open
    /// Carriers and providers show a signature of their own, which the route checks.
    case signed
    case role(AccessRole)

    private static let probes: Set<String> = ["/healthz", "/readyz", "/metrics", "/openapi.json"]
    private static let webhooks = [
        "/api/twilio", "/api/vapi", "/api/webhooks", "/api/whatsapp",
    ]
    private static let administration = ["/webhooks", "/api/v1/keys", "/api/v1/audit"]

    init(_ method: HTTPRequest.Method, path: String) {
        let isReading = method == .get || method == .head
        if Self.probes.contains(path) {
            self = .open
        } else if Self.webhooks.contains(where: { Self.leads($0, to: path) }) {
            self = .signed
        } else if Self.administration.contains(where: { Self.leads($0, to: path) }) {
            self = .role(.admin)
        } else {
            self = .role(isReading ? .viewer : .operator)
        }
    }

    private static func leads(_ folder: String, to path: String) -> Bool {
        path == folder || path.hasPrefix(folder + "/")
    }
}
