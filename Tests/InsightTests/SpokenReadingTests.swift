import Insight
import Testing

@Suite struct SpokenReadingTests {
    /// How many words were heard, and what of the original that is.
    @Test(arguments: [
        ("Son $21 hoy", 0, ""),
        ("Son $21 hoy", 1, "Son"),
        // "veintiún" alone is no amount.
        ("Son $21 hoy", 2, "Son"),
        ("Son $21 hoy", 3, "Son $21"),
        ("Son $21 hoy", 4, "Son $21 hoy"),
        ("Son $21 hoy", 99, "Son $21 hoy"),
        ("Son $21 hoy", -1, ""),
        ("**Hola** Ana", 1, "**Hola**"),
        ("Vea [la página](https://a.com) ya", 2, "Vea [la"),
        ("El 3 de mayo abre", 3, "El"),
        ("El 3 de mayo abre", 4, "El 3 de mayo"),
        ("¡Sí! 👍 Claro", 1, "¡Sí!"),
    ])
    func heardInSpanish(text: String, count: Int, heard: String) {
        let reading = SpokenText(language: .spanish).reading(text)
        #expect(reading.original(heardWords: count) == heard)
    }

    @Test func wordsNameTheirSource() {
        let text = "Paga $5 hoy"
        let words = SpokenText(language: .spanish).reading(text).words
        #expect(words.map(\.text) == ["Paga", "cinco", "pesos", "hoy"])
        #expect(words.map { text[$0.source] } == ["Paga", "$5", "$5", "hoy"])
    }

    /// Where each word of the original begins among the spoken ones.
    @Test(arguments: [
        // son las dos y media de la tarde gracias
        ("Son las 2:30 pm, gracias", [0, 1, 2, 8, 8]),
        ("😊 Hola **Ana**", [0, 0, 1]),
        ("Paga $21 hoy 👍", [0, 1, 3, 4]),
        ("- Aceite\n- Frenos", [0, 0, 1, 1]),
        ("", []),
    ])
    func originalWordsBegin(text: String, expected: [Int]) {
        let words = SpokenText(language: .spanish).reading(text).originalWords
        #expect(words.map(\.firstSpokenWord) == expected)
        #expect(words.map { String($0.text) } == text.split { $0.isWhitespace }.map(String.init))
    }

    /// Words come from the original in its order, and more words heard never tell less.
    @Test(arguments: UInt64(1)...60)
    func sourcesNeverGoBack(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for language in SpokenLanguage.allCases {
            let text = RandomText.lively(&random, pieces: 30)
            let reading = SpokenText(language: language).reading(text)
            var previous = text.startIndex
            for word in reading.words {
                #expect(word.source.lowerBound >= previous, "\(text.debugDescription)")
                previous = word.source.lowerBound
            }
            var heard = text.startIndex
            for count in 0...reading.words.count {
                let part = reading.original(heardWords: count)
                #expect(part.endIndex >= heard, "\(text.debugDescription)")
                heard = part.endIndex
            }
            #expect(heard == text.endIndex)
        }
    }
}
