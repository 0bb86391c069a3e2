/// What is wrong with one member of a body or one parameter of a query (RFC 9457 §3.1.3 and
/// its example of `errors`).
struct FieldError: Equatable, Sendable, Encodable {
    /// One sentence; never holds what was sent.
    let detail: String
    let place: Place

    enum Place: Equatable, Sendable {
        /// A JSON pointer as a fragment (RFC 6901 §6), such as `#/mapped_terms/2`.
        case body(pointer: String)
        case query(name: String)
    }

    private enum Key: CodingKey {
        case detail, pointer, parameter
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(detail, forKey: .detail)
        switch place {
        case .body(let pointer): try object.encode(pointer, forKey: .pointer)
        case .query(let name): try object.encode(name, forKey: .parameter)
        }
    }
}
