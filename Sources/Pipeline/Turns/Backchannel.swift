internal import Foundation

/// The little words that say "I am listening" and not "stop".
package struct Backchannel: Sendable {
    /// Sounds more than words: the same in every language, however a recogniser spells them.
    private static let sounds: Set<String> = [
        "ah", "aha", "ahh", "eh", "hm", "hmm", "hm-hm", "hmm-hmm", "huh", "mhm", "mhmm", "mm",
        "mmm", "mm-hm", "mm-hmm", "m-hm", "oh", "ooh", "ok", "okay", "okey", "uh", "uh-huh", "uhuh",
        "um", "uhum",
    ]
    private static let english: Set<String> = [
        "right", "alright", "all right", "sure", "yeah", "yea", "yah", "yep", "yup", "yes", "good",
        "great", "nice", "cool", "fine", "wow", "really", "exactly", "indeed", "true", "gotcha",
        "i see", "got it", "i know", "of course", "oh really", "makes sense", "that makes sense",
        "sounds good", "very good", "very well", "i understand", "understood", "go on",
        "fair enough", "you know", "no problem",
    ]
    /// Of Mexico ("ándale", "órale", "sale"), Spain ("vale", "venga", "ya ya") and Argentina
    /// ("dale", "listo", "bárbaro", "mirá", "claro claro").
    private static let spanish: Set<String> = [
        "aja", "ajam", "ya", "claro", "este", "si", "vale", "bueno", "bien", "exacto", "correcto",
        "cierto", "perfecto", "entiendo", "entendido", "comprendo", "sip", "simon", "andale",
        "orale", "sale", "venga", "dale", "listo", "barbaro", "joya", "genial", "mira",
        "obvio", "ay", "uy", "vaya", "guau", "ya veo", "de acuerdo", "asi es", "eso es",
        "eso", "ya entiendo", "te entiendo", "le entiendo", "muy bien", "esta bien", "de una",
        "por supuesto", "como no", "ya se", "lo entiendo", "lo se", "si claro", "claro que si",
        "no me digas", "no me diga", "que bien", "que bueno", "ah mira", "tal cual", "ni modo",
        "sigue", "siga",
    ]

    private let words: Set<String>

    package init(language: Language) {
        words =
            switch language {
            case .english: Self.sounds.union(Self.english)
            case .spanish: Self.sounds.union(Self.spanish)
            }
    }

    /// Whether `text` holds nothing but backchannel words and phrases, however often repeated.
    package func matches(_ text: String) -> Bool {
        let spoken = Self.words(of: text)
        return !spoken.isEmpty && unmatched(spoken).isEmpty && !isSentence(spoken)
    }

    /// Whether `text`, of which more may come, is the beginning of something that matches.
    package func mayBecome(_ text: String) -> Bool {
        let spoken = Self.words(of: text)
        if isSentence(spoken) { return false }
        let rest = unmatched(spoken)
        guard !rest.isEmpty else { return true }
        let beginning = rest.joined(separator: " ") + " "
        return words.contains { $0.hasPrefix(beginning) }
    }

    /// "Eso ya lo sé": each part is a backchannel, but nobody strings so many different words.
    private func isSentence(_ spoken: [String]) -> Bool {
        Set(spoken).count > Self.longestPhrase
    }

    private static func words(of text: String) -> [String] {
        text.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
            .split { !$0.isLetter && !$0.isNumber && $0 != "-" }
            .filter { $0 != "-" }.map(String.init)
    }

    /// What is left once backchannel words and phrases, the longest first, are taken off.
    private func unmatched(_ spoken: [String]) -> ArraySlice<String> {
        var rest = spoken[...]
        while !rest.isEmpty {
            let length = (1...min(Self.longestPhrase, rest.count)).last {
                words.contains(rest.prefix($0).joined(separator: " "))
            }
            guard let length else { break }
            rest = rest.dropFirst(length)
        }
        return rest
    }

    /// In words.
    private static let longestPhrase = 3
}
