import Insight
import Testing

@Suite struct SlotTests {
    @Test(arguments: [
        ("I'd like an oil change", "oil", SpokenLanguage.english),
        ("check my brakes please", "brakes", .english), ("four new tires", "tyres", .english),
        ("a brake inspection", "brakes", .english), ("un cambio de llantas", "tyres", .spanish),
        ("una revisión de frenos", "brakes", .spanish), ("la revisión", "inspection", .spanish),
        ("CAMBIO DE NEUMÁTICOS", "tyres", .spanish),
    ])
    func services(text: String, expected: String, language: SpokenLanguage) {
        #expect(slots(text, language, .anything).service == expected)
    }

    @Test(arguments: [
        ("my name is maria lopez", "Maria Lopez", SpokenLanguage.english),
        ("it's for John", "John", .english), ("Maria", "Maria", .english),
        ("uh, Robert please", "Robert", .english), ("this is Anna speaking", "Anna", .english),
        ("me llamo José Luis", "José Luis", .spanish), ("a nombre de Lucía", "Lucía", .spanish),
        ("soy carmen", "Carmen", .spanish), ("pues Begoña", "Begoña", .spanish),
        ("María García, por favor", "María García", .spanish),
    ])
    func names(text: String, expected: String, language: SpokenLanguage) {
        #expect(slots(text, language, .name).name == expected)
    }

    @Test(arguments: [
        ("I don't know", SpokenLanguage.english), ("what do you mean", .english),
        ("goodbye", .english), ("repeat that", .english), ("no lo sé", .spanish),
        ("¿cómo dice?", .spanish), ("quiero hablar con una persona", .spanish),
    ])
    func noNames(text: String, language: SpokenLanguage) {
        #expect(slots(text, language, .name).name == nil)
    }

    @Test(arguments: [
        ("order number one two three four", "1234", SpokenLanguage.english),
        ("my order is 12 34", "1234", .english), ("pedido 1-2-3-4", "1234", .spanish),
        ("el pedido cero siete cinco cinco", "0755", .spanish),
    ])
    func orderNumbers(text: String, expected: String, language: SpokenLanguage) {
        let slots = slots(text, language, .anything)
        #expect(slots.orderNumber == expected)
        #expect(slots.time == nil)
    }

    @Test(arguments: [
        ("I'd like twenty three", "i would like 23", SpokenLanguage.english),
        ("two thousand twenty six", "2026", .english), ("ten thirty", "10 30", .english),
        ("What's up, Doc?", "what is up doc", .english), ("3pm", "3 pm", .english),
        ("treinta y cinco", "35", .spanish), ("diez y cinco", "10 y 5", .spanish),
        ("Una cita al mediodía", "una cita a el mediodia", .spanish),
        ("a la una", "a la 1", .spanish), ("mil doscientos", "1200", .spanish),
    ])
    func normalization(text: String, expected: String, language: SpokenLanguage) {
        #expect(NormalizedText(text, language: language).folded == expected)
    }

    /// Whatever a recogniser writes, reading it ends and traps nowhere.
    @Test(arguments: 0..<10)
    func anyTextIsRead(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let pieces = [
            "ten", "treinta", "y", "half", "past", "the", "31st", "99999999999999999999", "las",
            "de", "march", "hundred", "mil", "order", "ñ", "’", "0", "23:59", "👍", "next", "á",
        ]
        for _ in 0..<10 {
            let count = Int.random(in: 0...12, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }
                .joined(separator: Bool.random(using: &random) ? " " : "")
            for language in SpokenLanguage.allCases {
                for expectation in ExpectedAnswer.allCases {
                    _ = slots(text, language, expectation)
                }
            }
        }
    }

    private func slots(
        _ text: String, _ language: SpokenLanguage, _ expectation: ExpectedAnswer
    ) -> Slots {
        Interpreter(language: language, services: Workshop.services(language))
            .understand(text, expecting: expectation).slots
    }
}
