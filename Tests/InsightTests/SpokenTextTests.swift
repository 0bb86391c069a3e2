import Insight
import Testing

@Suite struct SpokenTextTests {
    @Test(arguments: SpokenTextSpanishTables.groups.flatMap { $0 })
    func spanish(written: String, spoken: String) {
        #expect(SpokenText(language: .spanish).normalized(written) == spoken)
    }

    @Test(arguments: SpokenTextEnglishTables.groups.flatMap { $0 })
    func english(written: String, spoken: String) {
        #expect(SpokenText(language: .english).normalized(written) == spoken)
    }

    @Test(arguments: SpokenTextSpanishTables.countries + SpokenTextEnglishTables.countries)
    func country(tag: String, written: String, spoken: String) {
        let language: SpokenLanguage = tag.hasPrefix("es") ? .spanish : .english
        let text = SpokenText(language: language, country: SpokenCountry(tag: tag))
        #expect(text.normalized(written) == spoken)
    }

    /// What is ready to be said is not changed again.
    @Test func sayingTwiceChangesNothing() {
        let spanish = SpokenText(language: .spanish)
        for (written, spoken) in SpokenTextSpanishTables.groups.flatMap({ $0 }) {
            #expect(spanish.normalized(spoken) == spoken, "\(written)")
        }
        let english = SpokenText(language: .english)
        for (written, spoken) in SpokenTextEnglishTables.groups.flatMap({ $0 }) {
            #expect(english.normalized(spoken) == spoken, "\(written)")
        }
    }

    @Test(arguments: [
        "Claro, con gusto le agendo la cita.", "¿Le queda bien mañana por la mañana?",
        "«Sí», dijo la señora; \"no\".", "Bien-intencionado y teórico-práctico", "¡Ñandú!",
        "La dirección es correcta... gracias", "",
    ])
    func plainSpanishStays(text: String) {
        #expect(SpokenText(language: .spanish).normalized(text) == text)
    }

    @Test(arguments: [
        "Sure, I'll book that for you.", "It's a well-known, state-of-the-art garage.",
        "\"Yes,\" she said; don't worry!", "Let's meet at half past ten, okay?", "A café…",
    ])
    func plainEnglishStays(text: String) {
        #expect(SpokenText(language: .english).normalized(text) == text)
    }

    @Test(arguments: ["", " ", "\n\n", "***", "😊", "---", "\u{0}\u{7}", "<br/>", "``"])
    func nothingToSay(text: String) {
        for language in SpokenLanguage.allCases {
            #expect(SpokenText(language: language).normalized(text).isEmpty)
        }
    }
}
