internal import Foundation

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
        let decoder = JSONDecoder()
        let data = Data(octets)
        guard let type = try? decoder.decode(Kind.self, from: data).type else { return nil }
        switch type {
        case "Results":
            guard let results = try? decoder.decode(DeepgramResults.self, from: data) else {
                return nil
            }
            self = .results(results)
        case "SpeechStarted":
            let seconds = (try? decoder.decode(Onset.self, from: data))?.timestamp
            self = .speechStarted(seconds: seconds ?? 0)
        case "UtteranceEnd":
            let end = (try? decoder.decode(WordGap.self, from: data))?.lastWordEnd
            self = .utteranceEnd(lastWordEndSeconds: end ?? 0)
        case "Metadata": self = .metadata
        case "Error":
            let complaint = try? decoder.decode(Complaint.self, from: data)
            self = .error(complaint?.description ?? "no description")
        default: self = .other
        }
    }

    private struct Kind: Decodable { let type: String }
    private struct Onset: Decodable { let timestamp: Double }
    private struct Complaint: Decodable { let description: String? }
    private struct WordGap: Decodable {
        let lastWordEnd: Double

        enum CodingKeys: String, CodingKey { case lastWordEnd = "last_word_end" }
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

extension DeepgramResults: Decodable {
    private enum CodingKeys: String, CodingKey {
        case start, duration, channel
        case isFinal = "is_final"
        case speechFinal = "speech_final"
        case fromFinalize = "from_finalize"
    }
    private struct Channel: Decodable { let alternatives: [Alternative] }
    private struct Alternative: Decodable {
        let transcript: String
        let words: [RawWord]?
    }
    private struct RawWord: Decodable {
        let word: String
        let start: Double
        let end: Double
        let punctuated: String?

        enum CodingKeys: String, CodingKey {
            case word, start, end
            case punctuated = "punctuated_word"
        }
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        startSeconds = try values.decode(Double.self, forKey: .start)
        durationSeconds = try values.decode(Double.self, forKey: .duration)
        guard startSeconds.isFinite, durationSeconds.isFinite, startSeconds >= 0,
            durationSeconds >= 0, startSeconds + durationSeconds < 1e6
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .start, in: values, debugDescription: "a window that no call has")
        }
        isFinal = try values.decodeIfPresent(Bool.self, forKey: .isFinal) ?? false
        isSpeechFinal = try values.decodeIfPresent(Bool.self, forKey: .speechFinal) ?? false
        isFromFinalize = try values.decodeIfPresent(Bool.self, forKey: .fromFinalize) ?? false
        let channel = try values.decode(Channel.self, forKey: .channel)
        transcript = channel.alternatives.first?.transcript ?? ""
        guard isFinal else { return }
        words = (channel.alternatives.first?.words ?? []).map {
            Word($0.punctuated ?? $0.word, startSeconds: $0.start, endSeconds: $0.end)
        }
    }
}
