internal import Pipeline

/// What the gateway warns of; zero switches a rule off (docs/observability.md).
struct AlertConfiguration: Sendable {
    var isOn = true
    var rules = AlertRules.Settings()

    init() {}

    /// Reads `alerts.*`; a turn may take `latencyBudget` unless a rule says otherwise.
    ///
    /// - Throws: `ConfigurationError` that names the setting.
    init(_ reader: SettingReader, latencyBudget: Duration) throws(ConfigurationError) {
        isOn = try reader.flag("alerts.on") ?? isOn
        rules.window = try reader.duration("alerts.window") ?? rules.window
        guard rules.window >= .seconds(30) else {
            throw .value("alerts.window", "\(rules.window)", "a time of 30s and more")
        }
        rules.latency = Self.unlessZero(
            try reader.duration("alerts.latency") ?? latencyBudget)
        rules.errorShare = try Self.share("alerts.errorPercent", reader, rules.errorShare)
        rules.providerDown = Self.unlessZero(
            try reader.duration("alerts.providerDown") ?? rules.providerDown ?? .zero)
        rules.lossShare = try Self.share("alerts.lossPercent", reader, rules.lossShare)
        rules.lateShare = try Self.share("alerts.latePercent", reader, rules.lateShare)
        if let units = try reader.number("alerts.costPerDay", in: 0...1_000_000_000) {
            rules.costPerDayMicros = units == 0 ? nil : Int64(units) * 1_000_000
        }
    }

    private static func unlessZero(_ duration: Duration) -> Duration? {
        duration == .zero ? nil : duration
    }

    private static func share(
        _ name: String, _ reader: SettingReader, _ usual: Double?
    ) throws(ConfigurationError) -> Double? {
        guard let text = reader.text(name) else { return usual }
        guard let percent = Double(text), (0...100).contains(percent) else {
            throw .value(name, text, "a number from 0 to 100; 0 switches it off")
        }
        return percent == 0 ? nil : percent / 100
    }
}
