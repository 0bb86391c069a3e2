import Foundation
import Records
import Testing

@testable import ControlAPI

private func fields(_ json: String) throws -> RequestFields {
    RequestFields(
        body: try JSONDecoder().decode([String: JSONTree].self, from: Data(json.utf8)))
}

@Test func everythingThatIsWrongIsToldAtOnce() throws {
    var read = try fields(
        #"{"a": 1, "b": "", "d": ["x", 2, ""], "e": "maybe", "f": 1, "g": 2.5, "h": "2026-13-01"}"#)
    _ = read.text("a")
    _ = read.text("b")
    _ = read.text("c")
    _ = read.texts("d")
    _ = read.choice("e", default: MappingSource.manual)
    _ = read.flag("f")
    _ = read.number("g", in: 0...9, default: 0)
    _ = read.optionalTime("h")
    #expect(
        read.errors.map(\.place)
            == ["a", "b", "c", "d/1", "d/2", "e", "f", "g", "h"].map { .body(pointer: "#/" + $0) })
    #expect(read.errors[2].detail == "c is missing.")
    #expect(read.errors[5].detail == "e is one of manual, auto_learned, ai_suggested.")
}

@Test func whatIsRightIsRead() throws {
    var read = try fields(
        #"{"a": "año\n", "d": ["x"], "e": "ai_suggested", "f": false, "g": 3, "z": null}"#)
    #expect(read.text("a") == "año\n")
    #expect(read.texts("d") == ["x"])
    #expect(read.choice("e", default: MappingSource.manual) == .aiSuggested)
    #expect(read.optionalFlag("f") == false)
    #expect(read.number("g", in: 0...9, default: 0) == 3)
    #expect(read.number("missing", in: 0...9, default: 7) == 7)
    #expect(read.optionalText("z") == nil)
    #expect(read.errors.isEmpty)
}

@Test(arguments: ["a\u{0}b", "\u{1B}[2J", String(repeating: "x", count: 201)])
func textIsPlainAndBounded(text: String) {
    var read = RequestFields(body: ["a": .text(text)])
    _ = read.optionalText("a", length: 1...200)
    #expect(read.errors.count == 1)
    #expect(read.errors.first?.detail.contains(text) == false)
}

@Test(arguments: [
    ("2026-03-09", 1_773_014_400.0), ("2026-03-09T08:05:00Z", 1_773_043_500),
    ("2026-03-09T08:05:00.250Z", 1_773_043_500.25), ("2026-03-09T09:05:00+01:00", 1_773_043_500),
])
func times(text: String, seconds: Double) throws {
    var fields = RequestFields(query: ["from": [text]])
    let read = fields.optionalTime("from")
    let time = try #require(read)
    #expect(abs(time.timeIntervalSince1970 - seconds) < 0.001)
}

@Test(arguments: [
    "yesterday", "2026-02-30", "2026-03-09 08:05", "99999-01-01", "2026-3-9", "", "08:05:00Z",
    "-2026-03-09", "2026-03-09T08:05:00",
])
func noTimes(text: String) {
    var read = RequestFields(query: ["from": [text]])
    #expect(read.optionalTime("from") == nil)
    #expect(read.errors.map(\.place) == [.query(name: "from")])
}

@Test func parametersCountOnce() {
    var read = RequestFields(query: ["limit": ["1", "2"], "active": ["true"]])
    _ = read.number("limit", in: 1...9, default: 5)
    #expect(read.optionalFlag("active") == true)
    #expect(read.errors.map(\.place) == [.query(name: "limit")])
}
