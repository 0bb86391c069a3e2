internal import ControlAPI
internal import Foundation

/// How the gateway works with those who run calls elsewhere: Vapi and ElevenLabs.
struct RemoteCallConfiguration: Sendable {
    var vapi = VapiSettings()
    var elevenLabs = ElevenLabsSettings()
    /// Shown by Vapi in a header.
    var webhookSecret: Secret?
    /// Vapi signs with it.
    var signingKey: Secret?
    var plan = VapiSignature.Plan()

    init() {}

    /// Reads `vapi.*` and `elevenlabs.creditPrice`.
    init(_ reader: SettingReader) throws(ConfigurationError) {
        webhookSecret = try reader.secret("VAPI_WEBHOOK_SECRET", setting: "vapi.webhookSecret")
        signingKey = try reader.secret("VAPI_HMAC_SECRET", setting: "vapi.hmacSecret")
        plan = try Self.plan(reader)
        if plan.secretIsBase64, let signingKey, Data(base64Encoded: signingKey.value) == nil {
            throw .value("VAPI_HMAC_SECRET", "<secret>", "base64, with vapi.secretIsBase64")
        }
        vapi.toolURL = try Self.url("vapi.toolURL", reader)
        vapi.toolSecret = try reader.secret("VAPI_TOOL_SECRET", setting: "vapi.toolSecret")?.value
        vapi.toolLimit = try Self.time("vapi.toolLimit", 1...60, reader) ?? vapi.toolLimit
        vapi.fallbackSentence = reader.text("vapi.fallbackSentence")
        vapi.assistantID = reader.text("vapi.assistantID")
        vapi.assistantAnswer = try Self.answer(reader)
        vapi.humanDestination = try Self.human(reader)
        vapi.callerID = reader.text("vapi.callerID")
        vapi.reportWait = try Self.time("vapi.reportWait", 1...3_600, reader) ?? vapi.reportWait
        vapi.quietLimit = try Self.time("vapi.quietLimit", 60...86_400, reader) ?? vapi.quietLimit
        vapi.allowsPrivateControl =
            try reader.flag("vapi.allowPrivateControl") ?? vapi.allowsPrivateControl
        vapi.publicKey = try reader.secret("VAPI_PUBLIC_KEY", setting: "vapi.publicKey")?.value
        vapi.apiKey = try reader.secret("VAPI_API_KEY", setting: "vapi.apiKey")?.value
        vapi.baseURL = try Self.url("vapi.baseURL", reader) ?? vapi.baseURL
        elevenLabs.webhookSecret = try reader.secret(
            "ELEVENLABS_WEBHOOK_SECRET", setting: "elevenlabs.webhookSecret")?.value
        elevenLabs.creditPrice = try Self.price("elevenlabs.creditPrice", reader)
    }

    var signature: VapiSignature {
        VapiSignature(secret: webhookSecret?.value, signingKey: signingKey?.value, plan: plan)
    }

    private static func plan(
        _ reader: SettingReader
    ) throws(ConfigurationError) -> VapiSignature.Plan {
        var plan = VapiSignature.Plan()
        plan.algorithm = try reader.choice("vapi.signatureAlgorithm") ?? plan.algorithm
        plan.encoding = try reader.choice("vapi.signatureEncoding") ?? plan.encoding
        plan.signatureHeader = reader.text("vapi.signatureHeader") ?? plan.signatureHeader
        plan.timestampHeader = reader.text("vapi.timestampHeader") ?? plan.timestampHeader
        plan.prefix = reader.text("vapi.signaturePrefix") ?? plan.prefix
        plan.payload = reader.text("vapi.signaturePayload") ?? plan.payload
        plan.secretIsBase64 = try reader.flag("vapi.secretIsBase64") ?? plan.secretIsBase64
        plan.tolerance = try time("vapi.signatureAge", 1...86_400, reader) ?? plan.tolerance
        let known = ["{body}", "{timestamp}", "{method}"].reduce(plan.payload) {
            $0.replacing($1, with: "")
        }
        guard plan.payload.contains("{body}"), !known.contains("{") else {
            throw .value(
                "vapi.signaturePayload", plan.payload,
                "text with {body}, and at will {timestamp} and {method}")
        }
        return plan
    }

    private static func human(_ reader: SettingReader) throws(ConfigurationError) -> String? {
        for (place, name) in [
            (reader.text("vapi.transferNumber"), "vapi.transferNumber"),
            (reader.text("mobileNumber"), "mobileNumber"),
            (reader.environment["MOBILE_NUMBER"], "MOBILE_NUMBER"),
        ] {
            guard let place, !place.isEmpty else { continue }
            let digits = place.dropFirst()
            let isNumber =
                place.first == "+" && (2...15).contains(digits.count)
                && digits.allSatisfy { $0.isASCII && $0.isNumber }
            // Its value is a person's: it stands in no error.
            guard isNumber || place.hasPrefix("sip:") || place.hasPrefix("sips:") else {
                throw .value(name, "<number>", "a number such as +34600123456 or sip:…")
            }
            return place
        }
        return nil
    }

    private static func answer(_ reader: SettingReader) throws(ConfigurationError) -> Data? {
        guard let path = reader.text("vapi.assistantFile") else { return nil }
        let wanted = "a file with a JSON object, the answer to assistant-request"
        guard let octets = try? Data(contentsOf: URL(fileURLWithPath: path)),
            (try? JSONSerialization.jsonObject(with: octets)) is [String: Any]
        else { throw .value("vapi.assistantFile", path, wanted) }
        return octets
    }

    private static func url(
        _ name: String, _ reader: SettingReader
    ) throws(ConfigurationError) -> String? {
        guard let text = reader.text(name) else { return nil }
        guard let url = URL(string: text), url.host() != nil,
            ["http", "https"].contains(url.scheme)
        else { throw .value(name, text, "an address such as https://host/path") }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private static func time(
        _ name: String, _ seconds: ClosedRange<Int>, _ reader: SettingReader
    ) throws(ConfigurationError) -> Duration? {
        guard let time = try reader.duration(name) else { return nil }
        guard time >= .seconds(seconds.lowerBound), time <= .seconds(seconds.upperBound) else {
            throw .value(
                name, "\(time)", "a time from \(seconds.lowerBound)s to \(seconds.upperBound)s")
        }
        return time
    }

    private static func price(
        _ name: String, _ reader: SettingReader
    ) throws(ConfigurationError) -> Double? {
        guard let text = reader.text(name) else { return nil }
        guard let price = Double(text), (0..<1_000).contains(price) else {
            throw .value(name, text, "US dollars of one credit, such as 0.0001")
        }
        return price
    }
}
