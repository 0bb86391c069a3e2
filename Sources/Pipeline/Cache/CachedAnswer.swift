package import Codecs

/// An answer worth keeping: its text, and its audio in the formats and voices it was said in.
package struct CachedAnswer: Equatable, Sendable {
    /// Audio is of use only to a call that sounds like it.
    package struct Sound: Equatable, Sendable {
        package let format: AudioFormat
        /// Provider, model and voice, such as `elevenlabs/flash/ana`.
        package let voice: String

        package init(format: AudioFormat, voice: String) {
            self.format = format
            self.voice = voice
        }
    }

    /// What was synthesised in one go; heard-truth needs its text beside its audio.
    package struct Chunk: Equatable, Sendable {
        package let text: String
        package let octets: [UInt8]
        package let words: [WordTiming]

        package init(text: String, octets: [UInt8], words: [WordTiming]) {
            self.text = text
            self.octets = octets
            self.words = words
        }

        /// In memory: octets, text, and per word its text and 40 octets around it.
        fileprivate var octetCount: Int {
            octets.count + text.utf8.count + words.reduce(0) { $0 + $1.word.utf8.count + 40 }
        }
    }

    package let text: String
    /// What the caller may say next.
    package let hints: RecognitionHints?
    private var recordings: [(sound: Sound, chunks: [Chunk])] = []

    /// The answer that a stream of the model amounts to.
    ///
    /// `nil` when it is no answer to keep: it used a tool, ends the call, may not be interrupted, or
    /// says nothing.
    ///
    /// - Parameter events: all of one stream that ended well.
    package init?(_ events: [ModelEvent]) {
        var text = ""
        var hints: RecognitionHints?
        for event in events {
            switch event {
            case .text(let token): text += token
            case .expects(let expected): hints = expected
            case .toolCall, .guarded, .closing: return nil
            }
        }
        guard !text.trimmed.isEmpty else { return nil }
        self.text = text
        self.hints = hints
    }

    package static func == (one: Self, other: Self) -> Bool {
        one.text == other.text && one.hints == other.hints
            && one.recordings.map(\.sound) == other.recordings.map(\.sound)
            && one.recordings.map(\.chunks) == other.recordings.map(\.chunks)
    }

    /// The audio of the whole answer in this sound; `nil`: it has to be synthesised.
    package func audio(in sound: Sound) -> [Chunk]? {
        recordings.first { $0.sound == sound }?.chunks
    }

    mutating func keep(_ chunks: [Chunk], in sound: Sound) {
        recordings.removeAll { $0.sound == sound }
        recordings.append((sound, chunks))
    }

    var octetCount: Int {
        text.utf8.count
            + recordings.reduce(0) { $0 + $1.chunks.reduce(0) { $0 + $1.octetCount } }
    }
}
