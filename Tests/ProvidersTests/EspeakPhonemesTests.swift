import Testing

@testable import Providers

@Suite struct EspeakPhonemesTests {
    @Test(arguments: [
        ("Hello, how are you? Fine.", ["Hello,", "how are you?", "Fine."]),
        ("¿Qué tal? Son 3.5 euros a las 10:30", ["Qué tal?", "Son 3.5 euros a las 10:30."]),
        ("Uno; dos: tres…", ["Uno;", "dos:", "tres."]), ("?!", []), ("", []),
        ("línea uno\nlínea dos", ["línea uno.", "línea dos."]),
    ])
    func aTextIsCutAtItsMarks(text: String, expected: [String]) {
        #expect(SpokenClause.clauses(of: text).map { $0.text + $0.mark } == expected)
    }

    @Test func sentencesKeepTheirMarks() {
        let clauses = SpokenClause.clauses(of: "Hello, how are you? Fine.")
        #expect(
            EspeakPhonemes.sentences(of: clauses, pronounced: ["hɛ", "haʊ", "faɪn"])
                == ["hɛ, haʊ?", "faɪn."])
    }

    /// espeak-ng has made two lines of one clause.
    @Test func linesThatDoNotFitAreOneSentence() {
        let clauses = SpokenClause.clauses(of: "One two!")
        #expect(EspeakPhonemes.sentences(of: clauses, pronounced: ["wʌn", "tuː"]) == ["wʌn, tuː!"])
        #expect(EspeakPhonemes.sentences(of: clauses, pronounced: []).isEmpty)
    }
}
