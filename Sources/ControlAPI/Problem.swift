internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// What went wrong with a request, as RFC 9457 writes it down.
///
/// `type` is left out, which means `about:blank`: the status says it all.
struct Problem: Error, Encodable {
    let status: HTTPResponse.Status
    /// One sentence for whoever made the request; never holds what another caller said.
    let detail: String
    var headers: HTTPFields = [:]

    private enum Key: CodingKey {
        case status, title, detail
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(status.code, forKey: .status)
        try object.encode(status.reasonPhrase, forKey: .title)
        try object.encode(detail, forKey: .detail)
    }

    func response() throws -> Response {
        var response = try Response.json(self, status: status)
        response.headers[.contentType] = "application/problem+json"
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}

extension Problem {
    static func badRequest(_ detail: String) -> Problem {
        Problem(status: .badRequest, detail: detail)
    }

    static let noSuchCall = Problem(
        status: .notFound, detail: "No call is known by this id; old calls are forgotten.")
}

extension Response {
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let octets = try encoder.encode(value)
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: octets)))
    }
}
