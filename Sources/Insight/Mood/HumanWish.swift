/// Whether a caller asks outright for a human.
///
/// Stricter than the intent of that name, which only has to beat the other intents: "a table for
/// one person" and "the machine does not work" are no such wishes.
struct HumanWish: Sendable {
    /// Phrases of the intent that say it by themselves weigh this much or more.
    private static let sureness = 0.9

    private let intents: IntentClassifier
    private let phrases: Phrases

    init(language: SpokenLanguage) {
        intents = IntentClassifier(language: language)
        phrases =
            switch language {
            case .english: Self.english
            case .spanish: Self.spanish
            }
    }

    /// - Returns: how sure it is, 0–1; `nil` when nobody asks for a human.
    func sureness(of words: [NormalizedText.Word]) -> Double? {
        let isRefused =
            phrases.refusals.contains { $0.matches(words) } && !phrases.robots.matches(words)
        guard !isRefused else { return nil }
        let sureness = intents.confidence(of: .human, in: words)
        if sureness >= Self.sureness { return sureness }
        return phrases.wishes.contains { $0.matches(words) } ? Self.sureness : nil
    }

    private struct Phrases: Sendable {
        let wishes: [WordPattern]
        /// "I do not want to talk to a person".
        let refusals: [WordPattern]
        /// "… to a robot" is a wish after all.
        let robots: WordPattern

        init(wishes: [String], refusals: [String], robots: String) {
            self.wishes = wishes.map { WordPattern($0) }
            self.refusals = refusals.map { WordPattern($0) }
            self.robots = WordPattern(robots)
        }
    }

    private static let english = Phrases(
        wishes: [
            "^ a|an|the? human|operator|agent|representative|person|receptionist please? $",
            "transfer me", "put me through", "customer service please $",
            "not ... talk*|speak* ... robot|machine|bot|computer",
        ],
        refusals: [
            "not|never ... want|need|like ... human|person|someone|somebody|agent|operator|representative|anyone|anybody|manager"
        ],
        robots: "robot|robots|machine|machines|bot|computer")

    private static let spanish = Phrases(
        wishes: [
            "^ un|una|el|la|con? un|una? humano|humana|operador|operadora|agente|persona|asesor|asesora|recepcionista|representante por? favor? $",
            "paseme|pasame|comuniqueme|comunicame|transfierame|transfiereme|ponme|pongame con",
            "no ... hablar|hablando ... robot|maquina|contestador|grabacion",
        ],
        refusals: [
            "no ... quiero|necesito|hace|quisiera ... persona|humano|humana|alguien|nadie|agente|operador|operadora|asesor|asesora|representante"
        ],
        robots: "robot|robots|maquina|maquinas|grabacion|contestador|bot")
}
