import Foundation
import Testing

@testable import Providers

/// What is written, read back by Foundation's parser.
@Suite struct JSONValueTests {
    @Test(arguments: [
        "", "plain", "\"quoted\" \\ and / solidus", "line\nbreak\ttab\rreturn", "¿Qué tal? 😀",
        "\u{0}\u{1}\u{1F}\u{7F}\u{2028}", "exactly8", "behind16octets\"\"\"",
    ])
    func strings(_ text: String) throws {
        let octets = JSONValue.object([text: .string(text)]).octets
        let read = try JSONSerialization.jsonObject(with: Data(octets)) as? [String: String]
        #expect(read == [text: text])
    }

    @Test(arguments: [
        (JSONValue.integer(.min), "-9223372036854775808"), (.number(0.7), "0.7"), (.number(1), "1"),
        (.number(-2.5e-7), "-2.5e-07"), (.number(1e300), "1e+300"), (.number(.infinity), "null"),
        (.null, "null"), (.bool(true), "true"), (.bool(false), "false"), (.array([]), "[]"),
        (.object([:]), "{}"),
    ])
    func others(value: JSONValue, expected: String) { #expect(value.text == expected) }

    /// Providers cache by prefix: equal values are equal octets.
    @Test func keysAreSorted() {
        let value: JSONValue = ["z": [1, "two", nullValue], "a": ["y": 1, "b": 2]]
        #expect(value.text == #"{"a":{"b":2,"y":1},"z":[1,"two",null]}"#)
    }

    private let nullValue = JSONValue.null
}
