internal import Pipeline

/// A conversation's history in the shape every chat API takes: caller and model in turns, the
/// caller first and last, and each turn with tool calls followed by one with all their results.
///
/// What an operator or the CRM added stands as a note in a caller's turn: strict servers take a
/// system message at the beginning only, and one there would empty the provider's prompt cache.
struct ModelTurns: Equatable, Sendable {
    enum Turn: Equatable, Sendable {
        /// The results answer the calls of the turn before, in their order.
        case caller(results: [ToolResult], text: String)
        case model(text: String, calls: [ToolCall])
    }

    private(set) var turns: [Turn] = []
    /// Of the last turn's calls, until it is closed.
    private var results: [ToolResult] = []
    private var callIDs: Set<String> = []

    /// Said in place of a caller who has said nothing yet.
    private static let callBegins = note("The caller is on the line.")
    /// A chat API asked with the model's own words last would complete those.
    private static let goOn = note("The caller has not said anything. Go on.")
    /// For a call whose tool never answered: the caller cut in, or the provider changed.
    private static let unanswered = "cancelled by caller"

    /// - Parameter history: already bounded.
    init(_ history: [Message]) {
        for (index, message) in history.enumerated() {
            switch message {
            case .user(let text): addCaller(text.trimmed)
            case .context(let text):
                let text = text.trimmed
                if !text.isEmpty { addCaller(Self.note(text)) }
            case .agent(let text, _): addModel(text.trimmed)
            case .toolCall(let call): add(call, answeredIn: history[index...])
            // Stands with its call already; one without a call is left out.
            case .toolResult: closeCalls()
            }
        }
        closeCalls()
        switch turns.last {
        case nil: addCaller(Self.callBegins)
        case .model: addCaller(Self.goOn)
        case .caller: break
        }
    }

    /// How many tokens they are, by the estimate.
    var tokens: Int {
        turns.reduce(0) { sum, turn in
            switch turn {
            case .caller(let results, let text):
                results.reduce(sum + ContextWindow.tokens(in: text)) {
                    $0 + ContextWindow.tokens(in: $1.content)
                }
            case .model(let text, let calls):
                calls.reduce(sum + ContextWindow.tokens(in: text)) {
                    $0 + ContextWindow.tokens(in: $1.arguments)
                }
            }
        }
    }

    private static func note(_ text: String) -> String { "<note>\(text)</note>" }

    private mutating func addCaller(_ text: String) {
        closeCalls()
        guard !text.isEmpty else { return }
        guard case .caller(let results, let said) = turns.last else {
            return turns.append(.caller(results: [], text: text))
        }
        turns[turns.count - 1] = .caller(
            results: results, text: said.isEmpty ? text : said + "\n" + text)
    }

    private mutating func addModel(_ text: String) {
        closeCalls()
        guard !text.isEmpty else { return }
        beginWithCaller()
        guard case .model(let said, let calls) = turns.last else {
            return turns.append(.model(text: text, calls: []))
        }
        turns[turns.count - 1] = .model(text: said + " " + text, calls: calls)
    }

    private mutating func add(_ call: ToolCall, answeredIn later: ArraySlice<Message>) {
        beginWithCaller()
        var result: ToolResult?
        for case .toolResult(let candidate) in later where candidate.callID == call.id {
            result = candidate
            break
        }
        // Some servers number the calls of each answer from zero; an API wants them told apart.
        var id = call.id
        while id.isEmpty || !callIDs.insert(id).inserted { id = "\(call.id)_\(callIDs.count)" }
        results.append(
            ToolResult(
                callID: id, succeeded: result?.succeeded ?? false,
                content: result?.content ?? Self.unanswered))
        let call = ToolCall(id: id, name: call.name, arguments: call.arguments)
        if case .model(let said, let calls) = turns.last {
            turns[turns.count - 1] = .model(text: said, calls: calls + [call])
        } else {
            turns.append(.model(text: "", calls: [call]))
        }
    }

    /// Ends a turn that has calls with the results of all of them.
    private mutating func closeCalls() {
        guard !results.isEmpty else { return }
        turns.append(.caller(results: results, text: ""))
        results = []
    }

    private mutating func beginWithCaller() {
        if turns.isEmpty { turns.append(.caller(results: [], text: Self.callBegins)) }
    }
}
