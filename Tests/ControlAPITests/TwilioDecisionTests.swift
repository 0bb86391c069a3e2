import Foundation
import Synchronization
import Testing

@testable import ControlAPI

private let base = "https://bridge.example.com"
private let callSID = "CA00000000000000000000000000000001"

private func request(
    from: String = "+34600111222", to: String = "+15005550006", direction: String = "inbound"
) throws -> VoiceRequest {
    try #require(
        VoiceRequest(
            FormFields([
                .init("CallSid", callSID), .init("From", from), .init("To", to),
                .init("Direction", direction),
            ])))
}

private func answer(
    _ afterStream: TwilioSettings.AfterStream, mobile: String? = "+447700900123"
) -> VoiceAnswer {
    var settings = TwilioSettings()
    settings.phoneNumber = PhoneNumber("+15005550006")
    settings.mobileNumber = mobile.flatMap(PhoneNumber.init)
    settings.afterStream = afterStream
    return VoiceAnswer(settings: settings, base: base)
}

private func body(_ document: TwiML) -> String {
    document.text.replacing(
        #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n<Response>", with: ""
    ).replacing("</Response>", with: "")
}

/// Nothing behind the stream needs us: the mobile stands in the document.
@Test func forwardingIsInTheDocumentItself() throws {
    let document = answer(.dial).opening(
        try request(), language: "es", token: "t-1", canServe: true)
    #expect(
        body(document) == """
            <Connect><Stream url="wss://bridge.example.com/twilio" \
            statusCallback="https://bridge.example.com/api/twilio/stream-status">\
            <Parameter name="token" value="t-1"/><Parameter name="language" value="es"/>\
            <Parameter name="from" value="+34600111222"/><Parameter name="to" value="+15005550006"/>\
            <Parameter name="direction" value="inbound"/></Stream></Connect>\
            <Dial timeout="20" callerId="+15005550006">\
            <Number statusCallback="https://bridge.example.com/api/twilio/dial-status" \
            statusCallbackEvent="completed">+447700900123</Number></Dial>
            """)
}

@Test func withoutTheAPITheCarrierAsksAfterTheStream() throws {
    let document = answer(.ask).opening(
        try request(), language: "en", token: nil, canServe: true)
    let text = body(document)
    #expect(
        text.hasPrefix(
            #"<Connect action="https://bridge.example.com/api/twilio/after-stream?language=en">"#))
    #expect(!text.contains("<Dial") && !text.contains("token"))
}

@Test func aGatewayThatCannotServeForwardsAtOnce() throws {
    let document = answer(.dial).opening(
        try request(), language: "en", token: nil, canServe: false)
    #expect(
        body(document) == """
            <Dial timeout="20" callerId="+15005550006" answerOnBridge="true">\
            <Number statusCallback="https://bridge.example.com/api/twilio/dial-status" \
            statusCallbackEvent="completed">+447700900123</Number></Dial>
            """)
}

/// Without a mobile, or when the mobile itself calls, somebody at least says so.
@Test(
    arguments: [(nil, "+34600111222"), ("+447700900123", "+447700900123")] as [(String?, String)])
func withoutAHumanCallersHearAnApology(mobile: String?, from: String) throws {
    let document = answer(.dial, mobile: mobile).opening(
        try request(from: from), language: "es", token: nil, canServe: false)
    #expect(body(document).hasPrefix(#"<Say language="es">Lo sentimos"#))
    #expect(body(document).hasSuffix("</Say><Hangup/>"))
}

@Test(arguments: [
    (StreamOutcome.served, "<Hangup/>"), (.handedOver(to: nil), "<Dial"), (.failed, "<Dial"),
    (nil, "<Dial"),
])
func onlyAGoodEndHangsUp(outcome: StreamOutcome?, start: String) throws {
    let document = answer(.ask).afterStream(try request(), language: "en", outcome)
    #expect(body(document).hasPrefix(start))
}

@Test(
    arguments: [
        ("completed", nil, "<Hangup/>"), ("completed", true, "<Hangup/>"),
        ("completed", false, "<Say"), ("busy", nil, "<Say"), ("no-answer", nil, "<Say"),
        ("failed", nil, "<Say"), (nil, nil, "<Say"),
    ] as [(String?, Bool?, String)])
func whoeverMissesTheHumanIsTold(status: String?, wasBridged: Bool?, start: String) {
    let document = answer(.ask).afterDial(status, wasBridged: wasBridged, language: "en")
    #expect(body(document).hasPrefix(start))
}

@Test func documentsAreEscaped() {
    let document = TwiML([.say("<b> & \"x\" \u{0}\u{1B}é\u{FFFE}", language: "a\"b")])
    #expect(
        body(document)
            == #"<Say language="a&quot;b">&lt;b&gt; &amp; &quot;x&quot; é</Say>"#)
}

@Test(arguments: [
    ("+34 600-111.222", "+34600111222"), ("+1 (500) 555-0006", "+15005550006"),
    ("34600111222", nil), ("+0600111222", nil), ("+12345", nil), ("+1234567890123456", nil),
    ("+34600a11222", nil), ("", nil), ("anonymous", nil),
])
func numbersAreE164(text: String, expected: String?) {
    #expect(PhoneNumber(text)?.text == expected)
}

@Test func aTokenIsGoodOnceForItsCallAndItsTime() {
    let tokens = StreamTokens(lifetime: .seconds(60), capacity: 2)
    let start = Duration.seconds(9)
    let token = tokens.issue(for: "CA1", at: start)
    #expect(tokens.issue(for: "CA1", at: start) == token, "the carrier may ask twice")
    let other = tokens.issue(for: "CA2", at: start)
    #expect(other != token)
    #expect(!tokens.redeem(nil, for: "CA1", at: start))
    #expect(!tokens.redeem("", for: "CA1", at: start))
    #expect(!tokens.redeem(other, for: "CA1", at: start))
    #expect(tokens.redeem(token, for: "CA1", at: start))
    #expect(!tokens.redeem(token, for: "CA1", at: start), "replayed")
    #expect(!tokens.redeem(other, for: "CA2", at: start + .seconds(60)), "late")
    #expect(tokens.counters == .init(issued: 2, redeemed: 1, refused: 5))
    for number in 3..<9 {
        _ = tokens.issue(for: "CA\(number)", at: start + .milliseconds(number))
    }
    #expect(!tokens.redeem(other, for: "CA2", at: start), "the oldest went")
}

@Test(
    arguments: [
        (CarrierRetry.Outcome.answered(status: 429, retryAfter: nil), 1, false, 100),
        (.answered(status: 429, retryAfter: nil), 4, false, 800),
        (.answered(status: 429, retryAfter: nil), 5, false, nil),
        (.answered(status: 429, retryAfter: .seconds(3)), 1, false, 3_100),
        (.answered(status: 429, retryAfter: .seconds(31)), 1, false, nil),
        (.answered(status: 503, retryAfter: nil), 1, true, 100),
        (.answered(status: 503, retryAfter: nil), 1, false, nil),
        (.answered(status: 400, retryAfter: nil), 1, true, nil),
        (.failed(.notSent), 2, false, 200), (.failed(.lost), 2, true, 200),
        (.failed(.lost), 1, false, nil), (.failed(.cancelled), 1, true, nil),
    ] as [(CarrierRetry.Outcome, Int, Bool, Int?)])
private func onlyWhatDidNothingIsRepeated(
    outcome: CarrierRetry.Outcome, attempt: Int, isRepeatable: Bool, delayMilliseconds: Int?
) {
    let delay = CarrierRetry().delay(
        after: outcome, attempt: attempt, isRepeatable: isRepeatable, chance: 0.5)
    #expect(delay == delayMilliseconds.map { .milliseconds($0) })
}

private func report(
    _ status: String, _ number: Int? = nil, parent: String? = nil
) throws -> CarrierReport {
    var fields: [FormFields.Field] = [.init("CallSid", callSID), .init("CallStatus", status)]
    if let number { fields.append(.init("SequenceNumber", String(number))) }
    if let parent { fields.append(.init("ParentCallSid", parent)) }
    return try #require(CarrierReport(status: FormFields(fields)))
}

@Test func reportsAreTakenOnceAndInOrder() throws {
    let told: [(CarrierReport, Bool)] = [
        (try report("initiated", 0), true),
        (try report("initiated", 0), false),  // repeated
        (try report("in-progress", 2), true),
        (try report("ringing", 1), false),  // overtaken
        (try report("no-answer", nil, parent: callSID), true),  // another leg
        (try report("completed", 3), true),
        (try report("failed", 4), false),  // over is over
        (try report("completed", 3), false),
    ]
    var progress = CarrierProgress()
    for (report, isNews) in told {
        let taken = progress.take(report)
        #expect(taken == isNews, "\(report.status)")
    }
}

@Test func callsKeepTheirPace() {
    var pace = CallPace(callsPerSecond: 2, longestWait: .seconds(1))
    let waits = [10, 10, 10, 10, 11, 20].map { pace.take(at: .seconds($0)) }
    #expect(
        waits == [.zero, .milliseconds(500), .seconds(1), nil, .milliseconds(500), .zero])
}

/// 2026-03-09T12:00:00Z.
private let noon = Date(timeIntervalSince1970: 1_773_057_600)

/// A carrier that answers as scripted.
private final class ScriptedCarrier: CarrierTransport, Sendable {
    private let script: Mutex<[Result<CarrierResponse, CarrierTransportError>]>
    let asked = Mutex<[String]>([])
    let slept = Mutex<[Duration]>([])

    init(_ script: [Result<CarrierResponse, CarrierTransportError>]) {
        self.script = Mutex(script)
    }

    func send(_ request: CarrierRequest) async throws(CarrierTransportError) -> CarrierResponse {
        asked.withLock { $0.append(request.method) }
        let next = script.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let next else { throw .notSent }
        return try next.get()
    }

    func client() -> TwilioClient {
        TwilioClient(
            .init(accountSID: "AC1", authToken: "t"), transport: self,
            now: { noon },
            sleep: { duration in self.slept.withLock { $0.append(duration) } })
    }
}

private func answered(
    _ status: Int, _ body: String = #"{"sid":"CA9","status":"queued"}"#
) -> Result<CarrierResponse, CarrierTransportError> {
    .success(CarrierResponse(status: status, body: Array(body.utf8)))
}

private func anyCall() throws -> OutboundCall {
    OutboundCall(
        to: try #require(PhoneNumber("+447700900123")),
        from: try #require(PhoneNumber("+15005550006")), course: .url(base))
}

@Test func aCreationIsRepeatedOnlyWhileNothingWasDone() async throws {
    let carrier = ScriptedCarrier([.failure(.notSent), answered(429, "{}"), answered(201)])
    let call = try await carrier.client().create(try anyCall())
    #expect(call.sid == "CA9")
    #expect(carrier.asked.withLock { $0 } == ["POST", "POST", "POST"])
    #expect(carrier.slept.withLock { $0 }.allSatisfy { $0 <= .milliseconds(400) })
}

/// The call may exist: it is looked for, not made again.
@Test func aCreationWithoutAnAnswerIsLookedFor() async throws {
    let list = #"{"calls":[{"sid":"CA8","status":"queued","date_created":"\#(stamp(0))"}]}"#
    let carrier = ScriptedCarrier([.failure(.lost), answered(200, list)])
    #expect(try await carrier.client().create(try anyCall()).sid == "CA8")
    #expect(carrier.asked.withLock { $0 } == ["POST", "GET"])

    let old = #"{"calls":[{"sid":"CA8","status":"completed","date_created":"\#(stamp(-60))"}]}"#
    let without = ScriptedCarrier([answered(503, ""), answered(200, old)])
    await #expect(throws: CarrierError.outcomeUnknown) {
        try await without.client().create(try anyCall())
    }
    #expect(without.asked.withLock { $0 } == ["POST", "GET"])
}

@Test(arguments: [
    (401, 20_003, CarrierError.credentialsRefused), (404, 20_404, .callOver),
    (400, 21_220, .callOver), (400, 21_205, .refused(code: 21_205)),
])
func refusalsHaveTheirReasons(status: Int, code: Int, expected: CarrierError) async throws {
    let text = #"{"code":\#(code),"message":"about +34600111222","status":\#(status)}"#
    let carrier = ScriptedCarrier([answered(status, text)])
    await #expect(throws: expected) { try await carrier.client().fetch("CA9") }
    #expect(!expected.description.contains("+34"))
}

@Test func hangingUpACallThatIsOverIsFine() async throws {
    let carrier = ScriptedCarrier([answered(400, #"{"code":21220}"#)])
    try await carrier.client().hangUp("CA9")
}

/// RFC 2822, as Twilio writes times.
private func stamp(_ seconds: Double) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss Z"
    return formatter.string(from: noon.addingTimeInterval(seconds))
}
