internal import Foundation
internal import Records

/// Reads the members of a JSON body, or the parameters of a query, as the types they are meant to
/// have, and remembers everything that is wrong with them.
///
/// What is missing or wrong reads as a stand-in, which nobody gets to see: `Request.body` and
/// `Request.query` throw all the errors together. `null` is the same as a member that is missing,
/// and members that nobody asks for do not matter.
struct RequestFields {
    private enum Members {
        case body([String: JSONTree])
        case query([String: [String]])
    }

    private let members: Members
    private(set) var errors: [FieldError] = []

    init(body: [String: JSONTree]) { members = .body(body) }

    init(query: [String: [String]]) { members = .query(query) }

    /// Text that must be there.
    ///
    /// - Parameters:
    ///   - name: the member's.
    ///   - length: in Unicode scalars.
    /// - Returns: the text as it came, without control characters but tabs and line breaks.
    mutating func text(_ name: String, length: ClosedRange<Int> = 1...1_000) -> String {
        optionalText(name, length: length) ?? required(name, standIn: "")
    }

    /// Text that may be missing; see `text`.
    mutating func optionalText(_ name: String, length: ClosedRange<Int> = 1...1_000) -> String? {
        guard let value = value(name) else { return nil }
        guard case .text(let text) = value, isPlain(text, length) else {
            return refuse(name, Self.wantedText(length), standIn: "")
        }
        return text
    }

    /// A list of texts that must be there.
    ///
    /// - Parameters:
    ///   - name: the member's.
    ///   - count: of the texts.
    ///   - length: of each, in Unicode scalars.
    /// - Returns: the texts in the order they came.
    mutating func texts(
        _ name: String, count: ClosedRange<Int> = 1...100, length: ClosedRange<Int> = 1...200
    ) -> [String] {
        guard let value = value(name) else { return required(name, standIn: []) }
        guard case .list(let elements) = value, count.contains(elements.count) else {
            return refuse(
                name, "is a list of \(count.lowerBound) to \(count.upperBound) texts", standIn: [])
        }
        return elements.enumerated().map { index, element in
            guard case .text(let text) = element, isPlain(text, length) else {
                return refuse("\(name)/\(index)", Self.wantedText(length), standIn: "")
            }
            return text
        }
    }

    /// An object whose members are all texts; one without members where there is none.
    ///
    /// - Parameters:
    ///   - name: the member's.
    ///   - longest: how many texts there may be.
    ///   - nameLength: of each text's name, in Unicode scalars.
    ///   - length: of each text, in Unicode scalars.
    /// - Returns: the texts by their names.
    mutating func textMembers(
        _ name: String, atMost longest: Int, nameLength: ClosedRange<Int>,
        length: ClosedRange<Int>
    ) -> [String: String] {
        guard let value = value(name) else { return [:] }
        guard case .object(let members) = value, members.count <= longest,
            members.keys.allSatisfy({ isPlain($0, nameLength) })
        else {
            return refuse(
                name,
                "is an object of at most \(longest) texts, whose names have "
                    + "\(nameLength.lowerBound) to \(nameLength.upperBound) characters",
                standIn: [:])
        }
        var texts: [String: String] = [:]
        for (member, value) in members {
            if case .text(let text) = value, isPlain(text, length) {
                texts[member] = text
            } else {
                refuse("\(name)/\(member)", Self.wantedText(length), standIn: ())
            }
        }
        return texts
    }

    /// A whole number, or what stands for it where there is none.
    mutating func number(
        _ name: String, in range: ClosedRange<Int>, default fallback: Int
    ) -> Int {
        guard let value = value(name) else { return fallback }
        let number: Int? =
            switch (value, members) {
            case (.integer(let number), _): number
            case (.number(let number), _): Int(exactly: number)
            case (.text(let text), .query): Int(text)
            default: nil  // Other types are no numbers, whatever they hold.
            }
        guard let number, range.contains(number) else {
            return refuse(
                name, "is a whole number from \(range.lowerBound) to \(range.upperBound)",
                standIn: fallback)
        }
        return number
    }

    /// `true` or `false` that must be there.
    mutating func flag(_ name: String) -> Bool {
        optionalFlag(name) ?? required(name, standIn: false)
    }

    mutating func optionalFlag(_ name: String) -> Bool? {
        guard let value = value(name) else { return nil }
        switch (value, members) {
        case (.bool(let flag), _): return flag
        case (.text("true"), .query): return true
        case (.text("false"), .query): return false
        default: return refuse(name, "is true or false", standIn: false)  // Of any other type.
        }
    }

    /// One of a few names, or what stands for it where there is none.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default fallback: Choice
    ) -> Choice where Choice.RawValue == String {
        optionalChoice(name) ?? fallback
    }

    /// One of a few names, which must be there.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, standIn: Choice
    ) -> Choice where Choice.RawValue == String {
        optionalChoice(name) ?? required(name, standIn: standIn)
    }

    mutating func optionalChoice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        guard let value = value(name) else { return nil }
        guard case .text(let text) = value, let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            return refuse(name, "is one of \(names)", standIn: nil)
        }
        return choice
    }

    /// A time, ISO 8601 with its zone, or a day: its first moment in UTC.
    mutating func optionalTime(_ name: String) -> Date? {
        guard let value = value(name) else { return nil }
        guard case .text(let text) = value, let time = Self.time(text) else {
            return refuse(
                name, "is a time such as 2026-03-09T08:05:00Z or a day such as 2026-03-09",
                standIn: nil)
        }
        return time
    }

    /// Notes that a member is wrong in a way only its reader knows.
    ///
    /// - Parameters:
    ///   - name: the member's; `/` leads into it.
    ///   - detail: goes on after the name, such as "is a URL".
    ///   - standIn: given back.
    /// - Returns: `standIn`.
    @discardableResult
    mutating func refuse<Value>(
        _ name: String, _ detail: String, standIn: Value
    ) -> Value {
        let place: FieldError.Place =
            switch members {
            case .body: .body(pointer: "#/" + name)
            case .query: .query(name: name)
            }
        errors.append(FieldError(detail: "\(name) \(detail).", place: place))
        return standIn
    }

    private mutating func required<Value>(_ name: String, standIn: Value) -> Value {
        // What is wrong has been said already where there was something.
        guard value(name) == nil else { return standIn }
        return refuse(name, "is missing", standIn: standIn)
    }

    private mutating func value(_ name: String) -> JSONTree? {
        switch members {
        case .body(let members):
            let value = members[name]
            return value == .null ? nil : value
        case .query(let members):
            guard let values = members[name] else { return nil }
            // Given twice it is of no type that a reader takes.
            return values.count == 1 ? .text(values[0]) : .list(values.map(JSONTree.text))
        }
    }

    private func isPlain(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.unicodeScalars.count)
            && text.unicodeScalars.allSatisfy {
                $0.value >= 32 || "\t\n\r".unicodeScalars.contains($0)
            }
    }

    private static func wantedText(_ length: ClosedRange<Int>) -> String {
        "is text of \(length.lowerBound) to \(length.upperBound) characters without control codes"
    }

    private static func time(_ text: String) -> Date? {
        let day = Date.ISO8601FormatStyle().year().month().day()
        let second = Date.ISO8601FormatStyle()
        let split = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        // The formatter takes the 30th of February for the 2nd of March.
        let date = String(text.prefix(10))
        guard text.utf8.count <= 40, let first = try? day.parse(date), day.format(first) == date
        else { return nil }
        let time =
            text.utf8.count == 10
            ? try? day.parse(text) : (try? second.parse(text)) ?? (try? split.parse(text))
        // Years beyond have other widths as text, and would not sort.
        guard let time, (-62_135_596_800..<253_402_300_800).contains(time.timeIntervalSince1970)
        else { return nil }
        return time
    }
}
