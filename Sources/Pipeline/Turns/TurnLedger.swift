package import Events

/// When each stage of a turn was reached (DESIGN §5), and how long engines took of it.
package struct TurnLedger: Equatable, Sendable {
    /// The end of the last voiced frame; for the greeting, the start of the call.
    package let voiceEnd: MonotonicTime
    package var endpoint: MonotonicTime?
    package var transcriptFinal: MonotonicTime?
    package var llmFirstToken: MonotonicTime?
    package var firstSentence: MonotonicTime?
    package var ttsFirstByte: MonotonicTime?
    package var firstAudioSent: MonotonicTime?
    package var firstAudioHeard: MonotonicTime?

    /// Engines' own time between `endpoint` and `firstAudioSent`, asked to ready.
    package var engineTime: Duration = .zero

    package init(voiceEnd: MonotonicTime) { self.voiceEnd = voiceEnd }

    /// Adds an engine's wait, from the moment it was asked until its result was ready.
    package mutating func addEngineTime(from asked: MonotonicTime?, to ready: MonotonicTime) {
        guard let asked, asked < ready else { return }
        engineTime += asked.duration(to: ready)
    }

    /// Writes the stages into `record`, in milliseconds.
    package func fill(_ record: inout TurnRecord) {
        record.voiceEndSinceStart = voiceEnd.sinceStart
        record.endpointing = stage(voiceEnd, endpoint)
        record.sttLatency = stage(endpoint, transcriptFinal)
        record.llmLatency = stage(transcriptFinal, llmFirstToken)
        record.chunking = stage(llmFirstToken, firstSentence)
        record.ttsLatency = stage(firstSentence, ttsFirstByte)
        record.send = stage(ttsFirstByte, firstAudioSent)
        record.totalLatency = stage(voiceEnd, firstAudioSent)
        record.firstAudioHeard = stage(voiceEnd, firstAudioHeard)
        if let endpoint, let firstAudioSent {
            let afterEndpoint = endpoint.duration(to: firstAudioSent)
            record.bridge = max(0, (afterEndpoint - engineTime).milliseconds)
        }
    }

    private func stage(_ from: MonotonicTime?, _ to: MonotonicTime?) -> Double? {
        guard let from, let to else { return nil }
        return from.duration(to: to).milliseconds
    }
}
