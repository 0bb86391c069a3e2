internal import Foundation

/// The words by which an answering machine gives itself away.
enum MachineGreeting {
    /// Without accents, in lower case.
    private static let phrases = [
        // English
        "leave a message", "leave your message", "leave me a message", "leave us a message",
        "leave your name", "leave a brief message", "leave a short message", "after the tone",
        "after the beep", "at the tone", "at the beep", "record your message",
        "can't come to the phone", "cannot come to the phone", "unable to come to the phone",
        "can't take your call", "cannot take your call", "unable to take your call",
        "available to take your call", "reached the voicemail", "reached the voice mail",
        "voice mailbox", "voicemail box", "mailbox is full", "answering machine",
        // Spanish
        "deje su mensaje", "deje un mensaje", "deje su nombre", "deja tu mensaje",
        "deja un mensaje", "dejanos un mensaje", "dejenos un mensaje", "dejar un mensaje",
        "dejar su mensaje", "grabe su mensaje", "graba tu mensaje", "despues del tono",
        "despues de la senal", "al oir el tono", "al escuchar el tono", "al oir la senal",
        "al escuchar la senal", "luego del tono", "buzon de voz", "correo de voz",
        "casilla de mensajes", "casilla de voz", "contestador automatico",
        "atender su llamada", "atender tu llamada", "responder su llamada",
    ]

    static func matches(_ text: String) -> Bool {
        let words = text.replacing("\u{2019}", with: "'")
            .folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
            .split { !$0.isLetter && !$0.isNumber && $0 != "'" }
        let spoken = " " + words.joined(separator: " ") + " "
        return phrases.contains { spoken.contains(" \($0) ") }
    }
}
