internal import FoundationEssentials
internal import Pipeline

extension ProviderFailure {
    /// The types of errors of the Messages API, as they come inside a stream.
    private static let anthropicStatuses = [
        "invalid_request_error": 400, "authentication_error": 401, "billing_error": 402,
        "permission_error": 403, "not_found_error": 404, "conflict_error": 409,
        "request_too_large": 413, "rate_limit_error": 429, "api_error": 500, "timeout_error": 504,
        "overloaded_error": 529,
    ]

    /// Unknown types are the server's fault.
    init(anthropicType type: String) {
        self.init(status: Self.anthropicStatuses[type] ?? 500)
    }

    /// - Parameters:
    ///   - head: of an answer that is no success.
    ///   - body: its error object, where it was read.
    init(anthropic head: ProviderHTTPResponse, _ body: [UInt8]) {
        let retryAfter = head.retryDelay
        // A spent monthly limit is no rate: no waiting helps before the next month.
        if head.status == 429, retryAfter == nil,
            let error = try? JSONDecoder().decode(AnthropicError.self, from: Data(body)),
            error.error.details?.code == "enforced_spend_limit_reached"
        {
            self = .unauthorised
        } else {
            self.init(status: head.status, retryAfter: retryAfter)
        }
    }
}

extension ProviderHTTPResponse {
    /// How long the server asks to be left alone.
    var retryDelay: Duration? {
        if let text = header("retry-after-ms"), let value = Double(text), value >= 0,
            value <= 3_600_000
        {
            return .milliseconds(Int(value.rounded(.up)))
        }
        return header("retry-after").flatMap { Duration(retryAfter: $0) }
    }
}

/// The body of an error.
private struct AnthropicError: Decodable {
    struct Details: Decodable {
        let code: String?
        enum CodingKeys: String, CodingKey { case code = "error_code" }
    }
    struct Error: Decodable {
        let details: Details?
    }
    let error: Error
}
