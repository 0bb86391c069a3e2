internal import Configuration
internal import Pipeline

/// Reads settings as the types they are meant to have, with errors that name them.
struct SettingReader {
    private let config: ConfigReader

    /// With the names that have not our prefix.
    let environment: [String: String]

    init(_ config: ConfigReader, environment: [String: String]) {
        self.config = config
        self.environment = environment
    }

    func texts(_ name: String) -> [String]? { config.stringArray(forKey: ConfigKey(name)) }

    func text(_ name: String) -> String? {
        let key = ConfigKey(name)
        return config.string(forKey: key) ?? config.int(forKey: key).map(String.init)
            ?? config.double(forKey: key).map { "\($0)" }
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .value(
                name, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func flag(_ name: String) throws(ConfigurationError) -> Bool? {
        if let flag = config.bool(forKey: ConfigKey(name)) { return flag }
        guard let text = text(name) else { return nil }
        // Quoted in a file.
        guard let flag = Bool(text) else { throw .value(name, text, "true or false") }
        return flag
    }

    /// A key of a telephone, or `none` as an empty text.
    func key(_ name: String) throws(ConfigurationError) -> String? {
        guard let text = text(name) else { return nil }
        if text == "none" { return "" }
        guard text.count == 1, text.allSatisfy("0123456789*#ABCD".contains) else {
            throw .value(name, text, "one key, such as # or *, or none")
        }
        return text
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
