import ControlAPI
import Records
import Testing

@Test func theProcessIsUp() async throws {
    try await withServer { server in
        let answer = try await server.get("/healthz")
        #expect(answer.status == 200)
        #expect(answer.body == #"{"status":"up"}"#)
        #expect(answer.headers["content-type"] == "application/json")
    }
}

@Test func readyOnlyWhenEveryPartIs() async throws {
    try await withServer { server in
        let answer = try await server.get("/readyz")
        #expect(answer.status == 200)
        #expect(
            answer.body == #"""
                {"parts":{"llm":{"ready":true},"media":{"ready":true},"store":{"ready":true},\#
                "stt":{"ready":true},"tts":{"ready":true}},"ready":true}
                """#)
    }
    let broken = Readiness(
        media: .ready, stt: .ready, llm: .ready, tts: .unready(reason: "espeak-ng is missing"))
    try await withServer(readiness: broken) { server in
        let answer = try await server.get("/readyz")
        #expect(answer.status == 503)
        #expect(answer.body.contains(#""tts":{"ready":false,"reason":"espeak-ng is missing"}"#))
        #expect(answer.body.hasSuffix(#""ready":false}"#))
    }
    let forgetful = Readiness(
        media: .ready, stt: .ready, llm: .ready, tts: .ready, store: .unready(reason: "disk full"))
    try await withServer(readiness: forgetful) { server in
        let answer = try await server.get("/readyz")
        #expect(answer.status == 503)
    }
}

@Test func figuresAreServedAsText() async throws {
    let metrics = [Metric("calls_total", help: "Calls.", .counter([.init(2)]))]
    try await withServer(metrics: metrics) { server in
        let answer = try await server.get("/metrics")
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(
            answer.body == "# HELP calls_total Calls.\n# TYPE calls_total counter\ncalls_total 2\n")
    }
}

@Test func browsersMayNotUseTheAnswers() async throws {
    try await withServer { server in
        for path in ["/healthz", "/no/such/path"] {
            let headers = try await server.get(path).headers
            #expect(headers["x-content-type-options"] == "nosniff")
            #expect(headers["cache-control"] == "no-store")
            #expect(
                headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'")
            #expect(headers["access-control-allow-origin"] == nil)
        }
    }
}

@Test func anOccupiedPortIsAnError() async throws {
    try await withServer { server in
        var configuration = ControlServer.Configuration()
        configuration.port = server.port
        let second = ControlServer(
            configuration: configuration, journal: EventJournal(), store: server.store,
            control: FakeCalls(),
            readiness: { allReady }, metrics: { [] }, logger: silence)
        await #expect(throws: (any Error).self) { try await second.run() }
    }
}
