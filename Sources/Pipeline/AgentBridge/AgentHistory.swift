/// The messages of a call whose entries may still change: words come late, answers are cut.
struct AgentHistory: Sendable {
    private var entries: [(id: Int, message: Message)] = []
    private var lastID = 0

    /// Without what stayed empty.
    var messages: [Message] {
        entries.map(\.message).filter { message in
            switch message {
            case .user(let text), .agent(let text, _), .context(let text): !text.isEmpty
            case .toolCall, .toolResult: true
            }
        }
    }

    mutating func append(_ message: Message) -> Int {
        lastID += 1
        entries.append((lastID, message))
        return lastID
    }

    mutating func replace(_ id: Int, by message: Message) {
        guard let index = entries.lastIndex(where: { $0.id == id }) else { return }
        entries[index].message = message
    }

    /// Right behind its call, where language models demand it, however late it comes.
    mutating func insert(_ result: ToolResult) {
        lastID += 1
        let call = entries.lastIndex { entry in
            if case .toolCall(let call) = entry.message { call.id == result.callID } else { false }
        }
        entries.insert((lastID, .toolResult(result)), at: call.map { $0 + 1 } ?? entries.count)
    }

    func toolName(of result: ToolResult) -> String {
        for case .toolCall(let call) in entries.reversed().map(\.message)
        where call.id == result.callID {
            return call.name
        }
        return ""
    }

    /// The newest cut answer becomes what its agent says was heard of it.
    mutating func correctLastCut(to text: String) {
        let index = entries.lastIndex { entry in
            if case .agent(_, true) = entry.message { true } else { false }
        }
        guard let index else { return }
        entries[index].message = .agent(text, interrupted: true)
    }
}
