internal import Foundation

/// JSON as the simulated providers of the integration tests write and read it.
enum SimulatedJSON {
    static var null: Any { NSNull() }

    static func text(_ value: [String: Any]) -> String {
        guard let data = try? JSONSerialization.data(withJSONObject: value) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    static func object(_ octets: [UInt8]) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(octets))) as? [String: Any]
    }

    static func object(_ text: String) -> [String: Any] { object(Array(text.utf8)) ?? [:] }
}
