import Foundation
import Records
import Synchronization
import Testing

@testable import ControlAPI

private typealias Call = VapiCallUnderTest

/// What orders to calls become on the way to Vapi, and what its answers mean.
@Suite struct VapiCallControlTests {
    private func service(
        _ transport: FakeTransport, _ adjust: (inout VapiSettings) -> Void = { _ in }
    ) async throws -> VapiService {
        var settings = VapiSettings()
        settings.humanDestination = "+447700900999"
        adjust(&settings)
        let store = try SQLiteStore()
        let service = VapiService(
            settings: settings, signature: VapiSignature(secret: nil, signingKey: nil),
            journal: EventJournal(store: store), store: store, tools: FakeTools(),
            transport: transport, logger: silence)
        let monitor = #","monitor":{"controlUrl":"<https://phone-call.vapi.ai/c1/control>"}"#
        _ = await service.handle(
            try VapiMessage(
                parsing: Data(
                    Call.message("status-update", at: 0, #""status":"in-progress""#, call: monitor)
                        .utf8)),
            at: Date(timeIntervalSince1970: Call.start))
        return service
    }

    /// Bodies as Vapi documents them.
    @Test(arguments: [
        (CallAction.say("Hola."), #"{"content":"Hola.","type":"say"}"#, "speaking"),
        (
            .addContext("VIP"),
            #"{"message":{"content":"VIP","role":"system"},"triggerResponseEnabled":false,"type":"add-message"}"#,
            "added"
        ),
        (.mute, #"{"control":"mute-assistant","type":"control"}"#, "muted"),
        (.unmute, #"{"control":"unmute-assistant","type":"control"}"#, "unmuted"),
        (.end, #"{"type":"end-call"}"#, "ended"),
        (
            .transfer(destination: "sip:a@example.com", department: "", reason: "r"),
            #"{"content":"One moment please, I am putting you through to a colleague.","destination":{"message":"One moment please, I am putting you through to a colleague.","sipUri":"sip:a@example.com","type":"sip"},"type":"transfer"}"#,
            "transferred"
        ),
    ])
    func ordersAreVapis(action: CallAction, body: String, state: String) async throws {
        let transport = FakeTransport()
        let service = try await service(transport)
        let control = VapiCallControl(service, others: FakeCalls())
        #expect(try await control.perform(action, on: Call.id).state == state)
        let request = try #require(transport.asked.withLock { $0.first })
        #expect(request.url == "https://phone-call.vapi.ai/c1/control")
        #expect(request.isPublicOnly && request.method == "POST")
        #expect(String(decoding: request.body, as: UTF8.self) == body)
    }

    @Test func otherCallsAreLeftToTheirOwners() async throws {
        let transport = FakeTransport()
        let others = FakeCalls()
        let control = VapiCallControl(try await service(transport), others: others)
        _ = try await control.perform(.mute, on: "another")
        #expect(others.actions == [.mute])
        #expect(transport.asked.withLock { $0.isEmpty })
    }

    @Test(arguments: [
        (
            Result<OutboxAnswer, OutboxTransportError>.success(OutboxAnswer(status: 404)),
            "callEnded"
        ),
        (.success(OutboxAnswer(status: 401)), "refused"),
        (.success(OutboxAnswer(status: 422)), "refused"),
        (.success(OutboxAnswer(status: 503)), "unavailable"),
        (.failure(.timedOut), "timedOut"), (.failure(.privateAddress), "refused"),
        (.failure(.unreachable(reason: "x")), "unavailable"),
    ])
    func answersHaveAMeaning(
        answer: Result<OutboxAnswer, OutboxTransportError>, meaning: String
    ) async throws {
        let service = try await service(FakeTransport(answer))
        do {
            _ = try await service.perform(.mute, on: Call.id)
            Issue.record("it was performed")
        } catch {
            #expect("\(error)".hasPrefix(meaning))
        }
    }

    @Test(arguments: [
        "http://phone-call.vapi.ai/c", "ftp://a/b", "https://", "https://me@example.com/", "",
        "javascript:alert(1)", "https://" + String(repeating: "a", count: 2_100),
    ])
    func addressesAreJudged(told: String) async throws {
        let service = try await service(FakeTransport())
        #expect(throws: CallControlError.self) { try service.checked(told) }
    }

    @Test func whatVapiCannotDoIsRefused() async throws {
        let service = try await service(FakeTransport()) { $0.humanDestination = nil }
        for action in [
            CallAction.sendTones("1"),
            .changeAgent(prompt: "x", variables: [:], engines: EngineWish()),
            .transfer(destination: "", department: "", reason: "r"),
        ] {
            #expect(throws: CallControlError.self) { try service.order(for: action) }
        }
    }
}
