/// How one conversation behaves; fixed when the call starts.
package struct ConversationSettings: Sendable {
    package var language: Language
    package var speech = SpeechActivity.Settings()
    package var endpointing = Endpointer.Settings()
    /// The recogniser's interim words stay what they are: a turn may end early because of them.
    package var interimsAreStable = false
    package var speculation = Speculation.Settings()
    package var bargeIn = BargeIn.Settings()
    package var playout = Playout.Settings()
    package var idle = IdleWatch.Settings()
    package var keypad = DigitCollector.Settings()
    package var voicemail = AnsweringMachine.Settings()
    /// Of the audio that goes to the caller.
    package var octetsPerSecond: Int
    /// Promise 1: no longer silence than this after the caller's turn, whatever fails.
    package var silenceLimit: Duration = .seconds(3)
    /// A silence this long while an answer is due is covered by a filler; below `silenceLimit`.
    package var fillerDelay: Duration = .milliseconds(1_600)
    /// So many fillers for one answer; after them the caller is handed to a human.
    package var fillerLimit = 2
    /// A final transcript that takes longer counts as a failed recognition.
    package var transcriptLimit: Duration = .seconds(2)
    /// Synthesis begins with the first sentence; otherwise when the model has written its answer.
    package var chunkedSpeech = true
    /// Synthesis of the next chunk waits while this much audio is still to be heard.
    package var speechAhead: Duration = .seconds(6)
    /// Said to cover a wait, in turn; ready-made, in the format of the call.
    package var fillers: [Filler] = []
    /// Said before the caller is handed to a human because something failed.
    package var apology: Filler?

    /// Silence after which something must be done now, to be audible within `silenceLimit`.
    var longestWait: Duration { max(silenceLimit - .milliseconds(500), silenceLimit / 2) }

    package init(language: Language, octetsPerSecond: Int) {
        self.language = language
        self.octetsPerSecond = octetsPerSecond
    }
}

/// A phrase whose audio is ready before it is needed.
package struct Filler: Sendable {
    package let text: String
    package let octets: [UInt8]

    package init(text: String, octets: [UInt8]) {
        self.text = text
        self.octets = octets
    }
}
