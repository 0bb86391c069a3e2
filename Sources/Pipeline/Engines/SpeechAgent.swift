package import Codecs

/// A provider that hears, thinks and speaks at once: it takes the caller's audio and gives the
/// agent's.
package protocol SpeechAgent: Sendable {
    /// As events and settings call it.
    var name: String { get }
    /// It says when a response is whole; otherwise a second without audio tells.
    var tellsResponseEnds: Bool { get }

    /// Opens the agent's side of one call; returns before there is a connection.
    ///
    /// - Parameters:
    ///   - request: what the call sounds like, and what is known of it.
    ///   - deliver: takes what the agent says, on any thread; it never blocks.
    /// - Returns: the call's session.
    /// - Throws: `EngineError` when the agent cannot serve this call.
    func makeSession(
        _ request: SpeechAgentRequest, deliver: @escaping @Sendable (SpeechAgentEvent) -> Void
    ) throws(EngineError) -> any SpeechAgentSession
}

package struct SpeechAgentRequest: Sendable {
    /// Of the caller's octets; never Opus.
    package let inbound: AudioFormat
    /// Of the agent's octets; never Opus.
    package let outbound: AudioFormat
    package let language: Language
    /// Opens sockets on the call's media loop.
    package let connector: any EngineConnector
    /// What is known of the call, such as the caller's number, by name.
    package let variables: [String: String]

    package init(
        inbound: AudioFormat, outbound: AudioFormat, language: Language,
        connector: any EngineConnector, variables: [String: String] = [:]
    ) {
        self.inbound = inbound
        self.outbound = outbound
        self.language = language
        self.connector = connector
        self.variables = variables
    }
}

/// One call's agent; every method is called on the call's media loop and returns at once.
package protocol SpeechAgentSession: AnyObject, Sendable {
    /// The caller's next octets, as they come; kept for a moment while there is no connection.
    func hear(_ octets: Span<UInt8>)
    /// Comes every 20 ms for as long as the call lasts.
    func tick(at now: MonotonicTime)
    func answer(_ result: ToolResult)
    /// The caller's words that were not spoken: keys.
    func say(_ text: String)
    /// What the agent shall know; it does not interrupt.
    func add(context: String)
    /// The caller heard no more of a response than this.
    func truncate(response: Int, heardMilliseconds: Int)
    /// Nothing more is wanted of what the agent is saying.
    func stopSpeaking()
    func close()
}

/// What an agent's session tells of its call.
///
/// Responses are numbered by the session in the order in which they begin, from 1, and so are the
/// caller's utterances.
package enum SpeechAgentEvent: Sendable {
    /// It hears the caller and may speak.
    case ready
    /// It is alive, and nothing more.
    case sign
    /// The caller speaks: nothing of the responses up to this one is wanted any more.
    case interrupted(through: Int)
    /// The agent takes the caller's turn to be over.
    case turnEnded(utterance: Int)
    /// The words may come after the answer to them.
    case heard(String, utterance: Int, isFinal: Bool)
    /// The next piece of what a response says; `isWhole`: nothing follows it.
    case text(String, response: Int, isWhole: Bool)
    /// `readyAt`: when it came off the wire.
    case audio(SpeechBlock, response: Int, readyAt: MonotonicTime)
    case responseEnded(Int)
    /// What the agent takes the caller to have heard of a response it was interrupted in.
    case corrected(from: String, to: String)
    case toolCall(ToolCall)
    /// The call is to go on without it once what it says was heard.
    case closing(Closing)
    /// Something went wrong that it survived; the text names no secret.
    case complained(String)
    /// It has ended the conversation in good order.
    case ended
    case failed(ProviderFailure)
}
