/// The fields of an `application/x-www-form-urlencoded` body, in the order they came.
///
/// Decoded octet by octet (WHATWG URL, "application/x-www-form-urlencoded parsing"): Foundation's
/// percent decoding keeps `+` and gives up on octets that are no UTF-8.
package struct FormFields: Equatable, Sendable {
    package struct Field: Equatable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package let fields: [Field]

    package init(_ fields: [Field] = []) { self.fields = fields }

    /// Reads a body or a query; nothing is wrong with any octets.
    package init(parsing octets: some Collection<UInt8>) {
        fields = octets.split(separator: UInt8(ascii: "&")).map { pair in
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            return Field(Self.decoded(name), Self.decoded(pair.dropFirst(name.count + 1)))
        }
    }

    /// The first value of a name; `nil` when it is absent or empty.
    package subscript(_ name: String) -> String? {
        fields.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// As a body of ours.
    package var octets: [UInt8] {
        var octets: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { octets.append(UInt8(ascii: "&")) }
            octets += Self.encoded(field.name) + [UInt8(ascii: "=")] + Self.encoded(field.value)
        }
        return octets
    }

    private static func decoded(_ octets: some Collection<UInt8>) -> String {
        var result: [UInt8] = []
        var rest = octets[...]
        while let octet = rest.popFirst() {
            let digits = rest.prefix(2)
            if octet == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy(isHexadecimal),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                result.append(value)
                rest = rest.dropFirst(2)
            } else {
                result.append(octet == UInt8(ascii: "+") ? UInt8(ascii: " ") : octet)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `UInt8(_:radix:)` takes a sign as well.
    private static func isHexadecimal(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false  // octets, not ours
        }
    }

    private static func encoded(_ text: String) -> [UInt8] {
        text.utf8.flatMap { octet -> [UInt8] in
            switch octet {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "*"):
                return [octet]
            default:  // octets, not ours
                let digits = String(octet, radix: 16, uppercase: true)
                return Array("%\(digits.count < 2 ? "0" : "")\(digits)".utf8)
            }
        }
    }
}
