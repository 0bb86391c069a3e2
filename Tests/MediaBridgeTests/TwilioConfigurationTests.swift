import ControlAPI
import Testing

@testable import MediaBridge

@Test func twilioIsReadFromItsOwnNames() async throws {
    let configuration = try await GatewayUnderTest.configuration(
        ["publicURL": "https://bridge.example.com/"], "",
        [
            "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
            "TWILIO_AUTH_TOKEN": "very-secret", "TWILIO_PHONE_NUMBER": "+1 500 555 0006",
            "MOBILE_NUMBER": "+447700900123",
        ])
    let settings = configuration.twilio.settings(language: "en")
    #expect(settings.checksRequests)
    #expect(settings.afterStream == .dial)
    #expect(settings.phoneNumber?.text == "+15005550006")
    #expect(settings.mobileNumber?.text == "+447700900123")
    #expect(settings.publicURL == "https://bridge.example.com")
    #expect(configuration.twilio.account?.authToken == "very-secret")
    #expect(!"\(configuration)".contains("very-secret"))
}

@Test func withoutATokenNothingIsChecked() async throws {
    let configuration = try await GatewayUnderTest.configuration()
    let settings = configuration.twilio.settings(language: "en")
    #expect(!settings.checksRequests)
    #expect(settings.afterStream == .ask)
    #expect(configuration.twilio.account == nil)
}

@Test func checksCanBeSwitchedOff() async throws {
    let configuration = try await GatewayUnderTest.configuration(
        [:], "twilio:\n  checks: off\n  afterStream: ask\n",
        ["TWILIO_AUTH_TOKEN": "t", "TWILIO_ACCOUNT_SID": "AC1"])
    let settings = configuration.twilio.settings(language: "en")
    #expect(!settings.checksRequests)
    #expect(settings.afterStream == .ask)
}

/// A wrong setting is named; what it holds is a person's or a secret.
@Test(arguments: [
    ("MOBILE_NUMBER", "600111222"), ("TWILIO_PHONE_NUMBER", "+34x600111222"),
    ("TWILIO_ACCOUNT_SID", "600111222/../x"),
])
func wrongTwilioSettingsAreNamedOnly(name: String, value: String) async throws {
    let error = await #expect(throws: ConfigurationError.self) {
        try await GatewayUnderTest.configuration([:], "", [name: value])
    }
    let text = try #require(error?.description)
    #expect(text.contains(name))
    #expect(!text.contains("600111222"))
}

@Test func theTokenDoesNotStandInAFile() async {
    await #expect(throws: ConfigurationError.self) {
        try await GatewayUnderTest.configuration([:], "twilio:\n  authToken: secret\n")
    }
}

@Test(arguments: ["bridge.example.com", "ftp://x", "https://", "https://x/?a=1"])
func addressesHaveAHost(value: String) async {
    await #expect(throws: ConfigurationError.self) {
        try await GatewayUnderTest.configuration(["publicURL": value])
    }
}
