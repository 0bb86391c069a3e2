/// What the agent says of its own accord, without asking the model.
struct OwnPhrases: Sendable {
    let stillThere: String
    let callerSilent: String
    let goAhead: String
    let toHuman: String
    let sorry: String

    /// The call's own wording where it has one, else the language's (Spanish as in Latin America,
    /// with "usted").
    init(_ settings: ConversationSettings) {
        func text(_ own: String, english: String, spanish: String) -> String {
            if !own.isEmpty { return own }
            return switch settings.language {
            case .english: english
            case .spanish: spanish
            }
        }
        stillThere = text(
            settings.idle.question, english: "Are you still there?", spanish: "¿Sigue ahí?")
        callerSilent = text(
            settings.idle.farewell, english: "I can't hear you. Goodbye.",
            spanish: "Parece que no me escucha. Hasta luego.")
        sorry = text(
            "", english: "Sorry, the connection failed for a moment. Please say that again.",
            spanish: "Disculpe, la conexión falló un momento. ¿Me lo repite, por favor?")
        goAhead = text("", english: "Go ahead, please.", spanish: "Dígame, por favor.")
        toHuman = text(
            settings.keypad.transferPhrase, english: "I'll put you through to a person.",
            spanish: "Le paso con una persona.")
    }

    /// Whether `text` is what is said to a silent caller, or what they heard of it.
    func areOwn(_ text: String) -> Bool {
        stillThere.hasPrefix(text) || callerSilent.hasPrefix(text) || goAhead.hasPrefix(text)
    }
}
