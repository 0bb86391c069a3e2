internal import Foundation
internal import Hummingbird

extension Request {
    /// A whole number from the query.
    ///
    /// - Throws: `Problem` 400 if it is given twice, is no number or not in `range`.
    func number(
        _ name: String, in range: ClosedRange<Int>, default fallback: Int
    ) throws(Problem) -> Int {
        let values = uri.queryParameters.getAll(name)
        guard let text = values.first else { return fallback }
        guard values.count == 1, let number = Int(text), range.contains(number) else {
            throw .badRequest(
                "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// Reads the body of a request that has nothing to say: none, or any JSON object.
    ///
    /// - Throws: `Problem` 400 or 413; what the connection throws.
    func expectNoArguments(bodyOctetLimit: Int) async throws {
        var octets = Data()
        for try await part in body {
            octets.append(contentsOf: part.readableBytesView)
            guard octets.count <= bodyOctetLimit else {
                throw Problem.bodyTooLarge(limit: bodyOctetLimit)
            }
        }
        guard !octets.isEmpty else { return }
        guard let value = try? JSONSerialization.jsonObject(with: octets), value is [String: Any]
        else { throw Problem.badRequest("The body is empty or a JSON object.") }
    }
}

extension RequestContext {
    /// The call a path names: our id or the carrier's.
    ///
    /// - Throws: `Problem` 404 for what can be nobody's id.
    var callID: String {
        get throws(Problem) {
            guard let id = parameters.get("id")?.removingPercentEncoding, id.utf8.count <= 128
            else { throw .noSuchCall }
            return id
        }
    }
}
