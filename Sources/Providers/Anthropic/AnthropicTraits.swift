/// What a Claude model takes and needs for an early first word (Claude API, November 2026).
///
/// A model this does not know is sent nothing it could refuse; `ModelConfiguration.extra` sets
/// what it takes.
struct AnthropicTraits: Equatable {
    let takesTemperature: Bool
    /// Fields of the request body.
    let fastest: [String: JSONValue]

    /// - Parameter model: its name, with or without a date or a vendor in front.
    init(model: String) {
        let version = Self.version(of: model)
        switch version {
        case "3", "haiku-4-5", "sonnet-4", "sonnet-4-5", "sonnet-4-6", "opus-4", "opus-4-1",
            "opus-4-5", "opus-4-6":
            takesTemperature = true
            fastest = [:]
        case "opus-4-7", "opus-4-8", "sonnet-5", "opus-5", "haiku-5-5":
            takesTemperature = false
            fastest = ["thinking": ["type": "disabled"]]
        case "sonnet-5-5":
            takesTemperature = false
            fastest = ["thinking": ["type": "between_tools"], "output_config": ["effort": "low"]]
        case "opus-5-5", "fable-5", "fable-5-1":
            takesTemperature = false
            fastest = ["output_config": ["effort": "low"]]
        default:  // whatever comes after these
            takesTemperature = false
            fastest = [:]
        }
    }

    /// Family and version: "claude-haiku-4-5-20251001" is "haiku-4-5".
    private static func version(of model: String) -> String {
        let name = model.split(separator: "/").last ?? ""
        let parts = name.split { $0 == "-" || $0 == "." || $0 == "@" }
        guard let start = parts.firstIndex(of: "claude") else { return "" }
        let rest = parts[(start + 1)...]
        // A date has eight digits, a version one or two.
        let named = rest.prefix { $0.count <= 2 || $0.first?.isLetter == true }
        return named.first == "3" ? "3" : named.joined(separator: "-")
    }
}
