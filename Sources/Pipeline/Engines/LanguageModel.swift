/// The mind of the agent: takes the conversation so far, streams the answer.
package protocol LanguageModel: Sendable {
    /// Streams one answer; ending the iteration early cancels it.
    ///
    /// With an empty history the model opens the call (greeting). A stream that ends after tool
    /// calls is asked again once their results stand in the history.
    /// Errors thrown by the stream are `EngineError`.
    func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error>

    /// Opens a connection for the next answer to use, at the start of a call.
    ///
    /// - Throws: when the provider cannot be reached; what it thinks of the key does not matter.
    func warmUp() async throws(ProviderFailure)
}

/// For models that are no network away.
extension LanguageModel {
    package func warmUp() async throws(ProviderFailure) {}
}

package struct ModelRequest: Sendable {
    package let language: Language
    /// Oldest first; what the agent said stands as the caller heard it.
    package let history: [Message]
    /// What this call's agent is told instead of its configuration; `nil`: that stands.
    package let agent: AgentOverride?

    package init(language: Language, history: [Message], agent: AgentOverride? = nil) {
        self.language = language
        self.history = history
        self.agent = agent
    }
}

/// One entry of the history a language model sees.
package enum Message: Equatable, Sendable {
    case user(String)
    /// `interrupted`: the caller cut it off after these words.
    case agent(String, interrupted: Bool)
    case toolCall(ToolCall)
    case toolResult(ToolResult)
    /// Added by an operator or the CRM; instructions, not speech.
    case context(String)

    var isContext: Bool { if case .context = self { true } else { false } }
}

package struct ToolCall: Equatable, Sendable {
    package let id: String
    package let name: String
    /// A JSON object.
    package let arguments: String

    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

package struct ToolResult: Equatable, Sendable {
    package let callID: String
    package let succeeded: Bool
    /// JSON when it succeeded, else a sentence for the model.
    package let content: String

    package init(callID: String, succeeded: Bool, content: String) {
        self.callID = callID
        self.succeeded = succeeded
        self.content = content
    }
}

package enum ModelEvent: Equatable, Sendable {
    /// The next piece of the answer, as short as a token.
    case text(String)
    case toolCall(ToolCall)
    /// What the caller may say next, for recognisers that take a grammar.
    case expects(RecognitionHints)
    /// Speech does not interrupt this answer; said before its first text.
    ///
    /// What the caller says meanwhile is recognised, and answered once they have heard it all.
    case guarded
    /// Said once the answer has been heard.
    case closing(Closing)
}

/// How the model wants the call to go on once its answer has been heard.
package enum Closing: Equatable, Sendable {
    case hangUp
    /// Hand the caller to a human.
    case transfer(reason: String)
}

/// Runs the tools a language model asks for.
package protocol ToolRunner: Sendable {
    func run(_ call: ToolCall, callID: String) async -> ToolResult
}
