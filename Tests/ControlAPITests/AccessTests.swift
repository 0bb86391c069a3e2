import ControlAPI
import Foundation
import Records
import Testing

private let adminKey = "an-admin-key-that-is-long-enough"
private let secret = "a-secret-of-thirty-two-characters!"

private var locked: AccessSettings {
    var access = AccessSettings()
    access.adminKey = adminKey
    access.tokenSecret = secret
    return access
}

/// Signed by Python's `hmac` with the secret above; `exp` is in 2100 unless said.
private enum Token: String, CaseIterable {
    case good =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbmEiLCJyb2xlIjoib3BlcmF0b3IiLCJleHAiOjQxMDI0NDQ4MDB9.XSWRx7PjIDxnd21or15Rz3FMV-GgFUFHvMQ9nDM9bNA"
    /// In 2023.
    case expired =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbmEiLCJyb2xlIjoib3BlcmF0b3IiLCJleHAiOjE3MDAwMDAwMDB9.0OKHSrf6eYmgG4sElVFFSIAasU3B8OBh8TX1T16A7o8"
    /// Signed with another secret.
    case forged =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbmEiLCJyb2xlIjoiYWRtaW4iLCJleHAiOjQxMDI0NDQ4MDB9.ukcxgyYwC8rB0UUASpinVACAP3NmfB0fCVWoznq-pms"
    /// The algorithm is `none`.
    case unsigned =
        "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhbmEiLCJyb2xlIjoiYWRtaW4iLCJleHAiOjQxMDI0NDQ4MDB9."
    case withoutEnd =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbmEiLCJyb2xlIjoib3BlcmF0b3IifQ._ZJMSUTSL27FIwyTu4safibn2-gwlymbOaLZXbhQx7k"
    case unknownRole =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbmEiLCJyb2xlIjoicm9vdCIsImV4cCI6NDEwMjQ0NDgwMH0.WSjBELM4hwqRUSPedaHMzj5M5_3vSzx8_QAaykYRCc8"
    /// Not before 2100.
    case early =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbmEiLCJyb2xlIjoib3BlcmF0b3IiLCJleHAiOjQxMDI0NDQ4MDAsIm5iZiI6NDEwMjQ0NDc5OX0.6hdbyIfqW1rqskcv16m0CmwztEdzKfIFFp8L8W3iVF4"
}

@Test(arguments: Token.allCases)
private func tokens(token: Token) async throws {
    try await withServer(access: locked) { server in
        let answer = try await server.send(
            "GET", "/api/v1/calls", headers: ["Authorization: Bearer \(token.rawValue)"])
        #expect(answer.status == (token == .good ? 200 : 401))
        if token != .good { #expect(answer.headers["www-authenticate"] == "Bearer") }
    }
}

@Test(arguments: [
    ([], 401), (["X-API-Key: \(adminKey)"], 200), (["Authorization: Bearer \(adminKey)"], 200),
    (["authorization: bearer \(adminKey)"], 200), (["Authorization: Basic \(adminKey)"], 401),
    (["X-API-Key: \(adminKey)x"], 401), (["X-API-Key:"], 401),
    (["X-API-Key: mbk_000000000000_x"], 401),
    (["X-API-Key: \(String(repeating: "k", count: 5_000))"], 401),
])
func theFirstKey(headers: [String], status: Int) async throws {
    try await withServer(access: locked) { server in
        let answer = try await server.send("GET", "/api/v1/keys", headers: headers)
        #expect(answer.status == status)
        for probe in ["/healthz", "/readyz", "/metrics", "/openapi.json"] {
            #expect(try await server.send("GET", probe, headers: headers).status == 200)
        }
    }
}

/// Each role may do what those before it may, and no more.
@Test(arguments: [
    (AccessRole.viewer, [200, 403, 403]), (.operator, [200, 200, 403]), (.admin, [200, 200, 200]),
])
func rolesOfKeys(role: AccessRole, statuses: [Int]) async throws {
    try await withServer { server in
        try await server.journal.append(callID: "a", [started])
        let secret = APIKeySecret(name: "test", role: role)
        _ = try await server.store.add(secret.key, at: Date(timeIntervalSince1970: 0))
        let header = ["X-API-Key: \(secret.text)"]
        let read = try await server.send("GET", "/api/v1/calls", headers: header)
        let steer = try await server.send("POST", "/api/v1/calls/a/end", headers: header)
        let keys = try await server.send("GET", "/api/v1/keys", headers: header)
        #expect([read, steer, keys].map(\.status) == statuses)
        #expect(!keys.body.contains(secret.text))
        // With a key, nobody goes without one.
        #expect(try await server.get("/api/v1/calls").status == 401)
    }
}

@Test func keysAreMadeShownOnceAndRevoked() async throws {
    try await withServer(access: locked) { server in
        let admin = ["X-API-Key: \(adminKey)"]
        let made = try await server.send(
            "POST", "/api/v1/keys", headers: admin, body: #"{"name":"desk","role":"viewer"}"#)
        #expect(made.status == 201)
        let key: [String: String] = try made.json()
        let text = try #require(key["key"])
        let id = try #require(key["id"])
        #expect(text.utf8.count == 60)  // mbk_, 12 digits, _, 256 bits in base64url
        #expect(
            try await server.send("GET", "/api/v1/calls", headers: ["X-API-Key: \(text)"]).status
                == 200)
        let kept = try await server.store.apiKeys()
        #expect(kept.map(\.id) == [id])
        #expect(kept.allSatisfy { $0.digest.count == 32 })
        #expect(
            try await server.send("DELETE", "/api/v1/keys/\(id)", headers: admin).status == 200)
        #expect(
            try await server.send("DELETE", "/api/v1/keys/nobody", headers: admin).status == 404)
        #expect(try await server.store.apiKeys().allSatisfy { $0.revoked != nil })
    }
}

/// Without keys only this machine may ask, by its own names.
@Test(arguments: [("localhost", 200), ("127.0.0.1:8080", 200), ("gateway.example.com", 403)])
func namesOfThisMachine(host: String, status: Int) async throws {
    try await withServer { server in
        let text = await LoopbackClient.exchange(
            "GET /api/v1/calls HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n",
            port: server.port)
        #expect(RawAnswer(parsing: text)?.status == status)
    }
}

@Test func aNetworkNeedsAKey() async throws {
    var configuration = ControlServer.Configuration()
    configuration.port = 0
    configuration.host = "0.0.0.0"
    let server = ControlServer(
        configuration: configuration, journal: EventJournal(), store: try SQLiteStore(),
        control: FakeCalls(), readiness: { allReady }, metrics: { [] }, logger: silence)
    await #expect(throws: ControlServerError.needsKey(host: "0.0.0.0")) { try await server.run() }
    try await withServer(access: locked, host: "0.0.0.0") { server in
        let answer = try await server.get("/api/v1/calls")
        #expect(answer.status == 401)
    }
}

@Test func tooManyRequests() async throws {
    var access = locked
    access.requestsPerSecond = 1
    access.requestBurst = 2
    try await withServer(access: access) { server in
        let admin = ["X-API-Key: \(adminKey)"]
        var statuses: [Int] = []
        for _ in 0..<8 {
            let answer = try await server.send("GET", "/api/v1/calls", headers: admin)
            statuses.append(answer.status)
            if answer.status == 429 { #expect(answer.headers["retry-after"] == "1") }
        }
        #expect(statuses.prefix(2) == [200, 200])
        #expect(statuses.contains(429))
        // Guesses are counted elsewhere, and probes never.
        #expect(try await server.get("/api/v1/calls").status == 401)
        for _ in 0..<5 { #expect(try await server.get("/healthz").status == 200) }
    }
}

@Test func actionsAreAudited() async throws {
    try await withServer(access: locked) { server in
        try await server.journal.append(callID: "a", [started])
        let admin = ["X-API-Key: \(adminKey)"]
        _ = try await server.send(
            "POST", "/api/v1/calls/CA1/end", headers: admin + ["X-Request-ID: r-1"])
        _ = try await server.send("POST", "/api/v1/calls/+34600111222/end", headers: admin)
        _ = try await server.send(
            "POST", "/webhooks/x", headers: ["Authorization: Bearer \(Token.good.rawValue)"])
        _ = try await server.send("POST", "/api/v1/calls/a/end")
        var actions: [AuditEntry] = []
        while actions.count < 3 {
            actions = try await server.store.auditEntries(page: PageRequest()).records
            await Task.yield()
        }
        actions.sort { $0.id < $1.id }
        #expect(actions.map(\.actor) == ["key:bootstrap", "key:bootstrap", "token:ana"])
        #expect(actions.map(\.status) == [200, 404, 403])
        #expect(actions.map(\.target) == ["CA1", nil, nil])
        #expect(actions.first?.action == "POST /api/v1/calls/{id}/end")
        #expect(actions.first?.requestID == "r-1")
    }
}

@Test(arguments: [
    ("r-1.x_Y", true), ("two words", false), (String(repeating: "r", count: 65), false),
])
func requestsHaveNames(name: String, isTaken: Bool) async throws {
    try await withServer { server in
        let answer = try await server.send(
            "GET", "/api/v1/calls/nobody", headers: ["X-Request-ID: \(name)"])
        let given = try #require(answer.headers["x-request-id"])
        #expect((given == name) == isTaken)
        #expect(!given.isEmpty)
        #expect(answer.body.contains("\"request_id\":\"\(given)\""))
    }
}

@Test func pagesThatAreNamedMayUseTheAPI() async throws {
    var access = locked
    access.corsOrigins = ["https://desk.example.com"]
    try await withServer(access: access) { server in
        let page = "Origin: https://desk.example.com"
        let asked = try await server.send(
            "OPTIONS", "/api/v1/calls",
            headers: [page, "Access-Control-Request-Method: POST"])
        #expect(asked.status == 204)
        #expect(asked.headers["access-control-allow-origin"] == "https://desk.example.com")
        let refused = try await server.send("GET", "/api/v1/calls", headers: [page])
        #expect(refused.status == 401)
        #expect(refused.headers["access-control-allow-origin"] == "https://desk.example.com")
        let other = try await server.send(
            "OPTIONS", "/api/v1/calls",
            headers: ["Origin: https://evil.example.com", "Access-Control-Request-Method: POST"])
        #expect(other.headers["access-control-allow-origin"] == nil)
    }
}
