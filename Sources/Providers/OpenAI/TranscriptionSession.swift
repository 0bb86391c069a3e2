internal import Pipeline
internal import Synchronization

/// One call's transcriptions: gathers each utterance on the loop and asks for its words elsewhere.
final class TranscriptionSession: RecognitionSession {
    private enum Stage {
        case gathering([UInt8])
        case asking(Task<Void, Never>)
    }
    private struct State {
        var stages: [Utterance.ID: Stage] = [:]
        var gathering: Utterance.ID?
        var isClosed = false
    }

    private let state = Mutex(State())
    private let ring: AudioRing
    private let limits: ClosedRange<Int>
    private let deliver: @Sendable (RecognitionResult) -> Void
    private let transcribe: @Sendable ([UInt8]) async throws(ProviderFailure) -> String

    /// - Parameters:
    ///   - ring: the call's audio.
    ///   - limits: octets of an utterance that is asked about.
    ///   - deliver: takes results.
    ///   - transcribe: asks for the words of an utterance.
    init(
        ring: AudioRing, limits: ClosedRange<Int>,
        deliver: @escaping @Sendable (RecognitionResult) -> Void,
        transcribe: @escaping @Sendable ([UInt8]) async throws(ProviderFailure) -> String
    ) {
        self.ring = ring
        self.limits = limits
        self.deliver = deliver
        self.transcribe = transcribe
    }

    func begin(_ utterance: Utterance, from start: AudioRing.Position) {
        ring.discard(before: start)
        state.withLock { state in
            var octets: [UInt8] = []
            octets.reserveCapacity(limits.upperBound)  // taken once, not per frame
            state.stages[utterance.id] = .gathering(octets)
            state.gathering = utterance.id
        }
    }

    func audioArrived() {
        state.withLock { state in
            guard let id = state.gathering, case .gathering(var octets) = state.stages[id] else {
                return ring.discard(before: ring.end)
            }
            state.stages[id] = nil  // lets the array grow in place
            let room = limits.upperBound - octets.count
            if room > 0 { octets.append(addingCapacity: room) { ring.read(into: &$0) } }
            ring.discard(before: ring.end)
            state.stages[id] = .gathering(octets)
        }
    }

    func finish(_ utterance: Utterance.ID, at end: AudioRing.Position) {
        audioArrived()
        state.withLock { state in
            guard !state.isClosed, case .gathering(let octets) = state.stages[utterance] else {
                return
            }
            if state.gathering == utterance { state.gathering = nil }
            guard octets.count >= limits.lowerBound else {
                state.stages[utterance] = nil
                return deliver(
                    RecognitionResult(utterance: utterance, outcome: .final(""), readyAt: .now()))
            }
            state.stages[utterance] = .asking(
                Task { [weak self, transcribe] in
                    let outcome: RecognitionResult.Outcome
                    do throws(ProviderFailure) {
                        outcome = .final(try await Self.twice(transcribe, octets))
                    } catch {
                        outcome = .failed(EngineError(transcription: error))
                    }
                    self?.end(utterance, outcome)
                })
        }
    }

    func cancel(_ utterance: Utterance.ID) {
        state.withLock { state in
            if state.gathering == utterance { state.gathering = nil }
            if case .asking(let task) = state.stages.removeValue(forKey: utterance) {
                task.cancel()
            }
        }
    }

    func close() {
        state.withLock { state in
            for case .asking(let task) in state.stages.values { task.cancel() }
            state = State(isClosed: true)
        }
    }

    private func end(_ utterance: Utterance.ID, _ outcome: RecognitionResult.Outcome) {
        guard state.withLock({ $0.stages.removeValue(forKey: utterance) }) != nil else { return }
        deliver(RecognitionResult(utterance: utterance, outcome: outcome, readyAt: .now()))
    }

    /// A kept connection may have been closed by the server just now: once more is no harm.
    private static func twice(
        _ transcribe: ([UInt8]) async throws(ProviderFailure) -> String, _ octets: [UInt8]
    ) async throws(ProviderFailure) -> String {
        do throws(ProviderFailure) {
            return try await transcribe(octets)
        } catch {
            guard error == .closedEarly, !Task.isCancelled else { throw error }
        }
        return try await transcribe(octets)
    }
}

extension EngineError {
    fileprivate init(transcription failure: ProviderFailure) {
        switch failure {
        case .unauthorised: self = .unavailable("the transcription server refuses the key")
        case .rejected(let status):
            self = .unavailable(
                "the transcription server refuses the request (\(status)): check the model")
        case .rateLimited, .overloaded: self = .overloaded("the transcription server is busy")
        case .timedOut, .stalledBeforeFirst, .stalledMidStream:
            self = .timedOut("the transcription server did not answer in time")
        case .dns, .refused, .server, .garbage, .closedEarly:
            self = .failed("no transcript from the server: \(failure.name)")
        }
    }
}
