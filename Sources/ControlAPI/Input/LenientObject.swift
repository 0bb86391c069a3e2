internal import Foundation

/// A JSON object of somebody who may leave out or change what they like: a member of another type
/// than the one that is meant is the same as none.
///
/// Only what is asked for is made; the rest of a large body is scanned and no more.
struct LenientObject: Decodable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// An element that may be of another type.
    private struct Element<Value: Decodable>: Decodable {
        let value: Value?
        init(from decoder: any Decoder) throws { value = try? Value(from: decoder) }
    }

    private let members: KeyedDecodingContainer<Name>
    /// What texts are cut at, in characters.
    static let longestText = 20_000

    init(from decoder: any Decoder) throws { members = try decoder.container(keyedBy: Name.self) }

    /// - Returns: `nil` for what is no JSON object.
    static func parsed(_ octets: Data) -> LenientObject? {
        try? JSONDecoder().decode(LenientObject.self, from: octets)
    }

    subscript(_ name: String) -> LenientObject? { value(name) }

    func value<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) -> Value? {
        (try? members.decodeIfPresent(Value.self, forKey: Name(stringValue: name))) ?? nil
    }

    /// Text as it may be kept: without control characters but tabs and line breaks.
    func text(_ name: String) -> String? {
        value(name, as: String.self).map { String($0.plain.prefix(Self.longestText)) }
    }

    /// Text that is not empty.
    func word(_ name: String) -> String? { text(name).flatMap { $0.isEmpty ? nil : $0 } }

    /// A finite number, also one that is written as text.
    func number(_ name: String) -> Double? {
        let number =
            value(name, as: Double.self) ?? value(name, as: String.self).flatMap(Double.init)
        return number.flatMap { $0.isFinite ? $0 : nil }
    }

    func flag(_ name: String) -> Bool? { value(name) }

    /// The objects of a list; other elements are left out.
    func objects(_ name: String) -> [LenientObject] {
        (value(name, as: [Element<LenientObject>].self) ?? []).compactMap(\.value)
    }

    /// A wall clock time in milliseconds since 1970, which may be fractional.
    func milliseconds(_ name: String) -> Date? {
        number(name).flatMap { Date(told: $0 / 1_000) }
    }

    /// A wall clock time in seconds since 1970.
    func seconds(_ name: String) -> Date? { number(name).flatMap { Date(told: $0) } }

    /// A wall clock time in ISO 8601.
    func time(_ name: String) -> Date? {
        guard let text = text(name), text.utf8.count <= 40 else { return nil }
        let split = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let time = (try? split.parse(text)) ?? (try? Date.ISO8601FormatStyle().parse(text))
        return time.flatMap { Date(told: $0.timeIntervalSince1970) }
    }
}

extension Date {
    /// `nil` outside of the years 2000 to 2200, where no call is; seconds since 1970.
    fileprivate init?(told seconds: Double) {
        guard (946_684_800..<7_258_118_400).contains(seconds) else { return nil }
        self.init(timeIntervalSince1970: seconds)
    }
}

extension String {
    /// Without control characters but tabs and line breaks.
    var plain: String {
        func isPlain(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value >= 32 && scalar.value != 127 || "\t\n\r".unicodeScalars.contains(scalar)
        }
        guard !unicodeScalars.allSatisfy(isPlain) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.filter(isPlain)))
    }
}
