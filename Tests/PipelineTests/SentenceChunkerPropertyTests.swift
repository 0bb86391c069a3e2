import Pipeline
import Testing

/// What holds for any answer, however it was cut into tokens.
struct SentenceChunkerPropertyTests {
    @Test(arguments: 0..<200 as Range<UInt64>)
    func anyTokensGiveTheSameChunks(seed: UInt64) {
        var random = Seeded(state: seed)
        let language: Language = seed.isMultiple(of: 2) ? .spanish : .english
        let text = randomAnswer(using: &random)
        var settings = SentenceChunker.Settings()
        if seed.isMultiple(of: 5) {
            settings.maximum = 30
            settings.firstMaximum = 20
            settings.firstTarget = 10
            settings.target = 25
        }

        var whole = SentenceChunker(language: language, settings: settings)
        let expected = whole.chunks(of: [text])
        var streamed = SentenceChunker(language: language, settings: settings)
        #expect(streamed.chunks(of: randomTokens(of: text, using: &random)) == expected)

        #expect(withoutSpace(expected.joined()) == withoutSpace(text))
        #expect(expected.allSatisfy { $0.unicodeScalars.count <= settings.maximum })
        #expect(expected.first.map { $0.unicodeScalars.count <= settings.firstMaximum } != false)
        #expect(expected.allSatisfy { !$0.isEmpty && $0.first?.isWhitespace == false })
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func neverSplitsInsideWhatBelongsTogether(seed: UInt64) {
        var random = Seeded(state: seed)
        let atoms = [
            "1.234,56", "1,234.56", "10.30", "10:30", "3.5.2026", "a.m.", "EE.UU.", "S.A.",
            "p. ej. eso",
            "Sr. García", "núm. 5", "n.º 45", "612 345 678", "www.taller.es/a.b?c=1.2",
            "ana.ruiz@taller.es",
        ]
        var used: [String] = []
        var text = ""
        for _ in 0..<60 {
            if Bool.random(using: &random) {
                let atom = atoms.randomElement(using: &random) ?? ""
                used.append(atom)
                text += atom
            } else {
                text += words.randomElement(using: &random) ?? ""
            }
            text += [" ", " ", " ", ", ", ". ", "; "].randomElement(using: &random) ?? " "
        }
        var chunker = SentenceChunker(language: .spanish)
        let chunks = chunker.chunks(of: randomTokens(of: text, using: &random))
        for atom in Set(used) {
            let there = text.ranges(of: atom).count
            let kept = chunks.map { $0.ranges(of: atom).count }.reduce(0, +)
            #expect(kept == there, "\(atom) in \(chunks)")
        }
    }

    /// Doubling the answer may not quadruple the work; 100 kB of the worst inputs finish at once.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "a", ".", " ", "*", "etc. ", "1. ", "A. ", "hola, ", "\n", "...", "e\u{301}", "¿",
        ])
    func hundredKilobytesAreLinear(piece: String) {
        var chunker = SentenceChunker(language: .spanish)
        let count = 100_000 / piece.utf8.count
        let chunks = chunker.chunks(of: Array(repeating: piece, count: count))
        let text = String(repeating: piece, count: count)
        #expect(withoutSpace(chunks.joined()) == withoutSpace(text))
    }

    private let words = [
        "Hola", "coche", "¿Quiere", "¡Perfecto", "el", "taller", "crema", "y", "pero", "revisión",
        "Mañana", "vitamina C", "señora", "\"cita\"", "(hoy)", "**frenos**", "😊", "👨‍👩‍👧",
    ]

    private func randomAnswer(using random: inout Seeded) -> String {
        let odd = [
            "Sr.", "etc.", "1.", "2.", "...", "…", "a.m.", "p. ej.", "U.S.", "No.", "3.5", "10:30",
            "http://a.b/c?d=e.", "\n", "\n\n", "\r\n", "- ", "e\u{301}", "\u{200D}", "¿", "?!",
            "\"",
            ".»", ")", "*", "\u{A0}", "J.", "1 234", "\t",
        ]
        let stops = [" ", " ", " ", ", ", ". ", "? ", "! ", "; ", ": ", "", "\n", ".", "  "]
        var text = ""
        for _ in 0..<Int.random(in: 0..<150, using: &random) {
            let source = Int.random(in: 0..<3, using: &random) == 0 ? odd : words
            text += source.randomElement(using: &random) ?? ""
            text += stops.randomElement(using: &random) ?? ""
        }
        return text
    }

    /// Cuts between any two scalars, also inside a character.
    private func randomTokens(of text: String, using random: inout Seeded) -> [String] {
        var tokens: [String] = []
        var token = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            token.append(scalar)
            if Int.random(in: 0..<4, using: &random) == 0 {
                tokens.append(String(token))
                token = String.UnicodeScalarView()
            }
        }
        return tokens + [String(token)]
    }

    private func withoutSpace(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { !$0.properties.isWhitespace }
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
