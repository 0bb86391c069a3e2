internal import Foundation

/// JSON as the simulated providers of the integration tests write and read it.
enum SimulatedJSON {
    static var null: Any { NSNull() }

    /// Writes it itself: of fifty calls' messages Foundation takes a third of the simulators' time,
    /// which they share with the gateway under test.
    static func text(_ value: [String: Any]) -> String {
        var text = ""
        write(value, to: &text)
        return text
    }

    private static func write(_ value: Any, to text: inout String) {
        switch value {
        case let string as String: write(string, to: &text)
        case let flag as Bool: text += flag ? "true" : "false"
        case let number as Int: text += String(number)
        case let number as Double: text += String(number)
        case is NSNull: text += "null"
        case let members as [String: Any]:
            text += "{"
            for (index, (name, member)) in members.enumerated() {
                if index > 0 { text += "," }
                write(name, to: &text)
                text += ":"
                write(member, to: &text)
            }
            text += "}"
        case let elements as [Any]:
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                write(element, to: &text)
            }
            text += "]"
        default: preconditionFailure("no JSON: \(type(of: value))")
        }
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                text += "\\"
                text.unicodeScalars.append(scalar)
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    static func object(_ octets: [UInt8]) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(octets))) as? [String: Any]
    }

    static func object(_ text: String) -> [String: Any] { object(Array(text.utf8)) ?? [:] }
}
