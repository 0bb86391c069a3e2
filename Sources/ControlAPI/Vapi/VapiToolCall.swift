internal import Foundation
internal import Records

/// A tool that an assistant at Vapi asks for.
struct VapiToolCall: Equatable, Sendable {
    let id: String
    let name: String
    /// A JSON object.
    let arguments: String

    private static let mostCalls = 32

    /// Of the list, or of the other list that also describes the tools.
    static func all(in message: LenientObject) -> [VapiToolCall] {
        var calls = message.objects("toolCallList").compactMap { VapiToolCall($0, name: nil) }
        if calls.isEmpty {
            calls = message.objects("toolWithToolCallList").compactMap { tool in
                tool["toolCall"].flatMap { VapiToolCall($0, name: Self.name(of: tool)) }
            }
        }
        return Array(calls.prefix(mostCalls))
    }

    /// In any of the three shapes that are in circulation.
    init?(_ call: LenientObject, name outerName: String?) {
        guard let id = call.word("id"), let name = Self.name(of: call) ?? outerName else {
            return nil
        }
        self.init(
            id: id, name: name,
            arguments: call["function"]?.argumentText("arguments") ?? call.argumentText("arguments")
                ?? call.argumentText("parameters") ?? "{}")
    }

    /// The form without an id: it is made from the rest, so that a message sent twice has the same.
    init?(function message: LenientObject) {
        guard let call = message["functionCall"], let name = call.word("name") else { return nil }
        let time = message.milliseconds("timestamp").map(\.recordText) ?? ""
        let arguments = call.argumentText("parameters") ?? call.argumentText("arguments") ?? "{}"
        self.init(id: "function-\(name)-\(time)", name: name, arguments: arguments)
    }

    private init(id: String, name: String, arguments: String) {
        self.id = String(id.prefix(128))
        self.name = String(name.prefix(128))
        self.arguments = arguments
    }

    private static func name(of call: LenientObject) -> String? {
        call["function"]?.word("name") ?? call.word("name")
    }
}

extension LenientObject {
    /// Arguments of a tool as the text of a JSON object, however they are given; text that is no
    /// such object is one without members.
    func argumentText(_ name: String) -> String? {
        if let object: JSONTree = value(name, as: [String: JSONTree].self).map(JSONTree.object) {
            return object.json
        }
        guard let text: String = value(name) else { return nil }
        let object = try? JSONDecoder().decode([String: JSONTree].self, from: Data(text.utf8))
        return JSONTree.object(object ?? [:]).json
    }
}
