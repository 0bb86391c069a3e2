import Insight
import Testing

@Suite struct IntentClassifierTests {
    /// The promised figure: more than 85 of 100 intents right.
    @Test(arguments: SpokenLanguage.allCases)
    func heldOutUtterances(language: SpokenLanguage) {
        let (right, wrong) = score(LabelledUtterances(language).heldOut, language)
        let share = Double(right) / Double(right + wrong.count)
        #expect(share >= 0.85, "\(right) of \(right + wrong.count) right")
    }

    @Test(arguments: SpokenLanguage.allCases)
    func developmentUtterances(language: SpokenLanguage) {
        let (right, wrong) = score(LabelledUtterances(language).development, language)
        let share = Double(right) / Double(right + wrong.count)
        #expect(share >= 0.95, "wrong: \(wrong.joined(separator: "; "))")
    }

    @Test func theSetIsLargeAndCoversEveryIntent() {
        let known = Set(Intent.allCases.map(\.rawValue)).subtracting(["desconocido"])
        for language in SpokenLanguage.allCases {
            let set = LabelledUtterances(language)
            let all = set.development + set.heldOut
            #expect(all.count >= 120)
            #expect(Set(all.map(\.intent)) == known)
        }
    }

    @Test(arguments: [
        ("", SpokenLanguage.english), ("purple monkeys", .english), ("the the the", .english),
        ("", .spanish), ("el gato azul", .spanish), ("¿¡…!?", .spanish),
    ])
    func nothingIsUnderstood(text: String, language: SpokenLanguage) {
        let meaning = Interpreter(language: language, services: Workshop.services(language))
            .understand(text, expecting: .anything)
        #expect(!meaning.isUnderstood)
    }

    private func score(
        _ utterances: [LabelledUtterances.Utterance], _ language: SpokenLanguage
    ) -> (right: Int, wrong: [String]) {
        let interpreter = Interpreter(language: language, services: Workshop.services(language))
        var right = 0
        var wrong: [String] = []
        for utterance in utterances {
            let intent = interpreter.understand(utterance.text, expecting: .anything).intent
            if intent.rawValue == utterance.intent {
                right += 1
            } else {
                wrong.append("\(utterance.text) → \(intent.rawValue)")
            }
        }
        return (right, wrong)
    }
}
