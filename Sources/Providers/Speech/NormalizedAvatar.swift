package import Insight
package import Pipeline

/// Has text made ready for speech before a face speaks it, as `NormalizedSynthesizer` has for a
/// voice: both say the same words.
package struct NormalizedAvatar: AvatarProvider {
    private let face: any AvatarProvider
    private let country: SpokenCountry?

    /// - Parameters:
    ///   - face: who speaks.
    ///   - country: decides what "$" is and how dates go; `nil`: the language's usual one.
    package init(_ face: any AvatarProvider, country: SpokenCountry? = nil) {
        self.face = face
        self.country = country
    }

    package func open(
        _ language: Language, deliver: @escaping @Sendable (AvatarNotice) -> Void
    ) -> any AvatarLine {
        let spoken: SpokenLanguage =
            switch language {
            case .english: .english
            case .spanish: .spanish
            }
        return NormalizedLine(
            line: face.open(language, deliver: deliver),
            text: SpokenText(language: spoken, country: country), deliver: deliver)
    }
}

private struct NormalizedLine: AvatarLine {
    let line: any AvatarLine
    let text: SpokenText
    let deliver: @Sendable (AvatarNotice) -> Void

    func say(_ written: String, as sentence: Int) {
        let reading = text.reading(written)
        // A line of dashes takes no time.
        guard !reading.words.isEmpty else {
            return deliver(.spoke(sentence: sentence, duration: .zero))
        }
        line.say(reading.text, as: sentence)
    }

    func interrupt() { line.interrupt() }
    func close() { line.close() }
}
