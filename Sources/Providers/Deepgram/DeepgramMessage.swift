internal import Codecs

/// What Deepgram says on a `/v1/listen` socket, as far as anybody here listens.
package enum DeepgramMessage: Equatable, Sendable {
    case results(DeepgramResults)
    /// Voice began at this second of the stream; noise raises it too.
    case speechStarted(seconds: Double)
    /// No word has come for a while; the last one ended at this second of the stream.
    case utteranceEnd(lastWordEndSeconds: Double)
    /// Said once, before the stream's orderly end.
    case metadata
    /// It could not read what we sent.
    case error(String)
    /// A type of message that is not known here, or not needed.
    case other

    /// Reads one text message; `nil` when it is no JSON object with a `type`, or lacks what it must
    /// have.
    package init?(parsing octets: [UInt8]) {
        // On the media loop, several times a second: one pass, and no tree.
        guard let fields = try? Fields(parsing: octets.span), let type = fields.type else {
            return nil
        }
        switch type {
        case "Results":
            guard let results = fields.results else { return nil }
            self = .results(results)
        case "SpeechStarted": self = .speechStarted(seconds: fields.timestamp ?? 0)
        case "UtteranceEnd": self = .utteranceEnd(lastWordEndSeconds: fields.lastWordEnd ?? 0)
        case "Metadata": self = .metadata
        case "Error": self = .error(fields.description ?? "no description")
        default: self = .other
        }
    }
}

/// The text of one window of the stream.
package struct DeepgramResults: Equatable, Sendable {
    package struct Word: Equatable, Sendable {
        /// With the punctuation and capitals that formatting gave it.
        package var text: String
        package var startSeconds: Double
        package var endSeconds: Double

        package init(_ text: String, startSeconds: Double, endSeconds: Double) {
            self.text = text
            self.startSeconds = startSeconds
            self.endSeconds = endSeconds
        }
    }

    /// The window, in seconds of the audio that this connection was sent.
    package var startSeconds: Double
    package var durationSeconds: Double
    /// The window's text will not change; the next window starts after it.
    package var isFinal = false
    /// A pause was seen after it; only together with `isFinal`.
    package var isSpeechFinal = false
    /// It answers a `Finalize`.
    package var isFromFinalize = false
    /// Empty for silence.
    package var transcript: String
    /// Of final results; empty when it gave none.
    package var words: [Word] = []

    package init(startSeconds: Double, durationSeconds: Double, transcript: String) {
        self.startSeconds = startSeconds
        self.durationSeconds = durationSeconds
        self.transcript = transcript
    }
}

/// What stands in a message, whatever its type.
private struct Fields {
    private(set) var type: String?
    private(set) var timestamp: Double?
    private(set) var lastWordEnd: Double?
    private(set) var description: String?
    private var (start, duration): (Double?, Double?)
    private var (isFinal, isSpeechFinal, isFromFinalize) = (false, false, false)
    /// `nil`: there is no list of them.
    private var alternatives: [Alternative]?

    private struct Alternative {
        var transcript: String?
        var words: [DeepgramResults.Word]?
    }

    init(parsing text: Span<UInt8>) throws(JSONError) {
        var scanner = JSONScanner()
        try scanner.beginObject(in: text)
        while let key = try scanner.nextKey(in: text) {
            if key.equals("type", in: text) {
                type = try scanner.stringIfPresent(in: text)?.decoded(in: text)
            } else if key.equals("start", in: text) {
                start = try scanner.numberIfPresent(in: text)?.value(in: text)
            } else if key.equals("duration", in: text) {
                duration = try scanner.numberIfPresent(in: text)?.value(in: text)
            } else if key.equals("is_final", in: text) {
                isFinal = try scanner.isTrue(in: text)
            } else if key.equals("speech_final", in: text) {
                isSpeechFinal = try scanner.isTrue(in: text)
            } else if key.equals("from_finalize", in: text) {
                isFromFinalize = try scanner.isTrue(in: text)
            } else if key.equals("channel", in: text) {
                alternatives = try Self.alternatives(&scanner, text)
            } else if key.equals("timestamp", in: text) {
                timestamp = try scanner.numberIfPresent(in: text)?.value(in: text)
            } else if key.equals("last_word_end", in: text) {
                lastWordEnd = try scanner.numberIfPresent(in: text)?.value(in: text)
            } else if key.equals("description", in: text) {
                description = try scanner.stringIfPresent(in: text)?.decoded(in: text)
            } else {
                try scanner.skipValue(in: text)
            }
        }
        try scanner.end(in: text)
    }

    /// `nil` when something is missing, or the window is one that no call has.
    var results: DeepgramResults? {
        guard let start, let duration, start >= 0, duration >= 0, start + duration < 1e6,
            let alternatives
        else { return nil }
        // Silence has no alternative; one without its text, or half a word, is no message.
        let first = alternatives.first ?? Alternative(transcript: "", words: [])
        guard let transcript = first.transcript, let words = first.words else { return nil }
        var results = DeepgramResults(
            startSeconds: start, durationSeconds: duration, transcript: transcript)
        (results.isFinal, results.isSpeechFinal) = (isFinal, isSpeechFinal)
        results.isFromFinalize = isFromFinalize
        if isFinal { results.words = words }
        return results
    }

    /// Of a channel, which is an object in results and a list of numbers elsewhere.
    private static func alternatives(
        _ scanner: inout JSONScanner, _ text: Span<UInt8>
    ) throws(JSONError) -> [Alternative]? {
        guard try scanner.beginObjectIfPresent(in: text) else { return nil }
        var result: [Alternative]?
        while let key = try scanner.nextKey(in: text) {
            guard key.equals("alternatives", in: text) else {
                try scanner.skipValue(in: text)
                continue
            }
            guard try scanner.beginArrayIfPresent(in: text) else { continue }
            var all: [Alternative] = []
            while try scanner.nextElement(in: text) {
                all.append(try alternative(&scanner, text))
            }
            result = all
        }
        return result
    }

    private static func alternative(
        _ scanner: inout JSONScanner, _ text: Span<UInt8>
    ) throws(JSONError) -> Alternative {
        var result = Alternative(words: [])
        guard try scanner.beginObjectIfPresent(in: text) else { return result }
        while let key = try scanner.nextKey(in: text) {
            if key.equals("transcript", in: text) {
                result.transcript = try scanner.stringIfPresent(in: text)?.decoded(in: text)
            } else if key.equals("words", in: text) {
                guard try scanner.beginArrayIfPresent(in: text) else { continue }
                while try scanner.nextElement(in: text) {
                    // A word that cannot be read leaves none.
                    if let word = try word(&scanner, text) {
                        result.words?.append(word)
                    } else {
                        result.words = nil
                    }
                }
            } else {
                try scanner.skipValue(in: text)
            }
        }
        return result
    }

    private static func word(
        _ scanner: inout JSONScanner, _ text: Span<UInt8>
    ) throws(JSONError) -> DeepgramResults.Word? {
        guard try scanner.beginObjectIfPresent(in: text) else { return nil }
        var (word, punctuated): (String?, String?)
        var (start, end): (Double?, Double?)
        while let key = try scanner.nextKey(in: text) {
            if key.equals("word", in: text) {
                word = try scanner.stringIfPresent(in: text)?.decoded(in: text)
            } else if key.equals("punctuated_word", in: text) {
                punctuated = try scanner.stringIfPresent(in: text)?.decoded(in: text)
            } else if key.equals("start", in: text) {
                start = try scanner.numberIfPresent(in: text)?.value(in: text)
            } else if key.equals("end", in: text) {
                end = try scanner.numberIfPresent(in: text)?.value(in: text)
            } else {
                try scanner.skipValue(in: text)
            }
        }
        guard let text = punctuated ?? word, let start, let end else { return nil }
        return DeepgramResults.Word(text, startSeconds: start, endSeconds: end)
    }
}
