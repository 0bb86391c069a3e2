internal import Foundation
internal import Hummingbird
internal import Records

extension Request {
    /// Reads the parameters of the query.
    ///
    /// - Throws: `Problem` 400 that names every parameter that is wrong.
    func query<Value>(_ read: (inout RequestFields) -> Value) throws(Problem) -> Value {
        var values: [String: [String]] = [:]
        for (name, value) in uri.queryParameters {
            values[String(name), default: []].append(String(value))
        }
        var fields = RequestFields(query: values)
        let value = read(&fields)
        guard fields.errors.isEmpty else {
            throw Problem(status: .badRequest, errors: fields.errors)
        }
        return value
    }

    /// Reads the members of a JSON object in the body; no body is an object without members.
    ///
    /// - Throws: `Problem`: 400 for what is no JSON object, 413, or 422 that names every member
    ///   that is wrong; what the connection throws.
    func body<Value>(
        octetLimit: Int, _ read: (inout RequestFields) -> Value
    ) async throws -> Value {
        var fields = RequestFields(body: try await object(octetLimit: octetLimit))
        let value = read(&fields)
        guard fields.errors.isEmpty else {
            throw Problem(status: .unprocessableContent, errors: fields.errors)
        }
        return value
    }

    /// Reads the body of a request that has nothing to say: none, or any JSON object.
    ///
    /// - Throws: `Problem` 400 or 413; what the connection throws.
    func expectNoArguments(bodyOctetLimit: Int) async throws {
        _ = try await object(octetLimit: bodyOctetLimit)
    }

    /// A whole number from the query.
    ///
    /// - Throws: `Problem` 400 if it is given twice, is no number or not in `range`.
    func number(
        _ name: String, in range: ClosedRange<Int>, default fallback: Int
    ) throws(Problem) -> Int {
        try query { fields in fields.number(name, in: range, default: fallback) }
    }

    private func object(octetLimit: Int) async throws -> [String: JSONTree] {
        var octets = Data()
        for try await part in body {
            octets.append(contentsOf: part.readableBytesView)
            guard octets.count <= octetLimit else {
                throw Problem.bodyTooLarge(limit: octetLimit)
            }
        }
        guard !octets.isEmpty else { return [:] }
        guard let members = try? JSONDecoder().decode([String: JSONTree].self, from: octets)
        else { throw Problem.badRequest("The body is a JSON object.") }
        return members
    }
}

extension RequestContext {
    /// An id that a path names.
    ///
    /// - Parameters:
    ///   - parameter: its name in the route.
    ///   - problem: for what can be nobody's id.
    /// - Returns: 1 to 128 octets without control characters.
    /// - Throws: `problem`.
    func id(_ parameter: String, orElse problem: Problem) throws(Problem) -> String {
        guard let id = parameters.get(parameter)?.removingPercentEncoding,
            (1...128).contains(id.utf8.count), id.unicodeScalars.allSatisfy({ $0.value >= 32 })
        else { throw problem }
        return id
    }

    /// The call a path names: our id or the carrier's.
    ///
    /// - Throws: `Problem` 404 for what can be nobody's id.
    var callID: String {
        get throws(Problem) { try id("id", orElse: .noSuchCall) }
    }
}
