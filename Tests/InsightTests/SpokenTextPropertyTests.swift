import Insight
import Testing

/// Texts to throw at the reading of texts.
enum RandomText {
    /// Any scalars there are.
    static func anything(_ random: inout SeededRandom, length: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<length {
            let limit: UInt32 = [0x80, 0x250, 0x3000, 0x11_0000].randomElement(using: &random) ?? 1
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// Pieces that the rules look for, in any order.
    static func lively(_ random: inout SeededRandom, pieces: Int) -> String {
        (0..<pieces).map { _ in lively.randomElement(using: &random) ?? "" }.joined()
    }

    private static let lively = [
        " ", " ", " ", "\n", "\n\n", "$", "€", "%", "1", "21", "007", "1,250.50", "1.234,5", "/",
        "-", "–", ":", ".", ",", "+", "+52", "(", ")", "[", "](", "]", "<", ">", "*", "**", "_",
        "`",
        "#", "# ", "- ", "1. ", "|", "@", "&", "=", "a", "A", "ana", "Sr.", "St.", "EE. UU.", "pm",
        "p. m.", "mayo", "Nov", "lun", "-vie", "USD", "US$", "mdp", "M", "millones", "km/h", "°C",
        "º", "ª", "½", "https://", "www.", "ejemplo.com", "siglo", "XXI", "RFC", "IVA", "😊",
        "\u{301}",
        "é", "ñ", "\u{200D}", "\u{0}", "\\", "'", "99999999999999999999", "T", "h", "x", "2026",
        "21/11",
    ]
}

@Suite struct SpokenTextPropertyTests {
    @Test(arguments: UInt64(1)...80)
    func anyTextIsSafeAndBounded(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let texts = [
            RandomText.anything(&random, length: 200), RandomText.lively(&random, pieces: 60),
        ]
        for text in texts {
            for language in SpokenLanguage.allCases {
                for country in [SpokenCountry.mexico, .spain, .unitedKingdom] {
                    check(text, SpokenText(language: language, country: country))
                }
            }
        }
    }

    /// One short piece, over and over: nothing is looked at again and again.
    @Test(arguments: [
        "1", "1.", "1,", "1-", "1/", "a.", "a@", "[", "](", "<a", "*", "A-1", "+1", "(1", "1 ",
        "$1",
        "$", "EE.", "https://", "www.", "a-", "1h", "1:", "|", "`", "&", "é", "A", "1º", "p. ", "-",
    ])
    func repeatedPiecesAreBounded(piece: String) {
        let text = String(repeating: piece, count: 1_000)
        for language in SpokenLanguage.allCases { check(text, SpokenText(language: language)) }
    }

    private func check(_ text: String, _ spoken: SpokenText) {
        let result = spoken.normalized(text)
        let limit = (text.unicodeScalars.count + 1) * SpokenText.growthLimit
        #expect(result.unicodeScalars.count <= limit, "\(text.debugDescription)")
        // Digits, emphasis and tabs are what a voice stumbles over first.
        #expect(!result.contains { "0123456789`\n\t".contains($0) }, "\(text.debugDescription)")
        #expect(!result.contains("  "), "\(text.debugDescription)")
        #expect(spoken.reading(text).text == result)
    }
}
