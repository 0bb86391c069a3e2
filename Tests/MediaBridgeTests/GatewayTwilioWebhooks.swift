import ControlAPI
import Foundation
import ProviderSimulators
import Testing

@testable import MediaBridge

/// A gateway that knows its account, and Twilio's HTTP side of it, for integration tests.
struct GatewayTwilioWebhooks {
    static let token = "test_auth_token_0123456789abcdef"
    static let base = "https://bridge.example.com"
    static let mobile = "+447700900123"
    private static let signature = TwilioSignature(authTokens: [token])

    let gateway: GatewayUnderTest

    /// Runs a gateway that Twilio knows as `base`, while `body` does.
    ///
    /// `rest` is Twilio's API; without it there is no account, only its token.
    static func run(
        rest: SimulatedTwilioREST? = nil, settings: [String: String] = [:],
        _ body: (GatewayTwilioWebhooks) async throws -> Void
    ) async throws {
        var environment = [
            "TWILIO_AUTH_TOKEN": token, "TWILIO_PHONE_NUMBER": "+15005550006",
            "MOBILE_NUMBER": mobile,
        ]
        if rest != nil { environment["TWILIO_ACCOUNT_SID"] = SimulatedTwilioREST.account }
        let yaml = rest.map { "twilio:\n  baseURL: \"\($0.url)\"\n  callsPerSecond: 50\n" } ?? ""
        try await GatewayUnderTest.run(
            settings: settings.merging(["publicURL": base]) { $1 }, yaml: yaml,
            environment: environment
        ) { try await body(GatewayTwilioWebhooks(gateway: $0)) }
    }

    /// Twilio's signature of the media upgrade.
    static var streamSignature: String {
        signature.signature(of: "wss://bridge.example.com/twilio") ?? ""
    }

    /// A webhook as Twilio sends it, unless told otherwise.
    func post(
        _ path: String, _ fields: [(String, String)], signed url: String? = nil,
        signature: String?? = .none
    ) throws -> (status: Int, body: String) {
        let form = FormFields(fields.map { .init($0.0, $0.1) })
        let valid = Self.signature.signature(of: Self.base + (url ?? path), form)
        let header = (signature ?? valid).map { ["X-Twilio-Signature: \($0)"] } ?? []
        return try send(
            path, String(decoding: form.octets, as: UTF8.self),
            header + ["Content-Type: application/x-www-form-urlencoded; charset=UTF-8"])
    }

    func postJSON(_ path: String, _ body: String) throws -> (status: Int, body: String) {
        try send(path, body, ["Content-Type: application/json"])
    }

    func send(
        _ path: String, _ body: String, _ headers: [String]
    ) throws -> (status: Int, body: String) {
        let client = try WireClient(port: gateway.ports.api)
        let lines =
            [
                "POST \(path) HTTP/1.1", "Host: localhost", "Connection: close",
                "Content-Length: \(body.utf8.count)",
            ] + headers
        try client.send(raw: Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
        let head = try client.readHead(within: .seconds(40))
        let answer = String(decoding: try client.readToEnd(), as: UTF8.self)
        return (Int(head[0].dropFirst(9).prefix(3)) ?? 0, answer)
    }

    static func fields(
        _ callSID: String, _ more: [(String, String)] = []
    ) -> [(String, String)] {
        [
            ("CallSid", callSID), ("AccountSid", SimulatedTwilioREST.account),
            ("From", "+34600111222"), ("To", "+15005550006"), ("CallStatus", "ringing"),
            ("Direction", "inbound"), ("CallerName", "Zoë & Co"), ("FromCity", ""),
        ] + more
    }

    /// Asks what to do with a call, and reads the token out of the answer.
    func token(for callSID: String) throws -> String {
        let answer = try post("/api/twilio/voice-webhook", Self.fields(callSID))
        try #require(answer.status == 200, "\(answer)")
        let start = try #require(answer.body.range(of: #"name="token" value=""#))
        return String(answer.body[start.upperBound...].prefix { $0 != "\"" })
    }

    /// A stream that Twilio would open, its call not yet started.
    func stream() throws -> GatewayTwilioCaller {
        try GatewayTwilioCaller(
            mediaPort: gateway.ports.media, signature: Self.streamSignature)
    }

    /// A call that came through the webhook, whose greeting was heard.
    func greeted() throws -> GatewayTwilioCaller {
        let caller = try stream()
        let token = try token(for: caller.callSID)
        try caller.sendStart(parameters: #"{"token":"\#(token)","from":"+34600111222"}"#)
        try #require(try caller.hearsTheAnswer(), "no greeting")
        return caller
    }
}
