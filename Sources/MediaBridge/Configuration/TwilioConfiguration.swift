internal import ControlAPI
internal import Foundation

/// Twilio's account, our place in the world, and how strict we are.
struct TwilioConfiguration: Sendable {
    /// `off` is for development: anybody may call and stream.
    enum Checks: String, CaseIterable, Sendable { case on, off }

    var accountSID: String?
    var authToken: Secret?
    var phoneNumber: PhoneNumber?
    var mobileNumber: PhoneNumber?
    var publicURL: String?
    /// Where Twilio reaches the media port's `/twilio`; `nil`: `publicURL` with `wss`.
    var streamURL: String?
    var checks = Checks.on
    /// `nil`: as the account allows.
    var afterStream: TwilioSettings.AfterStream?
    var callsPerSecond = 1
    var ringTime = Duration.seconds(20)
    /// Of the REST API; for its other regions and for tests.
    var baseURL: String?

    init() {}

    /// Reads `twilio.*`, and the names that Twilio's own tools use.
    init(_ reader: SettingReader) throws(ConfigurationError) {
        func text(_ setting: String, _ variable: String) -> String? {
            let own = reader.text(setting) ?? reader.environment[variable]
            return own.flatMap { $0.isEmpty ? nil : $0 }
        }
        accountSID = text("twilio.accountSID", "TWILIO_ACCOUNT_SID")
        authToken = try reader.secret("TWILIO_AUTH_TOKEN", setting: "twilio.authToken")
        phoneNumber = try Self.number(
            text("twilio.phoneNumber", "TWILIO_PHONE_NUMBER"), "TWILIO_PHONE_NUMBER")
        mobileNumber = try Self.number(text("mobileNumber", "MOBILE_NUMBER"), "MOBILE_NUMBER")
        publicURL = try Self.url(reader.text("publicURL"), "publicURL", ["https", "http"])
        streamURL = try Self.url(
            reader.text("twilio.streamURL"), "twilio.streamURL", ["wss", "ws"])
        checks = try reader.choice("twilio.checks") ?? checks
        if let isOn = try? reader.flag("twilio.checks") { checks = isOn ? .on : .off }
        afterStream = try reader.choice("twilio.afterStream")
        callsPerSecond = try reader.number("twilio.callsPerSecond", in: 1...100) ?? callsPerSecond
        ringTime = try reader.duration("twilio.ringTime") ?? ringTime
        baseURL = try Self.url(reader.text("twilio.baseURL"), "twilio.baseURL", ["https", "http"])
        guard ringTime >= .seconds(5), ringTime <= .seconds(600) else {
            throw .value("twilio.ringTime", "\(ringTime)", "a time from 5s to 600s")
        }
        if let accountSID, !accountSID.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
            throw .value("TWILIO_ACCOUNT_SID", "<account>", "AC and 32 hexadecimal digits")
        }
    }

    /// For the part that handles calls; `language`: ISO 639-1.
    func settings(language: String) -> TwilioSettings {
        var settings = TwilioSettings()
        settings.accountSID = accountSID
        settings.phoneNumber = phoneNumber
        settings.mobileNumber = mobileNumber
        settings.publicURL = publicURL
        settings.streamURL = streamURL
        settings.checksRequests = checks == .on && authToken != nil
        settings.afterStream = afterStream ?? (account == nil ? .ask : .dial)
        settings.language = language
        settings.ringSeconds = Int(ringTime / .seconds(1))
        return settings
    }

    /// What the REST API needs; `nil`: there is no account.
    var account: TwilioClient.Configuration? {
        guard let accountSID, let authToken else { return nil }
        var account = TwilioClient.Configuration(
            accountSID: accountSID, authToken: authToken.value)
        account.callsPerSecond = Double(callsPerSecond)
        account.baseURL = baseURL ?? account.baseURL
        return account
    }

    /// Its value is a person's: it stands in no error.
    private static func number(
        _ text: String?, _ name: String
    ) throws(ConfigurationError) -> PhoneNumber? {
        guard let text else { return nil }
        guard let number = PhoneNumber(text) else {
            throw .value(name, "<number>", "a number such as +34600123456")
        }
        return number
    }

    private static func url(
        _ text: String?, _ name: String, _ schemes: [String]
    ) throws(ConfigurationError) -> String? {
        guard let text, !text.isEmpty else { return nil }
        guard let url = URL(string: text), let scheme = url.scheme, schemes.contains(scheme),
            url.host() != nil, url.query() == nil
        else { throw .value(name, text, "an address such as \(schemes[0])://host") }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
