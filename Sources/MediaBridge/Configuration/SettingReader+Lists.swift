internal import Configuration
internal import Foundation

/// Settings that are more than a word: chains, and secrets.
extension SettingReader {
    /// Names between commas, or a YAML list.
    func list(_ name: String) -> [String]? {
        let items =
            text(name).map { $0.split(separator: ",").map(String.init) } ?? texts(name)
        return items?.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { !$0.isEmpty }
    }

    /// A chain of engines, the most wanted first; one is a chain as well.
    func chain<Choice: RawRepresentable & CaseIterable & Equatable>(
        _ name: String
    ) throws(ConfigurationError) -> [Choice]? where Choice.RawValue == String {
        guard let names = list(name) else { return nil }
        var chain: [Choice] = []
        for item in names {
            guard let choice = Choice(rawValue: item), !chain.contains(choice) else {
                let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                throw .value(name, item, "each of \(known) at most once, between commas")
            }
            chain.append(choice)
        }
        guard !chain.isEmpty else { throw .value(name, "", "at least one name") }
        return chain
    }

    /// A secret from the environment, or from the file that the environment names.
    ///
    /// - Parameters:
    ///   - variable: its name without our prefix.
    ///   - setting: its name in a configuration file, where it must not stand.
    /// - Returns: `nil` when there is none.
    /// - Throws: `ConfigurationError` that names the variable, and never its value.
    func secret(
        _ variable: String, setting: String
    ) throws(ConfigurationError) -> Secret? {
        for name in ["MEDIABRIDGE_\(variable)", variable] {
            if let value = environment[name], !value.isEmpty { return try secret(value, name) }
            guard let path = environment["\(name)_FILE"], !path.isEmpty else { continue }
            guard let value = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw .value("\(name)_FILE", path, "a file that can be read")
            }
            return try secret(value, "\(name)_FILE")
        }
        guard text(setting) == nil else {
            throw .value(
                setting, "<secret>", "no value here: keys come from \(variable) or \(variable)_FILE"
            )
        }
        return nil
    }

    /// A key goes into a header, where a line break would begin another one.
    private func secret(
        _ value: String, _ name: String
    ) throws(ConfigurationError) -> Secret {
        let trimmed = value.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !trimmed.isEmpty, trimmed.allSatisfy({ $0.isASCII && $0 > " " && $0 != "\u{7F}" })
        else { throw .value(name, "<secret>", "a key without white space, in ASCII") }
        return Secret(value: trimmed)
    }
}
