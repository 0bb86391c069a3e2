internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Records

/// What went wrong with a request, as RFC 9457 writes it down.
///
/// `type` is left out, which means `about:blank`: the status says it all.
struct Problem: Error, Encodable {
    let status: HTTPResponse.Status
    /// One sentence for whoever made the request; never holds what another caller said.
    let detail: String
    var headers: HTTPFields = [:]
    /// What is wrong, part by part.
    var errors: [FieldError] = []
    /// Names the request in the gateway's log.
    var requestID: String?

    private enum Key: String, CodingKey {
        case status, title, detail, errors
        case requestID = "request_id"
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(status.code, forKey: .status)
        try object.encode(status.reasonPhrase, forKey: .title)
        try object.encode(detail, forKey: .detail)
        if !errors.isEmpty { try object.encode(errors, forKey: .errors) }
        try object.encodeIfPresent(requestID, forKey: .requestID)
    }

    func response() throws -> Response {
        var response = try Response.json(self, status: status)
        response.headers[.contentType] = "application/problem+json"
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}

extension Problem {
    /// Of members or parameters that are wrong; there is at least one.
    init(status: HTTPResponse.Status, errors: [FieldError]) {
        self.init(
            status: status, detail: errors.map(\.detail).joined(separator: " "), errors: errors)
    }

    /// What an error that a route throws means to whoever made the request.
    init(_ error: any Error) {
        self =
            switch error {
            case let problem as Problem: problem
            case let error as any HTTPResponseError:
                Problem(
                    status: error.status,
                    detail: error.status == .notFound
                        ? "There is nothing at this path." : "Refused.")
            case RecordStoreError.conflict(let reason):
                Problem(status: .conflict, detail: reason)
            case is RecordStoreError:
                Problem(
                    status: .serviceUnavailable, detail: "The records cannot be reached now.")
            default:
                Problem(
                    status: .internalServerError,
                    detail: "The gateway failed; its log says why.")
            }
    }

    static func badRequest(_ detail: String) -> Problem {
        Problem(status: .badRequest, detail: detail)
    }

    static func notFound(_ what: String) -> Problem {
        Problem(status: .notFound, detail: "No \(what) is known by this id.")
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
