extension Duration {
    /// Reads `500ms`, `3s`, `1.5s`, `2m` or `24h`; `nil` for anything else, negative times included.
    package init?(setting text: String) {
        let units: [(suffix: String, milliseconds: Double)] = [
            ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000),
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
