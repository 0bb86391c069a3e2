internal import Events
internal import Foundation

/// Everything a conversation decided, each decision with its time.
///
/// Two logs of the same decisions have the same text to the last octet.
package struct DecisionLog: Sendable {
    package enum Decision: Sendable {
        case action(Conversation.Action)
        /// Who has the floor has changed.
        case phase(Conversation.Phase)
    }

    package struct Entry: Sendable {
        package let time: MonotonicTime
        package let decision: Decision
    }

    package private(set) var entries: [Entry] = []
    package private(set) var digest = DecisionDigest()

    package init() {}

    package mutating func add(_ action: Conversation.Action, at now: MonotonicTime) {
        entries.append(Entry(time: now, decision: .action(action)))
        digest.add(action, at: now)
    }

    package mutating func add(_ phase: Conversation.Phase, at now: MonotonicTime) {
        entries.append(Entry(time: now, decision: .phase(phase)))
    }

    /// One line a decision: seconds to the nanosecond, what was decided, its values.
    ///
    /// Audio that is sent is told by its length: a record without consent does not hold more.
    package var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var result = ""
        for entry in entries {
            result += entry.time.seconds
            result += " "
            switch entry.decision {
            case .phase(let phase): result += "phase \(phase.rawValue)"
            case .action(let action): result += action.line(encoder)
            }
            result += "\n"
        }
        return result
    }
}

extension MonotonicTime {
    /// `12.345678901`.
    fileprivate var seconds: String {
        let (seconds, attoseconds) = sinceStart.components
        let nanoseconds = String(attoseconds / 1_000_000_000)
        return "\(seconds)." + String(repeating: "0", count: 9 - nanoseconds.count) + nanoseconds
    }
}

extension Conversation.Action {
    fileprivate func line(_ encoder: JSONEncoder) -> String {
        switch self {
        case .beginUtterance(let utterance):
            "begin \(utterance.id) \(Self.json(utterance.hints.phrases.description))"
        case .finishUtterance(let id): "finish \(id)"
        case .cancelUtterance(let id): "cancel \(id)"
        case .askModel(let request, let generation):
            "ask \(generation) \(Self.json(request.history.last.map { "\($0)" } ?? ""))"
                + " after \(request.history.count)"
        case .runTool(let call, let generation):
            "tool \(generation) \(Self.json(call.id)) \(Self.json(call.name))"
                + " \(Self.json(call.arguments))"
        case .speak(let text, let chunk):
            "speak \(chunk.generation).\(chunk.index) \(Self.json(text))"
        case .speakByFace(let text, let chunk):
            "speak-by-face \(chunk.generation).\(chunk.index) \(Self.json(text))"
        case .cancelAnswer(let generation): "cancel-answer \(generation)"
        case .sendAudio(let octets): "audio \(octets.count)"
        case .sendMark(let mark): "mark \(mark.text)"
        case .sendClear: "clear"
        case .emit(let body): "event \(body.type.rawValue) \(Self.json(of: body, encoder))"
        case .transfer(let target): "transfer \(Self.json(target.reason))"
        case .hangUp(let reason): "hang-up \(reason.rawValue)"
        }
    }

    private static let nobody = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

    private static func json(of body: EventBody, _ encoder: JSONEncoder) -> String {
        let event = CallEvent(
            id: nobody, callID: "", seq: 0, time: Date(timeIntervalSince1970: 0),
            secondsFromStart: 0, body: body)
        return (try? encoder.encode(event)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// In quotes, on one line.
    private static func json(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                result += "\\"
                result.unicodeScalars.append(scalar)
            case "\n": result += "\\n"
            case let scalar where scalar.value < 0x20:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
