internal import Pipeline

/// What comes back: windows of text, given to the utterances they lie in.
extension DeepgramStream {
    /// What a window may reach beyond an utterance, or lack of it, for the provider's rounding.
    var tolerance: Int { octets(of: .milliseconds(60)) }

    mutating func take(_ results: DeepgramResults, _ flow: Flow, at now: MonotonicTime) {
        let window = Self.window(results, flow, settings)
        var settled: Int?
        for index in utterances.indices {
            let overlap = utterances[index].overlap(window)
            if overlap > 0 { take(results, window, flow, overlap, index) }
            guard utterances[index].isFinished else { continue }
            let isAnswered =
                results.isFinal && results.isFromFinalize && utterances[index].finalizedAt != nil
                && window.upperBound > utterances[index].start + tolerance
            if isAnswered || utterances[index].isCovered(tolerance: tolerance) { settled = index }
        }
        settle(through: settled)
    }

    private mutating func take(
        _ results: DeepgramResults, _ window: Range<AudioRing.Position>, _ flow: Flow,
        _ overlap: Int, _ index: Int
    ) {
        let utterance = utterances[index]
        let isMost = overlap * 2 > window.count
        if results.isFinal {
            guard window.upperBound > utterance.covered else { return }
            let isWhole = window.count - overlap <= tolerance * 2
            let text =
                isWhole || results.words.isEmpty
                ? (isMost ? results.transcript : "") : words(of: results, flow, in: utterance)
            utterances[index].take(final: text, until: window.upperBound)
        } else {
            guard isMost else { return }
            utterances[index].take(interim: results.transcript, until: window.upperBound)
        }
        let text = utterances[index].text
        guard !utterance.isFinished, !text.isEmpty, text != utterance.text else { return }
        act(.deliver(utterance.id, .interim(text)))
    }

    /// The words of a window that lies across utterances, as far as they are this one's.
    private func words(
        of results: DeepgramResults, _ flow: Flow, in utterance: DeepgramUtterance
    ) -> String {
        results.words.filter { word in
            let middle = Self.position(
                (word.startSeconds + word.endSeconds) / 2, flow, settings)
            return middle >= utterance.start && middle < utterance.end ?? .max
        }.map(\.text).joined(separator: " ")
    }

    private static func window(
        _ results: DeepgramResults, _ flow: Flow, _ settings: Settings
    ) -> Range<AudioRing.Position> {
        let start = position(results.startSeconds, flow, settings)
        return
            start..<max(
                start, position(results.startSeconds + results.durationSeconds, flow, settings))
    }

    /// The position that a second of the provider's stream stands for.
    private static func position(
        _ seconds: Double, _ flow: Flow, _ settings: Settings
    ) -> AudioRing.Position {
        let samplesPerSecond = settings.octetsPerSecond / settings.octetsPerSample
        let samples = (min(max(seconds, 0), 1e6) * Double(samplesPerSecond)).rounded()
        return flow.base + Int(samples) * settings.octetsPerSample
    }
}
