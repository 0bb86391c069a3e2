import Pipeline
import Testing

/// Words that let the agent go on, and words that do not.
@Suite struct BackchannelTests {
    @Test(arguments: [
        "uh-huh", "Uh-huh, uh-huh.", "mm-hm", "Mhm", "yeah", "Yeah, yeah, yeah.", "okay",
        "OK, I see.",
        "right", "all right", "got it", "sure, got it", "I understand", "makes sense", "oh really?",
        "Of course, yes.", "go on", "great", "fair enough",
    ])
    func english(_ text: String) {
        #expect(Backchannel(language: .english).matches(text))
    }

    /// Mexico, Spain, Argentina, and all of them.
    @Test(arguments: [
        "ándale", "órale", "sale", "sí, está bien", "ni modo",
        "vale, vale", "venga", "ya, ya", "ya veo", "de acuerdo", "claro, claro", "vaya",
        "dale", "listo", "bárbaro", "ah, mirá", "tal cual", "de una",
        "ajá", "Ajá, ajá.", "sí, sí, sí", "mm-hm", "entiendo", "ah, ya entiendo", "muy bien",
        "claro que sí", "por supuesto", "así es", "eso es", "perfecto", "no me digas",
    ])
    func spanish(_ text: String) {
        #expect(Backchannel(language: .spanish).matches(text))
    }

    /// The beginning of a phrase decides nothing yet.
    @Test(arguments: [
        ("I", true), ("yeah I", true), ("makes", true), ("", true), ("yes", true), ("I s", false),
        ("I want", false), ("yes but", false), ("stop", false),
    ])
    func mayBecome(_ text: String, _ expected: Bool) {
        #expect(Backchannel(language: .english).mayBecome(text) == expected)
    }

    @Test(arguments: [
        "stop", "wait", "no", "yes but wait", "okay so what about Monday", "hold on", "sorry",
        "right turn", "good morning, listen", "excuse me", "what", "I see a problem", "of", "go",
        "know", "yeah 27", "", "…", "27",
    ])
    func takesTheFloorInEnglish(_ text: String) {
        #expect(!Backchannel(language: .english).matches(text))
    }

    @Test(arguments: [
        "espera", "espere", "no", "para", "un momento", "sí pero", "oye", "oiga", "perdón",
        "ya no quiero", "está mal", "qué", "cómo", "disculpe", "claro que no", "bueno, no",
        "dale al botón", "a ver", "sí, el martes", "ya basta", "basta", "alto", "por", "sí, 27", "",
        "eso ya lo sé",
    ])
    func takesTheFloorInSpanish(_ text: String) {
        #expect(!Backchannel(language: .spanish).matches(text))
    }
}
