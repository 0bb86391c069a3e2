internal import Configuration

/// Reads settings as the types they are meant to have, with errors that name them.
struct SettingReader {
    private let config: ConfigReader

    init(_ config: ConfigReader) { self.config = config }

    func text(_ name: String) -> String? {
        let key = ConfigKey(name)
        return config.string(forKey: key) ?? config.int(forKey: key).map(String.init)
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .value(
                name, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(ConfigurationError) -> Choice? where Choice.RawValue == String {
        guard let text = text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .value(name, text, "one of \(names)")
        }
        return choice
    }

    func duration(_ name: String) throws(ConfigurationError) -> Duration? {
        guard let text = text(name) else { return nil }
        guard let duration = Duration(setting: text) else {
            throw .value(name, text, "a time such as 500ms, 3s or 2m")
        }
        return duration
    }
}

extension Duration {
    /// Reads `500ms`, `3s`, `1.5s` or `2m`; `nil` for anything else, negative times included.
    init?(setting text: String) {
        let units: [(suffix: String, milliseconds: Double)] = [
            ("ms", 1), ("s", 1_000), ("m", 60_000),
        ]
        for unit in units where text.hasSuffix(unit.suffix) {
            guard let value = Double(text.dropLast(unit.suffix.count)),
                value >= 0, value <= 86_400_000
            else { return nil }
            self = .milliseconds(value * unit.milliseconds)
            return
        }
        return nil
    }
}
