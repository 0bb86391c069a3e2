/// Turns written text into what a voice should say: numbers, money, dates and their like in words,
/// markdown and emoji gone.
///
/// Text that needs nothing comes back as it was. Any input is safe; work is linear in its length,
/// and the result has at most `growthLimit` times as many scalars (plus `growthLimit`).
package struct SpokenText: Sendable {
    /// The longest reading of one scalar; "≤" and short dates come near.
    package static let growthLimit = 32

    private let language: SpokenLanguage
    private let country: SpokenCountry

    /// Reads for `country`; `nil` is the usual one, Mexico or the United States.
    package init(language: SpokenLanguage, country: SpokenCountry? = nil) {
        self.language = language
        self.country = country ?? .usual(for: language)
    }

    package func normalized(_ text: String) -> String { spoken(text).text }

    /// The same, with each word led back to where it came from.
    package func reading(_ text: String) -> SpokenReading {
        SpokenReading(of: text, spoken: spoken(text))
    }

    private func spoken(_ text: String) -> SourcedText {
        let plain = MarkupStripper.strip(text)
        var scanner = SpeechScanner(plain, language: language, country: country)
        return scanner.spoken()
    }
}
