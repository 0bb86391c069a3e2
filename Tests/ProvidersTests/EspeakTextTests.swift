import Testing

@testable import Providers

struct EspeakTextTests {
    /// What espeak-ng is given for a text, without the line feed that ends it.
    @Test(arguments: [
        ("Hola, ¿qué tal?", "Hola, ¿qué tal?"),
        ("-v en --help", "-v en --help"),
        ("Dijo \"hola\" y 'adiós'; $(id) `id`", "Dijo \"hola\" y 'adiós'; $(id)  id "),
        ("<speak>Hola <break time=\"9s\"/>Ana</speak>", " Hola  Ana "),
        ("3 < 5 y 7 > 2", "3 < 5 y 7 > 2"),
        ("a <b", "a <b"),
        ("[[h@l'oU]]", "  h@l'oU  "),
        ("aceite\nfrenos.\nfiltros", "aceite, frenos. filtros"),
        ("uno\u{1}50P\u{0}dos\u{7F}", "uno 50P dos "),
        ("Genial 😊👍🏽!", "Genial    !"),
        ("**Ojo**: _hoy_ no", "  Ojo  :  hoy  no"),
    ])
    func safeText(text: String, expected: String) {
        #expect(EspeakText.octets(of: text) == Array((expected + "\n").utf8))
    }

    @Test(arguments: ["", " ", "\n", "...", "😊", "<br/>", "¿?", "\u{1}\u{2}", "***"])
    func nothingToSay(text: String) {
        #expect(EspeakText.octets(of: text) == nil)
    }
}
