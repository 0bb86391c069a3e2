import ControlAPI
import Records
import Testing

private struct ProblemDocument: Decodable {
    let status: Int
    let title: String
    let detail: String
}

private let limits = "/api/v1/calls?limit="
private let events = "/api/v1/calls/a/events?"
private let long = String(repeating: "9", count: 200)

/// What a client can get wrong, and the status that tells it so.
@Test(arguments: [
    ("GET", "/", 404), ("GET", "/api/v1", 404), ("GET", "/api/v1/calls/a/b/c", 404),
    ("GET", limits + "0", 400), ("GET", limits + "-1", 400), ("GET", limits + "1001", 400),
    ("GET", limits + "ten", 400), ("GET", limits, 400), ("GET", limits + "1&limit=2", 400),
    ("GET", limits + "1.5", 400), ("GET", limits + long, 400), ("GET", limits + "%FF", 400),
    ("GET", limits + "1'%20OR%201=1--", 400), ("GET", limits + "<script>", 400),
    ("GET", events + "after=-1", 400), ("GET", events + "after=x", 400),
    ("GET", events + "wait_ms=30001", 400), ("GET", events + "wait_ms=-1", 400),
    ("GET", events + "wait_ms=1e3", 400), ("GET", events + "after=0", 404),
    ("GET", events + "after=0&wait_ms=1", 404),
    ("GET", "/api/v1/calls/nobody", 404), ("GET", "/api/v1/calls/%FF", 404),
    ("GET", "/api/v1/calls/%zz", 404), ("GET", "/api/v1/calls/..%2F..%2Fetc", 404),
    ("GET", "/api/v1/calls/" + long, 404), ("GET", "/api/v1/calls/'%3B--", 404),
    ("POST", "/api/v1/calls", 405), ("DELETE", "/api/v1/calls/a", 405),
    ("GET", "/api/v1/calls/a/end", 405), ("PUT", "/healthz", 405), ("OPTIONS", "/metrics", 405),
    ("POST", "/api/v1/calls/nobody/end", 404), ("POST", "/api/v1/calls/%FF/end", 404),
])
func badTargets(method: String, target: String, status: Int) async throws {
    try await withServer { server in
        let answer = try await server.send(method, target)
        #expect(answer.status == status)
        #expect(answer.headers["content-type"] == "application/problem+json")
        let problem: ProblemDocument = try answer.json()
        #expect(problem.status == status)
        #expect(!problem.title.isEmpty && !problem.detail.isEmpty)
        #expect(!problem.detail.contains("script"))
        if status == 405 { #expect(answer.headers["allow"] != nil) }
    }
}

@Test(arguments: [
    ("[]", 400), ("nonsense", 400), ("\"text\"", 400), ("{\"a\":", 400), ("\u{0}", 400),
    ("{}", 200), ("{\"why\":\"\"}", 200),
])
func bodiesOfEnd(body: String, status: Int) async throws {
    try await withServer { server in
        try await server.journal.append(callID: "a", [started])
        #expect(try await server.send("POST", "/api/v1/calls/a/end", body: body).status == status)
    }
}

/// Deep nesting and too many octets.
@Test(arguments: [(16_000, "[", 400), (16 * 1_024 + 1, " ", 413)])
func hugeBodiesOfEnd(count: Int, octet: String, status: Int) async throws {
    try await bodiesOfEnd(body: String(repeating: octet, count: count), status: status)
}

@Test func aBodyWithoutALengthIsBoundedToo() async throws {
    try await withServer { server in
        try await server.journal.append(callID: "a", [started])
        let chunk = "1000\r\n" + String(repeating: "x", count: 4_096) + "\r\n"
        let request =
            "POST /api/v1/calls/a/end HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n" + String(repeating: chunk, count: 5)
            + "0\r\n\r\n"
        let text = await LoopbackClient.exchange(request, port: server.port)
        #expect(RawAnswer(parsing: text)?.status == 413)
    }
}

/// A browser names the page that made it send something.
@Test(arguments: [
    ("Origin: https://example.com", 403), ("Origin: null", 403),
    ("Origin: http://localhost.example.com", 403), ("Origin: http://localhost", 200),
])
func foreignPagesMayNotSteer(header: String, status: Int) async throws {
    let calls = FakeCalls()
    try await withServer(control: calls) { server in
        try await server.journal.append(callID: "a", [started])
        let answer = try await server.send("POST", "/api/v1/calls/a/end", headers: [header])
        #expect(answer.status == status)
        #expect(calls.ended.isEmpty == (status == 403))
    }
}

/// Octets that are no request.
private enum NoRequest: String, CaseIterable {
    case words, version, control, longHeader, lengthInWords, hugeLength, brokenChunk

    var octets: String {
        let end = "POST /api/v1/calls/a/end HTTP/1.1\r\nHost: x\r\n"
        return switch self {
        case .words: "GARBAGE\r\n\r\n"
        case .version: "GET /healthz HTTP/9.9\r\n\r\n"
        case .control: "\u{0}\u{1}\u{2}\r\n\r\n"
        case .longHeader:
            "GET /healthz HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "y", count: 100_000))\r\n\r\n"
        case .lengthInWords: end + "Content-Length: many\r\n\r\n"
        case .hugeLength: end + "Content-Length: 99999999999999999999\r\n\r\n"
        case .brokenChunk: end + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"
        }
    }
}

@Test(arguments: NoRequest.allCases)
private func whatIsNotHTTPEndsOnlyItsConnection(request: NoRequest) async throws {
    try await withServer { server in
        try await server.journal.append(callID: "a", [started])
        let text = await LoopbackClient.exchange(request.octets, port: server.port)
        #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 4"), "\(text)")
        #expect(try await server.get("/healthz").status == 200)
    }
}

@Test func headHasNoBody() async throws {
    try await withServer { server in
        let answer = try await server.send("HEAD", "/healthz")
        #expect(answer.status == 200)
        #expect(answer.body.isEmpty)
    }
}
