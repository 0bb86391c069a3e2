/// What one simulated `/v1/listen` stream of the integration tests answers, from Deepgram's
/// documented messages.
struct DeepgramListening {
    /// Stands in messages whose words will not change.
    static let finalMark = #""is_final":true"#

    private let words: SimulatedWords
    private var ear: SimulatedEar?
    private let interimOctets: Int
    private let endpointOctets: Int
    private let utteranceEndOctets: Int
    private let sendsVoiceEvents: Bool
    private let addedWord: (() -> String)?
    private let octetsPerSecond = 8_000

    private var runs: [SimulatedWords.Run] = []
    private(set) var position = 0
    /// Final windows reach up to here.
    private var finalEnd = 0
    private var interimEnd = 0
    private var hasEndedUtterance = true

    init(
        _ request: SimulatedRequest, words: SimulatedWords, recordings: SimulatedRecordings?,
        interimMilliseconds: Int, addedWord: (() -> String)? = nil
    ) {
        self.words = words
        self.addedWord = addedWord
        ear = recordings.map { SimulatedEar($0) }
        interimOctets =
            request.query("interim_results") == ["true"] ? interimMilliseconds * 8 : .max
        let endpointing = request.query("endpointing").first ?? "10"
        endpointOctets = Int(endpointing).map { $0 * 8 } ?? .max
        utteranceEndOctets =
            (request.query("utterance_end_ms").first.flatMap { Int($0) }).map { $0 * 8 } ?? .max
        sendsVoiceEvents = request.query("vad_events") == ["true"]
    }

    /// Takes audio in slices of 20 ms; gives the messages it causes.
    mutating func hear(_ octets: [UInt8]) -> [String] {
        var messages: [String] = []
        var rest = octets[...]
        while !rest.isEmpty {
            let slice = Array(rest.prefix(160))
            rest = rest.dropFirst(160)
            let spokenBefore = runs.count
            listen(to: slice)
            position += slice.count
            if runs.count > spokenBefore, hasEndedUtterance, sendsVoiceEvents {
                messages.append(speechStarted(at: runs[spokenBefore].start))
            }
            if runs.count > spokenBefore { hasEndedUtterance = false }
            messages += pauses()
        }
        return messages
    }

    private mutating func listen(to slice: [UInt8]) {
        if ear == nil {
            words.listen(to: slice, at: position, &runs)
        } else {
            ear?.listen(to: slice, at: position, &runs)
        }
    }

    private func isUnderstood(_ run: SimulatedWords.Run) -> Bool {
        guard let ear else { return words.isUnderstood(run) }
        return run.octetCount * 10 >= ear.recordings.words[run.word].octets * 6
    }

    private func text(of run: SimulatedWords.Run) -> String {
        ear?.recordings.words[run.word].text ?? words.words[run.word]
    }

    private mutating func pauses() -> [String] {
        let silence = position - (runs.last?.end ?? 0)
        if silence >= endpointOctets, (runs.last?.end ?? 0) > finalEnd {
            return [results(isFinal: true, isSpeechFinal: true)]
        }
        if silence >= utteranceEndOctets, !hasEndedUtterance {
            hasEndedUtterance = true
            let end = Double(runs.last?.end ?? 0) / Double(octetsPerSecond)
            return [#"{"type":"UtteranceEnd","channel":[0,1],"last_word_end":\#(end)}"#]
        }
        guard position - max(interimEnd, finalEnd) >= interimOctets else { return [] }
        interimEnd = position
        return [results(isFinal: false)]
    }

    /// Everything that is buffered, transcribed now; `nil` when there is nothing.
    mutating func finalize() -> String? {
        guard position > finalEnd else { return nil }
        return results(isFinal: true, isFromFinalize: true)
    }

    /// The last words and the summary.
    mutating func closeStream() -> [String] {
        let rest = position > finalEnd ? [results(isFinal: true)] : []
        let seconds = Double(position) / Double(octetsPerSecond)
        return rest + [
            """
            {"type":"Metadata","transaction_key":"deprecated","request_id":"6f0c","sha256":"ab",\
            "created":"2026-11-21T09:00:00.000Z","duration":\(seconds),"channels":1}
            """
        ]
    }

    private func speechStarted(at position: Int) -> String {
        let seconds = Double(position) / Double(octetsPerSecond)
        return #"{"type":"SpeechStarted","channel":[0,1],"timestamp":\#(seconds)}"#
    }

    private mutating func results(
        isFinal: Bool, isSpeechFinal: Bool = false, isFromFinalize: Bool = false
    ) -> String {
        let scale = Double(octetsPerSecond)
        let understood = runs.filter { $0.end > finalEnd && isUnderstood($0) }
        var heard = understood.map { (word: text(of: $0), start: $0.start, end: $0.end) }
        if isFinal, let word = addedWord?() {
            // Where the last word is, so that it belongs to the same utterance.
            heard.append((word, heard.last?.start ?? finalEnd, heard.last?.end ?? position))
        }
        let details: [[String: Any]] = heard.map { word, start, end in
            [
                "word": word.lowercased(), "punctuated_word": word, "confidence": 0.98,
                "start": Double(start) / scale, "end": Double(end) / scale,
            ]
        }
        let transcript = heard.map(\.word).joined(separator: " ")
        let message: [String: Any] = [
            "type": "Results", "channel_index": [0, 1], "start": Double(finalEnd) / scale,
            "duration": Double(position - finalEnd) / scale, "is_final": isFinal,
            "speech_final": isSpeechFinal, "from_finalize": isFromFinalize,
            "channel": [
                "alternatives": [
                    ["transcript": transcript, "confidence": 0.98, "words": details]
                        as [String: Any]
                ]
            ],
            "metadata": ["request_id": "6f0c", "model_uuid": "1dbd"],
        ]
        if isFinal { finalEnd = position }
        return SimulatedJSON.text(message)
    }
}
