/// What the servers of chat completions do differently, for the integration tests.
package struct SimulatedChatDialect: Sendable {
    /// Fields of a request that are refused.
    package var refusedFields: Set<String> = []
    /// Comments before and between events.
    package var sendsComments = false
    /// A tool call comes in one piece, as `finish_reason: "stop"`.
    package var sendsWholeToolCalls = false
    /// Arguments are an object instead of a string; only of whole calls.
    package var sendsArgumentsAsObject = false
    package var sendsToolCallIDs = true
    /// Counts come although nobody asked, in the last chunk with a choice.
    package var countsInLastChunk = false
    package var sendsDone = true
    /// Lines end with CR LF.
    package var sendsCarriageReturns = false
    /// The name of the field that thoughts come in; `nil`: in the text, between tags.
    package var thoughtField: String? = "reasoning_content"
    /// The code of errors inside a stream is the number of an HTTP status.
    package var hasNumericErrorCodes = false

    package init() {}

    package static let openAI: Self = {
        var dialect = Self()
        dialect.refusedFields = ["max_tokens", "cache_prompt", "id_slot"]
        return dialect
    }()

    package static let openRouter: Self = {
        var dialect = Self()
        dialect.refusedFields = ["max_completion_tokens"]
        dialect.sendsComments = true
        dialect.countsInLastChunk = true
        dialect.thoughtField = "reasoning"
        dialect.hasNumericErrorCodes = true
        return dialect
    }()

    package static let ollama: Self = {
        var dialect = Self()
        dialect.refusedFields = ["max_completion_tokens"]
        dialect.sendsWholeToolCalls = true
        dialect.sendsToolCallIDs = false
        dialect.thoughtField = "reasoning"
        return dialect
    }()

    package static let vLLM: Self = {
        var dialect = Self()
        dialect.refusedFields = ["max_completion_tokens"]
        dialect.sendsCarriageReturns = true
        dialect.thoughtField = nil
        return dialect
    }()

    package static let llamaCpp: Self = {
        var dialect = Self()
        dialect.refusedFields = ["max_completion_tokens"]
        dialect.sendsWholeToolCalls = true
        dialect.sendsArgumentsAsObject = true
        dialect.countsInLastChunk = true
        dialect.sendsDone = false
        return dialect
    }()
}
