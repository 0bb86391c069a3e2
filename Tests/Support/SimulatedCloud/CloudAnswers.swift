internal import Foundation
internal import ProviderSimulators

/// What the simulated models know: an answer for each question, as a file tells it.
struct CloudAnswers: Sendable {
    struct Answer: Decodable, Sendable {
        struct Tool: Decodable, Sendable {
            let name: String
            /// A JSON object as text.
            let arguments: String
        }

        /// Words that are in what the caller said; `*`: anything else.
        let when: String
        let say: String
        /// Called after `say`; the model says `then` with its result.
        var tool: Tool?
        var then: String?
    }

    private let answers: [Answer]

    init(path: String) throws {
        answers = try JSONDecoder().decode(
            [Answer].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// The one whose words are the most of those that were said.
    func answer(to words: String) -> Answer? {
        let said = Self.plain(words)
        return answers.filter { said.contains(Self.plain($0.when)) }
            .max { $0.when.count < $1.when.count }
            ?? answers.first { $0.when == "*" }
    }

    /// What is said with the result of the call that this is the answer to.
    func sequel(to request: SimulatedModelRequest) -> String? {
        answers.compactMap { answer -> String? in
            guard let tool = answer.tool else { return nil }
            return request.body.contains("\"\(tool.name)\"") ? answer.then : nil
        }.first
    }

    /// The parts a model sends.
    func parts(for request: SimulatedModelRequest) -> [SimulatedModelAnswer.Part] {
        if !request.toolResults.isEmpty { return [.text(sequel(to: request) ?? "Done.")] }
        if let rest = rest(of: request) { return [.text(rest)] }
        guard let answer = answer(to: request.lastWords) else { return [.text("I see.")] }
        var parts = answer.say.isEmpty ? [] : [SimulatedModelAnswer.Part.text(answer.say)]
        if let tool = answer.tool {
            let id = "call_\(UInt32.random(in: 0...UInt32.max))"
            parts.append(.tool(id: id, name: tool.name, arguments: tool.arguments))
        }
        return parts
    }

    /// What is left of an answer that somebody else began: a model that is told to go on does.
    private func rest(of request: SimulatedModelRequest) -> String? {
        guard request.lastWords.hasPrefix("<note>"),
            let said = Self.lastAnswer(in: request.body), !said.isEmpty
        else { return nil }
        return answers.flatMap { [$0.say, $0.then ?? ""] }
            .first { $0.hasPrefix(said) && $0 != said }
            .map { String($0.dropFirst(said.count)).trimmingCharacters(in: .whitespaces) }
    }

    private static func lastAnswer(in body: String) -> String? {
        let json = try? JSONSerialization.jsonObject(with: Data(body.utf8))
        let messages = (json as? [String: Any])?["messages"] as? [[String: Any]] ?? []
        let content = messages.last { $0["role"] as? String == "assistant" }?["content"]
        if let text = content as? String { return text.trimmingCharacters(in: .whitespaces) }
        let blocks = content as? [[String: Any]] ?? []
        return blocks.compactMap { $0["text"] as? String }.joined()
            .trimmingCharacters(in: .whitespaces)
    }

    private static func plain(_ text: String) -> String {
        text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "*" }
    }
}
