import Foundation
import Insight
import Testing

@Suite struct GrammarBuilderTests {
    /// Whatever the grammar lets a recogniser hear, the rules understand as it is tagged.
    @Test(arguments: SpokenLanguage.allCases, 1...2)
    func sentencesAreUnderstood(language: SpokenLanguage, seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let services = Workshop.services(language)
        let builder = GrammarBuilder(language: language, services: services)
        let interpreter = Interpreter(language: language, services: services)
        for expectation in ExpectedAnswer.allCases {
            let sentences = JSGFSentences(builder.grammar(for: expectation))
            for _ in 0..<150 {
                let sentence = sentences.sentence(using: &random)
                let text = sentence.words.joined(separator: " ")
                let meaning = interpreter.understand(text, expecting: expectation)
                #expect(!sentence.tags.isEmpty, "no tag: \(text)")
                for tag in sentence.tags {
                    #expect(has(meaning, tag), "\(expectation): \(text) lacks \(tag): \(meaning)")
                }
            }
        }
    }

    private func has(_ meaning: Understanding, _ tag: String) -> Bool {
        switch tag {
        case "service": meaning.slots.service != nil
        case "day": meaning.slots.day != nil
        case "time": meaning.slots.time != nil
        case "name": meaning.slots.name != nil
        case "order": meaning.slots.orderNumber != nil
        default: meaning.intent.rawValue == tag
        }
    }

    @Test(arguments: SpokenLanguage.allCases)
    func grammarsAreSmallAndPlain(language: SpokenLanguage) {
        let builder = GrammarBuilder(language: language, services: Workshop.services(language))
        for expectation in ExpectedAnswer.allCases {
            let grammar = builder.grammar(for: expectation)
            #expect(grammar.hasPrefix("#JSGF V1.0;\ngrammar dialogue;\npublic <utterance> = "))
            #expect(grammar.utf8.count < 8_000, "\(expectation): \(grammar.utf8.count) octets")
            let body = grammar.dropFirst("#JSGF V1.0;".count)
            #expect(body.allSatisfy { $0.isASCII && !$0.isUppercase })
        }
    }

    @Test(arguments: SpokenLanguage.allCases)
    func everySentenceIsMadeOfTheVocabulary(language: SpokenLanguage) {
        var random = SeededRandom(seed: 7)
        let services = Workshop.services(language)
        let builder = GrammarBuilder(language: language, services: services)
        let vocabulary = Set(GrammarBuilder.vocabulary(language: language, services: services))
        for expectation in ExpectedAnswer.allCases {
            let sentences = JSGFSentences(builder.grammar(for: expectation))
            for _ in 0..<200 {
                let words = sentences.sentence(using: &random).words
                #expect(words.allSatisfy(vocabulary.contains))
            }
        }
    }

    static let dictionary = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict"

    @Test(.enabled(if: FileManager.default.fileExists(atPath: dictionary)))
    func englishWordsHaveAPronunciation() throws {
        let text = try String(contentsOfFile: Self.dictionary, encoding: .utf8)
        let known = Set(text.split(separator: "\n").map { $0.prefix { $0 != " " } })
        let words = GrammarBuilder.vocabulary(
            language: .english, services: Workshop.services(.english))
        #expect(words.count > 250)
        #expect(words.filter { !known.contains(Substring($0)) } == [])
    }

    @Test(arguments: [
        ("i would like to book an oil change", ExpectedAnswer.anything),
        ("on tuesday at half past ten", .day), ("maria", .name), ("yes please", .confirmation),
        ("thank you goodbye", .anything),
    ])
    func demonstrationCall(line: String, expectation: ExpectedAnswer) {
        let builder = GrammarBuilder(language: .english, services: Workshop.services(.english))
        let sentences = JSGFSentences(builder.grammar(for: expectation))
        #expect(sentences.accepts(line))
    }
}
