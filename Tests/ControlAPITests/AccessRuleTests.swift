import HTTPTypes
import Records
import Testing

@testable import ControlAPI

/// The rules of access as the documentation states them.
@Test(arguments: [
    ("GET", "/healthz", "open"), ("GET", "/readyz", "open"), ("GET", "/metrics", "open"),
    ("GET", "/openapi.json", "open"), ("GET", "/metrics/summary", "viewer"),
    ("GET", "/api/v1/calls", "viewer"), ("HEAD", "/api/v1/calls/a", "viewer"),
    ("GET", "/nothing/here", "viewer"), ("POST", "/nothing/here", "operator"),
    ("POST", "/api/v1/calls/a/end", "operator"), ("POST", "/conversations", "operator"),
    ("PUT", "/api/v1/vapi/mappings/a/review", "operator"),
    ("POST", "/api/v1/vapi/call/a/mute", "operator"),
    ("GET", "/webhooks/", "admin"), ("POST", "/webhooks", "admin"),
    ("PATCH", "/webhooks/a/toggle", "admin"), ("GET", "/webhooksandmore", "viewer"),
    ("GET", "/api/v1/keys", "admin"), ("GET", "/api/v1/audit", "admin"),
    ("POST", "/api/twilio/voice", "signed"), ("POST", "/api/vapi/webhook", "signed"),
    ("POST", "/api/webhooks/elevenlabs", "signed"), ("POST", "/api/whatsapp/webhook", "signed"),
])
func rules(method: String, path: String, rule: String) throws {
    let method = try #require(HTTPRequest.Method(method))
    let actual =
        switch AccessRule(method, path: path) {
        case .open: "open"
        case .signed: "signed"
        case .role(let role): role.rawValue
        }
    #expect(actual == rule)
}

@Test func rolesContainThoseBefore() {
    #expect(AccessRole.viewer < .operator)
    #expect(AccessRole.operator < .admin)
}

@Test(arguments: [
    ("127.0.0.1", true), ("127.8.9.10", true), ("localhost", true), ("::1", true),
    ("api.localhost", true), ("0.0.0.0", false), ("::", false), ("10.0.0.1", false),
    ("127.0.0.1.example.com", false), ("127.example.com", false), ("", false),
])
func loopback(host: String, isLocal: Bool) {
    #expect(Loopback.holds(host: host) == isLocal)
}

@Test(arguments: [
    ("localhost:8080", "localhost"), ("[::1]:8080", "::1"), ("Example.com", "example.com"),
    ("127.0.0.1", "127.0.0.1"), ("", ""),
])
func hostsOfAuthorities(authority: String, host: String) {
    #expect(Loopback.host(of: authority) == host)
}
