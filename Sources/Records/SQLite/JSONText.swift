internal import Events
internal import Foundation

/// Values as the JSON text that columns hold.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw RecordStoreError.unreadable(what: "\(type)")
        }
    }

    /// The `data` of an event alone.
    static func encode(_ body: EventBody) throws -> String { try encode(EventData(body: body)) }

    static func members(of body: EventBody) throws -> [String: JSONTree] {
        JSONTree.members(of: EventData(body: body))
    }

    static func decodeEvent(type name: String, data: String) throws -> EventBody {
        guard let type = EventType(rawValue: name) else {
            throw RecordStoreError.unreadable(what: "an event of type \(name)")
        }
        do {
            return try JSONDecoder()
                .decode(EventData.self, from: Data(data.utf8), configuration: type).body
        } catch {
            throw RecordStoreError.unreadable(what: "an event of type \(name)")
        }
    }
}

/// The `data` member of an event.
private struct EventData: Encodable, DecodableWithConfiguration {
    let body: EventBody

    init(body: EventBody) { self.body = body }

    init(from decoder: any Decoder, configuration type: EventType) throws {
        body = try EventBody(type: type, data: decoder)
    }

    func encode(to encoder: any Encoder) throws { try body.encodeData(to: encoder) }
}
