import Pipeline
import Testing

/// An answer that two models give together: no sentence twice, no word lost.
@Suite struct StreamedAnswerTests {
    struct Example {
        let first: String
        let second: String
        let whole: String
    }

    static let examples = [
        // Goes on exactly where the first one stopped, without a space of its own.
        Example(
            first: "We are open. On Monday from nine to f", second: "five. Anything else?",
            whole: "We are open. On Monday from nine to five. Anything else?"),
        // Repeats the sentence that was broken off.
        Example(
            first: "We are open. On Monday from nine to fi",
            second: "On Monday, from nine to five. Anything else?",
            whole: "We are open. On Monday from nine to five. Anything else?"),
        // Starts the whole answer again.
        Example(
            first: "Sí. Abrimos a las nueve y cer",
            second: "Sí. Abrimos a las nueve y cerramos a las dos.",
            whole: "Sí. Abrimos a las nueve y cerramos a las dos."),
        // Comes to what was said after a new beginning: whole sentences are still dropped.
        Example(
            first: "It costs 3.50 euros. It is", second: "Sorry. It costs 3.50 euros. It is blue.",
            whole: "It costs 3.50 euros. It Sorry. It is blue."),
        // Says something else.
        Example(
            first: "Claro que sí, le ", second: "Le paso con un compañero.",
            whole: "Claro que sí, le Le paso con un compañero."),
        // A word that is said again on purpose.
        Example(
            first: "Sí. Sí. Su número es el 5 5", second: "5 5 3.",
            whole: "Sí. Sí. Su número es el 5 5 5 3."),
        Example(first: "", second: "Hello there.", whole: "Hello there."),
        // Everything had been said.
        Example(first: "All done. ", second: "All done.", whole: "All done. "),
    ]

    @Test(arguments: examples.indices, [1, 3, 1_000])
    func continued(index: Int, tokenLength: Int) {
        let example = Self.examples[index]
        var answer = StreamedAnswer()
        var text = Self.feed(example.first, to: &answer, tokenLength)
        let recovery = answer.fail()
        #expect(text.trimmingSpaces == recovery.text)
        text += Self.feed(example.second, to: &answer, tokenLength) + answer.finish()
        #expect(text == example.whole)
        #expect(answer.given == text)
    }

    /// Without a failure the text is what the model said, however it was cut.
    @Test(arguments: 0..<30)
    func untouched(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let alphabet = Array("ab.  ¿?\né5")
        let text = String(
            (0..<200).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
        var answer = StreamedAnswer()
        let passed = Self.feed(text, to: &answer, Int.random(in: 1...9, using: &random))
        #expect(passed + answer.finish() == text)
    }

    /// Whatever is repeated from a sentence on, the whole is said once.
    @Test(arguments: 0..<200)
    func brokenAnywhere(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let sentences = [
            "Buenos días, señora.", "¿Le va bien el martes a las 10.30?",
            "Tenemos otra hora libre.",
            "Cuesta 1.234,56 euros con todo incluido.", "Muchas gracias por llamar!",
        ]
        let whole = sentences.joined(separator: " ")
        let cut = whole.prefix(Int.random(in: 0...whole.count, using: &random))
        var answer = StreamedAnswer()
        var text = Self.feed(String(cut), to: &answer, 4)
        _ = answer.fail()
        let again = sentences.dropFirst(Int.random(in: 0...2, using: &random)).map(\.self)
        let from = text.contains(sentences[0]) && text.contains(sentences[1]) ? again : sentences
        text += Self.feed(from.joined(separator: " "), to: &answer, 5) + answer.finish()
        #expect(text.trimmingSpaces == whole)
    }

    @Test func aToolCallEndsTheAnswer() {
        var answer = StreamedAnswer()
        _ = answer.take("One moment. ")
        answer.tookToolCall()
        #expect(answer.fail() == .endHere)
    }

    /// The next model sees what was said, and is told to go on.
    @Test func whatTheNextModelIsAsked() throws {
        let request = ModelRequest(language: .spanish, history: [.user("¿Abren hoy?")])
        #expect(StreamedAnswer.request(.startOver, of: request)?.history == request.history)
        #expect(StreamedAnswer.request(.endHere, of: request) == nil)
        let asked = try #require(
            StreamedAnswer.request(.goOn(after: "Sí, hasta"), of: request))
        #expect(
            asked.history.prefix(2) == [
                .user("¿Abren hoy?"), .agent("Sí, hasta", interrupted: true),
            ])
        #expect(asked.history.count == 3)
    }

    private static func feed(
        _ text: String, to answer: inout StreamedAnswer, _ tokenLength: Int
    ) -> String {
        var passed = ""
        var rest = Substring(text)
        while !rest.isEmpty {
            passed += answer.take(String(rest.prefix(tokenLength)))
            rest = rest.dropFirst(tokenLength)
        }
        return passed
    }
}

extension StreamedAnswer.Recovery {
    fileprivate var text: String {
        if case .goOn(let text) = self { text } else { "" }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        split(separator: " ", omittingEmptySubsequences: false).joined(separator: " ")
            .replacing(/\s+$/, with: "").replacing(/^\s+/, with: "")
    }
}
