internal import Foundation

/// The little words that say "I am listening" and not "stop".
package struct Backchannel: Sendable {
    private static let english: Set<String> = [
        "aha", "ah", "hm", "hmm", "huh", "mhm", "mm", "mm-hm", "ok", "okay", "oh", "right", "sure",
        "uh-huh", "uh", "um", "yeah", "yep", "yes", "i see",
    ]
    private static let spanish: Set<String> = [
        "aja", "ah", "aha", "ya", "claro", "eh", "este", "hm", "mhm", "mm", "ok", "okey", "oh",
        "si", "vale", "bueno", "ya veo", "entiendo", "de acuerdo",
    ]

    private let words: Set<String>

    package init(language: Language) {
        words =
            switch language {
            case .english: Self.english
            case .spanish: Self.spanish
            }
    }

    /// Whether `text` holds nothing but backchannel words, however often repeated.
    package func matches(_ text: String) -> Bool {
        let plain = text.folding(
            options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
        let phrase = plain.split { !$0.isLetter && $0 != "-" }.map(String.init)
        guard !phrase.isEmpty else { return false }
        return words.contains(phrase.joined(separator: " ")) || phrase.allSatisfy(words.contains)
    }
}
