internal import Pipeline

/// What servers of chat completions say went wrong: an object, or a mere sentence.
struct ChatError: Decodable, Equatable {
    var type: String?
    /// A name, or at some servers an HTTP status.
    var code: String?

    private enum CodingKeys: String, CodingKey { case type, code }

    init(type: String? = nil, code: String? = nil) {
        self.type = type
        self.code = code
    }

    init(from decoder: any Decoder) throws {
        // The sentence is for people, and may quote the request: it is not kept.
        guard let error = try? decoder.container(keyedBy: CodingKeys.self) else { return }
        type = try? error.decode(String.self, forKey: .type)
        code =
            (try? error.decode(String.self, forKey: .code))
            ?? (try? error.decode(Int.self, forKey: .code)).map { String($0) }
    }

    /// The whole body of an answer that is no success: `{"error":…}`, or older, the error itself.
    struct Body: Decodable {
        let error: ChatError
        private enum CodingKeys: String, CodingKey { case error }

        init(from decoder: any Decoder) throws {
            let body = try decoder.container(keyedBy: CodingKeys.self)
            error = try body.decodeIfPresent(ChatError.self, forKey: .error) ?? .init(from: decoder)
        }
    }

    /// No money left, or none allowed to be spent: waiting does not help.
    var isOutOfCredit: Bool {
        [type, code].compactMap { $0 }.contains { name in
            name == "insufficient_quota" || name == "billing_hard_limit_reached"
        }
    }
}

extension ProviderFailure {
    /// An error inside a stream, whose status was 200.
    init(_ error: ChatError) {
        let names = [error.code, error.type].compactMap { $0 }
        if error.isOutOfCredit {
            self = .unauthorised
        } else if let status = names.lazy.compactMap({ Int($0) }).first, status >= 300 {
            self.init(status: status)
        } else {
            self.init(status: names.lazy.compactMap { Self.chatStatuses[$0] }.first ?? 500)
        }
    }

    private static let chatStatuses = [
        "invalid_request_error": 400, "BadRequestError": 400, "context_length_exceeded": 400,
        "exceed_context_size_error": 400, "content_filter": 400,
        "invalid_api_key": 401, "authentication_error": 401, "AuthenticationError": 401,
        "permission_error": 403, "model_not_found": 404, "not_found_error": 404,
        "NotFoundError": 404, "rate_limit_error": 429, "rate_limit_exceeded": 429,
        "RateLimitError": 429, "timeout": 504, "overloaded_error": 529, "unavailable_error": 503,
        "ServiceUnavailableError": 503,
    ]
}
