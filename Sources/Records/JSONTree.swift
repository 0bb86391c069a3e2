/// JSON whose shape is known when the program runs only: the data of an event, a row, a request.
package enum JSONTree: Equatable, Sendable, Codable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSONTree])
    case object([String: JSONTree])

    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? value.decode(Int.self) {
            self = .integer(number)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSONTree].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSONTree].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .bool(let flag): try value.encode(flag)
        case .integer(let number): try value.encode(number)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        case .list(let list): try value.encode(list)
        case .object(let members): try value.encode(members)
        }
    }

    package init(_ text: String?) { self = text.map(Self.text) ?? .null }
    package init(_ number: Double?) { self = number.map(Self.number) ?? .null }
    package init(_ number: Int?) { self = number.map(Self.integer) ?? .null }
    package init(_ flag: Bool?) { self = flag.map(Self.bool) ?? .null }

    /// The members a value has in JSON; empty for what is no object there.
    package static func members(of value: some Encodable) -> [String: JSONTree] {
        guard let text = try? JSONText.encode(value),
            let tree = try? JSONText.decode(JSONTree.self, from: text),
            case .object(let members) = tree
        else { return [:] }
        return members
    }

    /// As it goes over the wire: members in the order of their names.
    package var json: String { (try? JSONText.encode(self)) ?? "null" }

    /// `json` in UTF-8.
    package var octets: [UInt8] { Array(json.utf8) }

    /// A member of an object; nothing in any other value.
    package subscript(_ name: String) -> JSONTree? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var list: [JSONTree]? { if case .list(let list) = self { list } else { nil } }

    /// Reads JSON in UTF-8; nothing where it is none.
    package init?(parsing octets: [UInt8]) {
        let text = String(decoding: octets, as: UTF8.self)
        guard let tree = try? JSONText.decode(JSONTree.self, from: text) else { return nil }
        self = tree
    }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral text: String) { self = .text(text) }
    package init(booleanLiteral flag: Bool) { self = .bool(flag) }
    package init(integerLiteral number: Int) { self = .integer(number) }
    package init(arrayLiteral elements: JSONTree...) { self = .list(elements) }

    /// Of a member that is given twice the last one counts.
    package init(dictionaryLiteral members: (String, JSONTree)...) {
        self = .object(Dictionary(members) { _, last in last })
    }
}
