/// Builds the address of a provider's socket.
struct URLQuery {
    private var text: String

    /// - Parameter base: without a query.
    init(_ base: String) { text = base }

    var url: String { text }

    /// Adds a parameter, percent-encoded (RFC 3986 §2.3).
    mutating func add(_ name: String, _ value: String) {
        text += text.contains("?") ? "&" : "?"
        text += name + "=" + Self.encoded(value)
    }

    static func encoded(_ value: String) -> String {
        var result = ""
        for octet in value.utf8 {
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(octet))
            default:  // every other octet
                let digits = String(octet, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }
}
