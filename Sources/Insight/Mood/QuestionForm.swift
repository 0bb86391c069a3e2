/// Whether words are a question, also where a recogniser writes no question mark.
struct QuestionForm: Sendable {
    let language: SpokenLanguage

    /// Whether `text`, whose words are `words`, asks something.
    func matches(_ text: String, _ words: [NormalizedText.Word]) -> Bool {
        if text.contains("?") || text.contains("¿") { return true }
        let isOpener: (NormalizedText.Word) -> Bool = { Self.openers.contains($0.folded) }
        let start = words.prefix { isOpener($0) }.count
        guard start < words.count else { return false }
        // A written accent tells "qué" from "que".
        if language == .spanish, Self.accented.contains(words[start].display.lowercased()) {
            return true
        }
        let rest = Array(words[start...])
        return Self.forms(of: language).contains { $0.matches(rest, at: 0) }
    }

    /// What may stand before a question.
    private static let openers: Set<String> = [
        "y", "pero", "perdon", "perdone", "disculpe", "oiga", "oye", "hola", "buenas", "buenos",
        "dias", "tardes", "bueno", "entonces", "eh", "ah", "pues", "ok", "vale", "and", "so", "but",
        "well", "um", "uh", "sorry", "hi", "hello", "hey", "okay", "please", "excuse", "me", "also",
    ]

    private static let accented: Set<String> = [
        "qué", "cómo", "cuándo", "cuánto", "cuánta", "cuántos", "cuántas", "dónde", "cuál",
        "cuáles", "quién", "quiénes", "adónde",
    ]

    private static func forms(of language: SpokenLanguage) -> [WordPattern] {
        switch language {
        case .english: english
        case .spanish: spanish
        }
    }

    private static let spanish = [
        "cuanto|cuanta|cuantos|cuantas|donde|adonde|cual|cuales|quien|quienes",
        "a que hora|hora|precio|se", "por que",
        "que hora|horas|dia|dias|precio|precios|tipo|servicios|horario|horarios|significa|hago|pasa|necesito|tengo|es|son|incluye|quiere",
        "como es|son|puedo|hago|funciona|llego|se|esta|estan|pago",
        "cuando abren|cierran|puede|pueden|es|tienen|estara|llega|viene|esta|seria",
        "hasta|desde que|cuando", "puede|puedes|pueden|puedo|podria|podrias|podrian|podemos",
        "tiene|tienen|tienes|hay|sabe|sabes|saben", "me puede|puedes|pueden|podria|podrias",
        "quiero|quisiera|necesito|gustaria ... saber", "me gustaria saber",
        "digame|dime ... si|que|cuando|cuanto|como|donde",
    ].map { WordPattern($0) }

    private static let english = [
        "what is|are|was|were|do|does|did|can|could|will|would|should|time|day|date|about|kind|if|else|happens|happened",
        "when|where|how|why is|are|was|were|do|does|did|can|could|will|would|should|am|have|has",
        "how much|many|long|far|often|come|about|soon", "which|who|whose", "why not",
        "is|are|was|were|do|does|did|can|could|will|would|should|may|have|has|am i|you|it|he|she|we|they|there|this|that|the|my|your|any|anyone|anybody|somebody|someone",
        "i want|need|would|like ... to know", "tell me what|when|where|how|why|if|whether",
    ].map { WordPattern($0) }
}
