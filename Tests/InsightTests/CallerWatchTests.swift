import Insight
import Testing

/// What goes wrong in a conversation, message by message (CONTRACT §6, "Problems").
@Suite struct CallerWatchTests {
    /// A caller's messages, and what is new with each of them.
    struct Caller: Sendable, CustomTestStringConvertible {
        let language: SpokenLanguage
        let messages: [(String, [ContextIssue])]

        init(_ language: SpokenLanguage, _ messages: [(String, [ContextIssue])]) {
            self.language = language
            self.messages = messages
        }

        var testDescription: String { messages.map(\.0).joined(separator: " / ") }
    }

    static let callers = [
        Caller(
            .english,
            [
                ("What time do you open tomorrow?", []),
                ("I need an oil change", []),
                ("Sorry, what time do you open tomorrow?", [.repeatedQuestion]),
                ("Okay", []), ("Nine is fine", []),
                ("What about the brakes?", []),
            ]),
        Caller(
            .spanish,
            [
                ("¿Cuánto cuesta el cambio de aceite?", []),
                ("Vale", []),
                ("Pero ¿cuánto cuesta el cambio de aceite?", [.repeatedQuestion]),
                ("Gracias", []), ("Vale", []), ("¿Y cuándo abren?", []),
            ]),
        // Statements may be said again: the agent asked for them.
        Caller(.spanish, [("Me llamo Ana García", []), ("Me llamo Ana García", [])]),
        // Frustration is told when it begins, and again after three messages without any.
        Caller(
            .english,
            [
                ("This is ridiculous", [.frustration]), ("It still does not work", []),
                ("Tuesday", []), ("At nine", []), ("Yes", []), ("Fine", []),
                ("I'm fed up", [.frustration]),
            ]),
        // Three questions in four messages.
        Caller(
            .english,
            [
                ("Which day is that?", []), ("How long does it take?", []), ("Okay", []),
                ("Can I wait there?", [.confusion]), ("Who will call me?", []),
            ]),
        Caller(
            .spanish,
            [
                ("¿Qué día es eso?", []), ("Vale", []), ("Bueno", []), ("¿Cuánto tarda?", []),
                ("¿Puedo esperar allí?", []), ("¿Y el precio?", [.confusion]), ("Vale", []),
            ]),
        // A wish for a human counts at once, and each time.
        Caller(
            .spanish,
            [
                ("Quiero hablar con una persona", [.humanRequested]),
                ("Páseme con el encargado", [.humanRequested]),
                ("Estoy harto, quiero hablar con un humano", [.humanRequested, .frustration]),
            ]),
    ]

    @Test(arguments: callers) func messages(caller: Caller) throws {
        var watch = CallerWatch(language: caller.language)
        for (text, expected) in caller.messages {
            let heard = watch.hear(text)
            let finding = try #require(heard)
            #expect(finding.issues == expected, "\(text)")
            #expect((finding.confidence > 0) == !expected.isEmpty)
        }
    }

    @Test(arguments: [
        ("Can I speak to a human please?", SpokenLanguage.english), ("Operator", .english),
        ("I want to talk to a real person", .english), ("Put me through to sales", .english),
        ("I don't want to talk to a robot", .english),
        ("¿Puedo hablar con alguien?", .spanish), ("Operadora, por favor", .spanish),
        ("No quiero hablar con un robot", .spanish), ("Necesito hablar con un agente", .spanish),
    ])
    func wishForAHuman(text: String, language: SpokenLanguage) throws {
        var watch = CallerWatch(language: language)
        let finding = watch.hear(text)
        #expect(try #require(finding).issues.contains(.humanRequested))
    }

    @Test(arguments: [
        ("A table for one person", SpokenLanguage.english), ("Is anybody there?", .english),
        ("I don't want to talk to a person", .english), ("Your operator told me so", .english),
        ("Una cita para una persona", .spanish), ("No funciona la máquina", .spanish),
        ("No quiero hablar con nadie", .spanish), ("¿Hay alguien?", .spanish),
    ])
    func noWishForAHuman(text: String, language: SpokenLanguage) throws {
        var watch = CallerWatch(language: language)
        let finding = watch.hear(text)
        #expect(try !#require(finding).issues.contains(.humanRequested))
    }

    /// Without question marks, as some recognisers write.
    @Test(arguments: [
        ("what time do you open", SpokenLanguage.english, true),
        ("do you open on sunday", .english, true),
        ("and how much is it", .english, true), ("i would like to know the price", .english, true),
        ("when i arrived nobody was there", .english, false), ("what a nice day", .english, false),
        ("i need an oil change", .english, false), ("will", .english, false),
        ("qué hora es", .spanish, true), ("a que hora abren", .spanish, true),
        ("cuanto cuesta", .spanish, true), ("me puede decir el precio", .spanish, true),
        ("quisiera saber el precio", .spanish, true), ("y dónde están", .spanish, true),
        ("que tenga buen dia", .spanish, false), ("cuando llegue le llamo", .spanish, false),
        ("como le decia no funciona", .spanish, false), ("quiero una cita", .spanish, false),
    ])
    func questions(text: String, language: SpokenLanguage, isQuestion: Bool) throws {
        // A question said twice is a repeated one; anything else is not.
        var watch = CallerWatch(language: language)
        _ = watch.hear(text)
        let finding = watch.hear(text)
        #expect(try #require(finding).issues.contains(.repeatedQuestion) == isQuestion)
    }

    /// More than 60 of 100 words: 3 of 5 are not enough, 4 of 5 are.
    @Test func theShareIsTheContracts() throws {
        var watch = CallerWatch(language: .english)
        _ = watch.hear("What is the price today?")
        let second = watch.hear("What is the colour again?")
        #expect(try #require(second).issues == [])
        let third = watch.hear("What is the price again?")
        #expect(try #require(third).issues.contains(.repeatedQuestion))
    }

    @Test func silenceIsNoMessage() {
        var watch = CallerWatch(language: .spanish)
        let (nothing, dots) = (watch.hear(""), watch.hear("…"))
        #expect(nothing == nil)
        #expect(dots == nil)
    }

    /// Any text is taken, in bounded time and memory.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func anyText(seed: UInt64) {
        var state = seed
        let pieces = [
            "no ", "mal", "?", "pero ", "not ", "🙂", "quiero ", "\u{0301}", "3", " ", "’",
        ]
        for language in SpokenLanguage.allCases {
            var watch = CallerWatch(language: language)
            for _ in 0..<200 {
                var text = ""
                for _ in 0..<40 {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    text += pieces[Int(state >> 33) % pieces.count]
                }
                if let finding = watch.hear(text) {
                    #expect((0...1).contains(finding.confidence))
                }
            }
        }
    }
}
