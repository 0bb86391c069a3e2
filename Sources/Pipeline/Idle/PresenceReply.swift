internal import Foundation

/// The answers to "Are you still there?" that say that and nothing more.
///
/// To the model they would be an answer to its own last question: "yes" would book.
struct PresenceReply: Sendable {
    private static let english: Set<String> = [
        "yes", "yeah", "yep", "yes yes", "here", "i'm here", "i am here", "yes i'm here",
        "yes i am here", "yeah i'm here", "still here", "i'm still here", "yes i'm still here",
        "yes still here", "hello", "hello hello", "yes hello", "hi", "i am", "yes i am",
        "sorry i'm here", "yes sorry", "go ahead",
    ]
    private static let spanish: Set<String> = [
        "si", "si si", "aqui", "aqui estoy", "si aqui estoy", "estoy aqui", "si estoy aqui",
        "aqui sigo", "sigo aqui", "si aqui sigo", "si sigo aqui", "aca estoy", "si aca estoy",
        "aca sigo", "sigo aca", "si sigo aca", "hola", "si hola", "bueno", "si bueno", "alo",
        "si alo", "diga", "digame", "si digame", "si diga", "le escucho", "si le escucho",
        "lo escucho", "si lo escucho", "la escucho", "si la escucho", "te escucho", "presente",
        "si perdon", "perdon aqui estoy",
    ]

    private let replies: Set<String>

    init(language: Language) {
        replies =
            switch language {
            case .english: Self.english
            case .spanish: Self.spanish
            }
    }

    func matches(_ text: String) -> Bool {
        let words = text.replacing("\u{2019}", with: "'")
            .folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
            .split { !$0.isLetter && !$0.isNumber && $0 != "'" }
        return replies.contains(words.joined(separator: " "))
    }
}
