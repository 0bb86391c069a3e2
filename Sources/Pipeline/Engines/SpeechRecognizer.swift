package import Codecs

/// Speech-to-text behind one call: engines implement it, the call's driver uses it.
package protocol SpeechRecognizer: Sendable {
    /// Its interim words stay what they are, so that a turn may end early because of them.
    var interimsAreStable: Bool { get }

    /// Opens the recogniser's side of one call.
    ///
    /// - Parameters:
    ///   - request: what the call sounds like and which language it is in.
    ///   - audio: the caller's octets of open utterances; the session is its only reader.
    ///   - deliver: takes results, on any thread; it never blocks.
    /// - Returns: the call's session, ready for its first utterance.
    /// - Throws: `EngineError` when the engine cannot serve this call.
    func makeSession(
        _ request: RecognitionRequest, audio: AudioRing,
        deliver: @escaping @Sendable (RecognitionResult) -> Void
    ) throws(EngineError) -> any RecognitionSession
}

/// One call's recognition; every method is called on the call's media loop and returns at once.
package protocol RecognitionSession: AnyObject, Sendable {
    /// Octets of the open utterance have just been written to the ring; allocates nothing.
    func audioArrived()
    /// Comes every 20 ms for as long as the call lasts, for what is due at a time.
    func tick(at now: MonotonicTime)
    /// The octets written from `start` (a position of the ring) on belong to this utterance.
    func begin(_ utterance: Utterance, from start: AudioRing.Position)
    /// The utterance is over at `end`; exactly one final result or failure follows.
    func finish(_ utterance: Utterance.ID, at end: AudioRing.Position)
    /// Forget the utterance; no result follows.
    func cancel(_ utterance: Utterance.ID)
    /// The call is over; the ring is not read again after this returns.
    func close()
}

extension SpeechRecognizer {
    package var interimsAreStable: Bool { false }
}

/// For engines that read the ring on threads of their own.
extension RecognitionSession {
    package func audioArrived() {}
    package func tick(at now: MonotonicTime) {}
}

package struct RecognitionRequest: Sendable {
    package let format: AudioFormat
    package let language: Language
    /// Opens sockets on the call's media loop; `nil` where there is none.
    package let connector: (any EngineConnector)?

    package init(
        format: AudioFormat, language: Language, connector: (any EngineConnector)? = nil
    ) {
        self.format = format
        self.language = language
        self.connector = connector
    }
}

/// One stretch of the caller's speech, as voice detection cut it.
package struct Utterance: Sendable {
    /// Counts from 1 within a call.
    package typealias ID = Int
    package let id: ID
    package let hints: RecognitionHints

    package init(id: ID, hints: RecognitionHints) {
        self.id = id
        self.hints = hints
    }
}

/// What the agent can understand at this point of the dialogue; recognisers use what they can.
package struct RecognitionHints: Equatable, Sendable {
    /// A complete JSGF grammar ("#JSGF V1.0; grammar …; public <…> = …;"), lower case; `nil`: dictation.
    package var grammar: String?
    /// Words and phrases worth boosting.
    package var phrases: [String]
    /// What the agent asked for, which decides how long a pause may be; `nil`: anything.
    package var expecting: ExpectedEntity?

    package init(
        grammar: String? = nil, phrases: [String] = [], expecting: ExpectedEntity? = nil
    ) {
        self.grammar = grammar
        self.phrases = phrases
        self.expecting = expecting
    }
    package static let none = RecognitionHints()
}

/// What a recogniser says of one utterance, stamped when it said it.
package struct RecognitionResult: Sendable {
    package enum Outcome: Sendable, Equatable {
        /// May still change.
        case interim(String)
        /// Will not change; empty when there was speech but nothing was understood.
        case final(String)
        case failed(EngineError)
    }
    package let utterance: Utterance.ID
    package let outcome: Outcome
    /// When the engine had it, before any queue.
    package let readyAt: MonotonicTime

    package init(utterance: Utterance.ID, outcome: Outcome, readyAt: MonotonicTime) {
        self.utterance = utterance
        self.outcome = outcome
        self.readyAt = readyAt
    }
}
