internal import HTTPTypes
internal import Records

/// What the OpenAPI document says of one route.
struct APIOperation: Sendable {
    struct Parameter: Sendable {
        let name: String
        let schema: JSONTree
        let detail: String
    }

    /// Methods in capitals, as on the wire.
    let method: HTTPRequest.Method
    /// As the route has it, with `:name`.
    let path: String
    let tag: String
    let summary: String
    /// Of the query; those of the path follow from it.
    var query: [Parameter] = []
    /// Names of schemas; `nil` for no body.
    var body: String?
    var answer: String?
    var status = 200
    /// What may go wrong beside what may go wrong everywhere.
    var problems: [Int] = []

    init(
        _ method: HTTPRequest.Method, _ path: String, _ tag: String, _ summary: String,
        query: [Parameter] = [], body: String? = nil, answer: String? = nil, status: Int = 200,
        problems: [Int] = []
    ) {
        self.method = method
        self.path = path
        self.tag = tag
        self.summary = summary
        self.query = query
        self.body = body
        self.answer = answer
        self.status = status
        self.problems = problems
    }
}

extension APIOperation.Parameter {
    static func text(_ name: String, _ detail: String, atMost length: Int) -> Self {
        Self(
            name: name,
            schema: .object([
                "type": .text("string"), "minLength": .integer(1),
                "maxLength": .integer(length),
                "pattern": .text(#"^[^\u0000-\u001f]*$"#),
            ]), detail: detail)
    }

    static func number(
        _ name: String, _ detail: String, in range: ClosedRange<Int>, default fallback: Int
    ) -> Self {
        Self(
            name: name,
            schema: .object([
                "type": .text("integer"), "minimum": .integer(range.lowerBound),
                "maximum": .integer(range.upperBound),
                "default": .integer(fallback),
            ]), detail: detail)
    }

    static func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ detail: String, _ type: Choice.Type
    ) -> Self where Choice.RawValue == String {
        Self(
            name: name,
            schema: .object([
                "type": .text("string"),
                "enum": .list(Choice.allCases.map { .text($0.rawValue) }),
            ]), detail: detail)
    }

    static func flag(_ name: String, _ detail: String) -> Self {
        Self(name: name, schema: .object(["type": .text("boolean")]), detail: detail)
    }

    /// ISO 8601.
    static func time(_ name: String, _ detail: String) -> Self {
        Self(
            name: name,
            schema: .object([
                "type": .text("string"),
                "anyOf": .list([
                    .object(["format": .text("date-time")]),
                    .object(["format": .text("date")]),
                ]),
                "examples": .list([.text("2026-03-09T08:05:00Z")]),
            ]), detail: detail)
    }
}
