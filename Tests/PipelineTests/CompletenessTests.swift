import Pipeline
import Testing

/// Which words may be the last ones of a turn.
@Suite struct CompletenessTests {
    private static let english = CompletenessClassifier(language: .english)
    private static let spanish = CompletenessClassifier(language: .spanish)

    @Test(arguments: CompletenessSentences.english)
    func englishSentences(_ text: String, _ expected: Completeness) {
        #expect(Self.english.completeness(of: text) == expected)
    }

    @Test(arguments: CompletenessSentences.spanish)
    func spanishSentences(_ text: String, _ expected: Completeness) {
        #expect(Self.spanish.completeness(of: text) == expected)
    }

    /// Capitals and white space say nothing.
    @Test func capitalsAndSpacesChangeNothing() {
        for (text, expected) in CompletenessSentences.english {
            let spaced = "  \(text.uppercased().split(separator: " ").joined(separator: " \n"))\t"
            #expect(Self.english.completeness(of: spaced) == expected, "\(text)")
        }
        for (text, expected) in CompletenessSentences.spanish {
            #expect(Self.spanish.completeness(of: text.uppercased()) == expected, "\(text)")
        }
    }

    /// Whatever was said, a conjunction, an article or a filler behind it opens it again.
    @Test(arguments: ["and", "or", "because", "the", "my", "um", "uh"])
    func nothingIsCompleteBeforeAnOpenWord(_ word: String) {
        for (text, _) in CompletenessSentences.english {
            #expect(Self.english.completeness(of: "\(text) \(word)") == .open, "\(text) \(word)")
        }
    }

    @Test(arguments: ["y", "o", "pero", "porque", "el", "mi", "eh", "este"])
    func nadaTerminaEnPalabraAbierta(_ word: String) {
        for (text, _) in CompletenessSentences.spanish {
            #expect(Self.spanish.completeness(of: "\(text) \(word)") == .open, "\(text) \(word)")
        }
    }

    struct Dictation: Sendable {
        let text: String
        let entity: ExpectedEntity
        let expected: Completeness
        let language: Language
        init(
            _ text: String, _ entity: ExpectedEntity, _ expected: Completeness,
            _ language: Language = .english
        ) {
            self.text = text
            self.entity = entity
            self.expected = expected
            self.language = language
        }
    }

    private static let digits: [Dictation] = [
        Dictation("five five five", .digits(count: 7), .open),
        Dictation("five five five one two three", .digits(count: 7), .open),
        Dictation("five five five one two three four", .digits(count: 7), .complete),
        Dictation("it's 555-1234", .digits(count: 7), .complete),
        Dictation("555 12", .digits(count: 7), .open),
        Dictation("double five five twelve thirty four", .digits(count: 7), .complete),
        Dictation("twenty one", .digits(count: 4), .open),
        Dictation("two thousand and twenty", .digits(count: 4), .complete),
        Dictation("one five hundred", .digits(count: 4), .complete),
        Dictation("one two three four", .digits(count: nil), .open),
        Dictation("that's 1234, that's all", .digits(count: 9), .complete),
        Dictation("I don't have it", .digits(count: 4), .neutral),
        Dictation("my number is", .digits(count: 4), .open),
        Dictation("cinco cinco cinco", .digits(count: 7), .open, .spanish),
        Dictation(
            "cincuenta y cinco doce treinta y cuatro", .digits(count: 6), .complete, .spanish),
        Dictation("cincuenta y cinco doce treinta y", .digits(count: 6), .open, .spanish),
        Dictation("doscientos cincuenta y cinco", .digits(count: 3), .complete, .spanish),
        Dictation("doscientos cincuenta y cinco", .digits(count: 4), .open, .spanish),
        Dictation("doble cero siete", .digits(count: 3), .complete, .spanish),
        Dictation("dos mil veintiséis", .digits(count: 4), .complete, .spanish),
        Dictation("seis doce", .digits(count: nil), .open, .spanish),
        Dictation("no lo sé", .digits(count: 4), .complete, .spanish),
    ]

    private static let addresses: [Dictation] = [
        Dictation("it's ana", .email, .open),
        Dictation("ana lopez at", .email, .open),
        Dictation("ana lopez at gmail", .email, .open),
        Dictation("ana lopez at gmail dot", .email, .open),
        Dictation("ana lopez at gmail dot com", .email, .complete),
        Dictation("ana.lopez@gmail", .email, .open),
        Dictation("ana.lopez@gmail.com", .email, .complete),
        Dictation("bob at shop dot co", .email, .neutral),
        Dictation("bob at shop dot co dot uk", .email, .complete),
        Dictation("no I don't use one", .email, .neutral),
        Dictation("ana punto lópez", .email, .open, .spanish),
        Dictation("ana punto lópez arroba gmail", .email, .open, .spanish),
        Dictation("ana punto lópez arroba gmail punto com", .email, .complete, .spanish),
        Dictation("no tengo", .email, .neutral, .spanish),
    ]

    private static let others: [Dictation] = [
        Dictation("my name is", .name, .open),
        Dictation("john", .name, .neutral),
        Dictation("my name is John Smith", .name, .complete),
        Dictation("smith, s m i", .name, .open),
        Dictation("Maria de", .name, .open),
        Dictation("me llamo Ana", .name, .neutral, .spanish),
        Dictation("Ana María de la", .name, .open, .spanish),
        Dictation("Ana López García", .name, .complete, .spanish),
        Dictation("ge de gato u te", .name, .open, .spanish),
        Dictation("on tuesday", .date, .complete),
        Dictation("the fifteenth", .date, .neutral),
        Dictation("the fifteenth of", .date, .open),
        Dictation("march", .date, .open),
        Dictation("march the third", .date, .complete),
        Dictation("next", .date, .open),
        Dictation("el martes", .date, .complete, .spanish),
        Dictation("el quince de", .date, .open, .spanish),
        Dictation("el quince de julio", .date, .complete, .spanish),
        Dictation("el próximo", .date, .open, .spanish),
        Dictation("pasado mañana", .date, .complete, .spanish),
        Dictation("at", .time, .open),
        Dictation("at half past", .time, .open),
        Dictation("at ten", .time, .neutral),
        Dictation("ten in the morning", .time, .complete),
        Dictation("at 10:30", .time, .complete),
        Dictation("a las", .time, .open, .spanish),
        Dictation("a las diez", .time, .neutral, .spanish),
        Dictation("a las diez y", .time, .open, .spanish),
        Dictation("a las diez y media", .time, .complete, .spanish),
        Dictation("a las cinco de la", .time, .open, .spanish),
        Dictation("a las cinco de la tarde", .time, .complete, .spanish),
        Dictation("at half past ten", .time, .complete),
        Dictation("friday in the morning", .date, .complete),
        Dictation("el martes por la tarde", .date, .complete, .spanish),
        Dictation("in the morning", .date, .neutral),
        Dictation("five five five two three four", .digits(count: nil), .open),
        Dictation("five five five two three four one two", .digits(count: nil), .neutral),
        Dictation("my name is um", .name, .open),
        Dictation("me llamo eh", .name, .open, .spanish),
        Dictation("yes", .yesNo, .complete),
        Dictation("yeah, sure", .yesNo, .complete),
        Dictation("no but", .yesNo, .open),
        Dictation("no, the other one", .yesNo, .neutral),
        Dictation("sí", .yesNo, .complete, .spanish),
        Dictation("si", .yesNo, .complete, .spanish),
        Dictation("sí, claro", .yesNo, .complete, .spanish),
        Dictation("sí pero", .yesNo, .open, .spanish),
    ]

    @Test(arguments: digits + addresses + others)
    func entities(_ dictation: Dictation) {
        let classifier = CompletenessClassifier(language: dictation.language)
        #expect(
            classifier.completeness(of: dictation.text, expecting: dictation.entity)
                == dictation.expected)
    }

    /// However a number is cut into groups, it is open until its last digit.
    @Test(arguments: 0..<40)
    func digitsAreCounted(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let words = [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
        ]
        let count = Int.random(in: 2...16, using: &random)
        var text = ""
        for said in 1...count {
            let digit = Int.random(in: 0...9, using: &random)
            text += Bool.random(using: &random) ? " \(words[digit])" : " \(digit)"
            let expected: Completeness = said < count ? .open : .complete
            #expect(
                Self.english.completeness(of: text, expecting: .digits(count: count)) == expected,
                "\(text) of \(count)")
        }
    }

    @Test(arguments: 0..<40)
    func anyTextIsJudged(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let pieces = [
            "y", "sí", "@", ".", ",", "…", "?", "uno", "three", "arroba", "dot", "'", "-", "é", "👍",
            "\u{301}", " ", "  ", "the", "entre",
        ]
        let entities: [ExpectedEntity?] = [
            nil, .digits(count: nil), .digits(count: 0), .digits(count: -1), .email, .name, .date,
            .time, .yesNo,
        ]
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 0...12, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }
                .joined(separator: Bool.random(using: &random) ? " " : "")
            for entity in entities {
                let first = Self.spanish.completeness(of: text, expecting: entity)
                #expect(first == Self.spanish.completeness(of: text, expecting: entity))
                _ = Self.english.completeness(of: text, expecting: entity)
            }
        }
    }
}
