import Pipeline
import Testing

@testable import Providers

/// What the recogniser does with text before a decoder sees it.
@Suite struct PocketSphinxWordsTests {
    @Test func grammarWordsAreEveryTokenThatIsSpoken() {
        let grammar = """
            #JSGF V1.0 UTF-8 en;
            grammar shop.menu; // not "commented" words
            import <com.acme.dates.*>;
            public <order> = /0.5/ [please] ( buy | sell )+ {deal {x} <item>* "o'clock";
            /* neither are
               these */
            <item> = té | <NULL> | rock'n'roll;
            """
        #expect(
            GrammarWords.words(of: grammar)
                == ["buy", "o'clock", "please", "rock'n'roll", "sell", "té"])
    }

    @Test(arguments: ["", "#JSGF", "<", "{", "/", "/*", "//", "public", "grammar", "\"", "a /*"])
    func brokenGrammarsEnd(_ text: String) {
        #expect(GrammarWords.words(of: text).count <= 1)
    }

    /// Expected phones follow the Real Academia's description of the sounds (with seseo), written
    /// in the model's phone set.
    @Test(arguments: [
        ("queso", "K EH S OW"), ("guerra", "G EH R AA"), ("agua", "AA G W AA"),
        ("gente", "HH EH N T EH"), ("llantas", "Y AA N T AA S"), ("hacer", "AA S EH R"),
        ("zapato", "S AA P AA T OW"), ("chico", "CH IY K OW"), ("mañana", "M AA N Y AA N AA"),
        ("manana", "M AA N Y AA N AA"), ("adiós", "AA D Y OW S"), ("cuánto", "K W AA N T OW"),
        ("y", "IY"), ("muy", "M W IY"), ("jueves", "HH W EH B EH S"),
        ("pingüino", "P IY N G W IY N OW"),
    ])
    func spanishSpellingGivesTheSound(word: String, phones: String) {
        #expect(SpanishPronunciation.pronunciations(of: word).first == phones)
    }

    @Test func spanishOffersBothRenderingsOfE() {
        #expect(SpanishPronunciation.pronunciations(of: "es") == ["EH S", "EY S"])
        #expect(SpanishPronunciation.pronunciations(of: "hola") == ["OW L AA"])
        #expect(SpanishPronunciation.pronunciations(of: "123").isEmpty)
    }

    @Test(arguments: [
        ("krish", "K R IH SH"), ("zoot", "Z UW T"), ("bromley", "B R OW M L IY"),
        ("quill", "K W IH L"),
    ])
    func unknownEnglishNamesGetAGuess(word: String, phones: String) {
        #expect(EnglishPronunciation.pronunciations(of: word) == [phones])
    }

    @Test func wordsWithoutLettersCannotBeSaid() {
        #expect(EnglishPronunciation.pronunciations(of: "42").isEmpty)
    }

    @Test func dictionaryFindsAlternativesInOrderAndNoNeighbours() {
        let lines = "an AE N\nan(2) AH N\nan's AE N Z\n'bout B AW T\nzoo\tZ UW\n\nlast L AE S T"
        let dictionary = PronouncingDictionary(lines: [UInt8](lines.utf8))
        #expect(dictionary.pronunciations(of: "an") == ["AE N", "AH N"])
        #expect(dictionary.pronunciations(of: "an's") == ["AE N Z"])
        #expect(dictionary.pronunciations(of: "zoo") == ["Z UW"])
        #expect(dictionary.pronunciations(of: "last") == ["L AE S T"])
        #expect(dictionary.pronunciations(of: "'bout") == ["B AW T"])
        #expect(dictionary.pronunciations(of: "a").isEmpty)
        #expect(dictionary.pronunciations(of: "").isEmpty)
    }

    /// Alignments of real recordings: an answer, one without any pause, a long stretch of gaps, a
    /// short word over a long sound, a bad fit, nothing.
    @Test(arguments: [
        ("yes please", Alignment(score: -4_800, frames: 133, silentFrames: 58), true),
        ("goodbye", Alignment(score: -2_395, frames: 102, silentFrames: 0), false),
        ("repita", Alignment(score: -8_000, frames: 195, silentFrames: 121), false),
        ("no", Alignment(score: -6_000, frames: 300, silentFrames: 50), false),
        ("what are your prices", Alignment(score: -12_000, frames: 200, silentFrames: 50), false),
        ("yes", Alignment(score: 0, frames: 0, silentFrames: 0), false),
        ("", Alignment(score: -100, frames: 50, silentFrames: 20), false),
    ])
    func implausibleAnswersAreTurnedDown(text: String, alignment: Alignment, expected: Bool) {
        #expect(alignment.isPlausible(for: text, language: .english) == expected)
    }
}
