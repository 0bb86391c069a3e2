internal import Foundation

/// The little words that say "I am listening" and not "stop".
package struct Backchannel: Sendable {
    /// Sounds more than words: the same in every language, however a recogniser spells them.
    private static let sounds: Set<String> = [
        "ah", "aha", "eh", "hm", "hmm", "hm-hm", "huh", "mhm", "mm", "mmm", "mm-hm", "mm-hmm", "oh",
        "ok", "okay", "uh", "uh-huh", "um",
    ]
    private static let english: Set<String> = [
        "right", "sure", "yeah", "yep", "yes", "i see",
    ]
    private static let spanish: Set<String> = [
        "aja", "ya", "claro", "este", "okey", "si", "vale", "bueno", "ya veo", "entiendo",
        "de acuerdo",
    ]

    private let words: Set<String>

    package init(language: Language) {
        words =
            switch language {
            case .english: Self.sounds.union(Self.english)
            case .spanish: Self.sounds.union(Self.spanish)
            }
    }

    /// Whether `text` holds nothing but backchannel words, however often repeated.
    package func matches(_ text: String) -> Bool {
        let plain = text.folding(
            options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
        let phrase = plain.split { !$0.isLetter && $0 != "-" }.filter { $0 != "-" }.map(String.init)
        guard !phrase.isEmpty else { return false }
        return words.contains(phrase.joined(separator: " ")) || phrase.allSatisfy(words.contains)
    }
}
