import Crypto
import Events
import Foundation
import Records
import Synchronization
import Testing

@testable import ControlAPI

private typealias Call = VapiCallUnderTest

private let secret = "vapi-secret-for-tests"
private let webhookSecret = "wsec_for_tests"

/// What is asked and told at the routes of those who run calls elsewhere.
@Suite struct VapiRoutesTests {
    private func withVapi(
        transport: FakeTransport = FakeTransport(), tools: FakeTools = FakeTools(),
        secret: String? = secret, _ adjust: @escaping (inout VapiSettings) -> Void = { _ in },
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        try await withServer(
            remoteCalls: { journal, store in
                var settings = VapiSettings()
                settings.humanDestination = "+447700900999"
                settings.toolLimit = .milliseconds(100)
                adjust(&settings)
                var elevenLabs = ElevenLabsSettings()
                elevenLabs.webhookSecret = secret == nil ? nil : webhookSecret
                return RemoteCallServices(
                    vapi: VapiService(
                        settings: settings,
                        signature: VapiSignature(secret: secret, signingKey: nil),
                        journal: journal, store: store, tools: tools, transport: transport,
                        logger: silence),
                    elevenLabs: ElevenLabsService(
                        settings: elevenLabs, journal: journal, store: store, logger: silence),
                    now: { Date(timeIntervalSince1970: 1_795_251_600) })
            }, body)
    }

    private func tell(
        _ server: RunningServer, _ body: String, secret: String? = secret
    ) async throws -> RawAnswer {
        try await server.send(
            "POST", "/api/vapi/webhook", headers: secret.map { ["X-Vapi-Secret: \($0)"] } ?? [],
            body: body)
    }

    @Test func onlyVapiMayAsk() async throws {
        try await withVapi { server in
            let hang = Call.message("hang", at: 1)
            for wrong in [nil, "", "vapi-secret-for-testS"] as [String?] {
                let answer = try await tell(server, hang, secret: wrong)
                #expect(answer.status == 401)
                #expect(answer.headers["content-type"] == "application/problem+json")
            }
            #expect(try await tell(server, hang).body == "{}")
            for bad in ["", "[]", #"{"message":{"type":5}}"#, #"{"message":"#] {
                #expect(try await tell(server, bad).status == 400)
            }
            #expect(try await server.send("GET", "/api/vapi/webhook").status == 405)
        }
        try await withVapi(secret: nil) { server in
            let answer = try await tell(server, Call.message("hang", at: 1))
            #expect(answer.status == 401 && answer.body.contains("MEDIABRIDGE_VAPI_WEBHOOK_SECRET"))
            let post = try await server.send("POST", "/api/webhooks/elevenlabs", body: "{}")
            #expect(post.status == 401 && post.body.contains("ELEVENLABS_WEBHOOK_SECRET"))
        }
    }

    @Test func longReportsAreTaken() async throws {
        try await withVapi { server in
            let words = String(repeating: "So it goes on and on. ", count: 100_000)
            let report = Call.message(
                "end-of-call-report", at: 60,
                #""endedReason":"voicemail","artifact":{"transcript":"\#(words)"}"#)
            #expect(report.utf8.count > 2_000_000)
            #expect(try await tell(server, report).status == 200)
            #expect(try await server.store.call(Call.id)?.summary.endReason == "voicemail")
            let head = "Content-Length: \(9 << 20)"
            let answer = try await server.send(
                "POST", "/api/vapi/webhook", headers: ["X-Vapi-Secret: \(secret)", head])
            #expect(answer.status == 413)
        }
    }

    @Test func aCallIsKeptWithAllItHas() async throws {
        try await withVapi { server in
            for message in [
                Call.message("status-update", at: 0, #""status":"in-progress""#),
                Call.transcript("assistant", "Hello!", at: 1),
                Call.transcript("user", "My order", at: 3),
                Call.message(
                    "end-of-call-report", at: 30,
                    #""endedReason":"customer-ended-call","startedAt":"2026-11-03T10:20:00Z","#
                        + #""endedAt":"2026-11-03T10:20:20Z","cost":0.5,"analysis":{"summary":"s"},"#
                        + #""artifact":{"recordingUrl":"https://example.com/r.wav"}"#),
            ] {
                // Whatever comes twice counts once.
                #expect(try await tell(server, message).body == "{}")
                #expect(try await tell(server, message).body == "{}")
            }
            let call = try #require(try await server.store.call(Call.id))
            #expect(call.source == .vapi && call.summary.status == .ended)
            #expect(call.summary.durationSeconds == 20 && call.costMicros == 500_000)
            #expect(call.recording == "https://example.com/r.wav" && call.liveTranscriptEnabled)
            #expect(call.summary.turnsCount == 1)
            let conversation = try #require(try await server.store.conversation(Call.id))
            #expect(conversation.transcript == "ai: Hello!\nuser: My order")
            #expect(conversation.phoneNumber == "+447700900123" && conversation.cost == 0.5)
            let analyses = try await server.store.analyses(ofConversation: Call.id)
            #expect(analyses.map(\.aiInsights) == ["s"] && analyses[0].analysisType == "vapi")
        }
    }

    @Test func toolsAnswerInOrderAndInTime() async throws {
        let tools = FakeTools()
        try await withVapi(tools: tools) { server in
            let asks = Call.message(
                "tool-calls", at: 4,
                #""toolCallList":[{"id":"c1","function":{"name":"never","arguments":"{}"}},"#
                    + #"{"id":"c2","function":{"name":"echo","arguments":"{\"a\":1}"}},"#
                    + #"{"id":"c3","function":{"name":"other","arguments":"{}"}}]"#)
            let expected =
                #"{"results":[{"error":"The tool did not answer within 0 s.","#
                + #""message":{"content":"I am sorry, I cannot look that up right now.","#
                + #""type":"request-failed"},"name":"never","toolCallId":"c1"},"#
                + #"{"name":"echo","result":"{\"a\":1} and more","toolCallId":"c2"},"#
                + #"{"error":"No such tool","name":"other","toolCallId":"c3"}]}"#
            async let first = tell(server, asks)
            async let second = tell(server, asks)
            for answer in [try await first, try await second] {
                #expect(answer.status == 200 && answer.body == expected)
            }
            // Each is run once, and answered from memory afterwards.
            #expect(try await tell(server, asks).body == expected)
            #expect(tools.runs.withLock { $0.sorted() } == ["c1", "c2", "c3"])
            let logs = try await server.store.toolLogs(of: Call.id)
            #expect(logs.map(\.toolCallID).sorted() == ["c1", "c2", "c3"])
            #expect(logs.map { $0.success == true }.count { $0 } == 1)
            let record = try #require(try await server.store.call(Call.id))
            #expect(record.toolCallsCount == 3 && record.toolErrorsCount == 2)
        }
    }

    @Test func anotherServerMayRunTheTools() async throws {
        let answer = #"{"results":[{"toolCallId":"c1","result":{"tier":"gold"}}]}"#
        let transport = FakeTransport(
            .success(OutboxAnswer(status: 200, body: Array(answer.utf8))))
        try await withVapi(transport: transport) {
            $0.toolURL = "https://tools.example.com/vapi"
            $0.toolSecret = "of-the-tools"
        } _: { server in
            let asks = Call.message(
                "tool-calls", at: 4,
                #""toolCallList":[{"id":"c1","name":"lookup","parameters":{"a":1}}]"#)
            #expect(
                try await tell(server, asks).body
                    == #"{"results":[{"name":"lookup","result":"{\"tier\":\"gold\"}","#
                    + #""toolCallId":"c1"}]}"#)
            let request = try #require(transport.asked.withLock { $0.first })
            #expect(request.headers.contains { $0 == ("X-Vapi-Secret", "of-the-tools") })
            #expect(
                String(decoding: request.body, as: UTF8.self)
                    == #"{"message":{"call":{"id":"\#(Call.id)","type":"inboundPhoneCall"},"#
                    + #""customer":{"number":"+447700900123"},"toolCallList":[{"function":"#
                    + #"{"arguments":"{\"a\":1}","name":"lookup"},"id":"c1","type":"function"}],"#
                    + #""type":"tool-calls"}}"#)
        }
    }

    @Test func questionsAreAnsweredFromTheSettings() async throws {
        let asks = Call.message("assistant-request", at: 0)
        try await withVapi { server in
            #expect(try await tell(server, asks).body.contains(#""number":"+447700900999""#))
            #expect(try await server.store.call(Call.id) == nil)
            let transfer = try await tell(
                server, Call.message("transfer-destination-request", at: 9))
            #expect(
                transfer.body == #"{"destination":{"message":"One moment please, I am putting you "#
                    + #"through to a colleague.","number":"+447700900999","type":"number"}}"#)
            let events = try #require(
                await server.journal.events(of: Call.id, after: 0)
            ).events.map(\.body.type)
            #expect(events == [.callStarted, .transferRequested])
        }
        try await withVapi {
            $0.humanDestination = nil
            $0.language = "es"
        } _: { server in
            #expect(
                try await tell(server, asks).body
                    == #"{"error":"Lo sentimos, ahora no podemos atender su llamada."}"#)
            let transfer = try await tell(
                server, Call.message("transfer-destination-request", at: 9))
            #expect(transfer.body == #"{"error":"Ahora mismo no hay nadie disponible."}"#)
        }
        try await withVapi {
            $0.assistantID = "a-1"
        } _: { (server: RunningServer) async throws in
            #expect(try await tell(server, asks).body == #"{"assistantId":"a-1"}"#)
        }
    }

    @Test func aFunctionOfOldIsAnsweredItsWay() async throws {
        try await withVapi { server in
            let answer = try await tell(
                server,
                Call.message(
                    "function-call", at: 4,
                    #""functionCall":{"name":"echo","parameters":{"a":1}}"#))
            #expect(answer.body == #"{"result":"{\"a\":1} and more"}"#)
        }
    }

    @Test func elevenLabsTellsACallOnce() async throws {
        try await withVapi { server in
            let body = PostCallEventTests.conversation
            func post(_ body: String, signing signed: String) async throws -> RawAnswer {
                let time = "1795251600"
                let code = HMAC<SHA256>.authenticationCode(
                    for: Data("\(time).\(signed)".utf8),
                    using: SymmetricKey(data: Data(webhookSecret.utf8)))
                let digits = code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                return try await server.send(
                    "POST", "/api/webhooks/elevenlabs",
                    headers: ["ElevenLabs-Signature: t=\(time),v0=\(digits)"], body: body)
            }
            #expect(try await post(body, signing: body + " ").status == 401)
            #expect(try await post(body, signing: body).body == #"{"status":"queued"}"#)
            #expect(try await post(body, signing: body).body == #"{"status":"known"}"#)
            let audio = #"{"type":"post_call_audio","data":{"full_audio":"SUQz"}}"#
            #expect(try await post(audio, signing: audio).body == #"{"status":"ignored"}"#)
            #expect(try await post("{", signing: "{").status == 400)
            let call = try #require(try await server.store.call("conv_1"))
            #expect(call.source == .elevenlabs && call.summary.status == .ended)
            #expect(call.summary.durationSeconds == 61 && call.currency == "credits")
            let analyses = try await server.store.analyses(ofConversation: call.summary.id)
            #expect(analyses.map(\.aiInsights) == ["Ana cambia su cita."])
            let conversation = try await server.store.conversation(call.summary.id)
            #expect(
                conversation?.transcript
                    == "ai: Hola Ana\nuser: Quiero cambiar mi cita\nai: ¿Para cuándo?\nuser: Mañana"
            )
        }
    }
}
