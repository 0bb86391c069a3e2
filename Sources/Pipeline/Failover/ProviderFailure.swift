/// Why a provider did not do its work, told by what was seen of it.
package enum ProviderFailure: Error, Equatable, Sendable {
    /// Its name did not resolve, or not in time.
    case dns
    /// No connection: refused, reset, or no TLS.
    case refused
    /// The key is wrong, has no right to this, or has no credit left (401, 402, 403).
    case unauthorised
    /// The request was refused for what it says (any other 4xx; 404: an unknown model or voice).
    case rejected(status: Int)
    /// 429; `retryAfter`: how long it asked to be left alone.
    case rateLimited(retryAfter: Duration?)
    case server(status: Int)
    /// 503 or 529, or the same said inside a stream.
    case overloaded
    /// Nothing came within the deadline for a first token or octet.
    case stalledBeforeFirst
    /// Something came, and then nothing for too long.
    case stalledMidStream
    /// What came cannot be read.
    case garbage
    /// The stream ended without its end.
    case closedEarly
    /// Connecting, or a whole request, took too long.
    case timedOut

    /// Reads an HTTP status that is no success.
    ///
    /// - Parameters:
    ///   - status: 300 or more; redirections count as refusals, engines do not redirect.
    ///   - retryAfter: of the `retry-after` header, if there was one it could read.
    package init(status: Int, retryAfter: Duration? = nil) {
        switch status {
        case 401, 402, 403: self = .unauthorised
        case 408, 504: self = .timedOut
        case 429: self = .rateLimited(retryAfter: retryAfter)
        case 503, 529: self = .overloaded
        case 500...: self = .server(status: status)
        default: self = .rejected(status: status)
        }
    }

    /// The same request may succeed a moment later.
    ///
    /// Only for one that has given nothing yet: a half-spoken answer is never asked for again.
    package var mayPass: Bool {
        switch self {
        case .dns, .refused, .rateLimited, .server, .overloaded, .stalledBeforeFirst, .closedEarly,
            .timedOut:
            true
        case .unauthorised, .rejected, .garbage, .stalledMidStream: false
        }
    }

    /// Nothing but a changed configuration or an invoice helps: a wrong key, model or voice.
    package var isPermanent: Bool {
        switch self {
        case .unauthorised, .rejected(status: 404): true
        case .dns, .refused, .rejected, .rateLimited, .server, .overloaded, .stalledBeforeFirst,
            .stalledMidStream, .garbage, .closedEarly, .timedOut:
            false
        }
    }

    /// Reads `name` back; how long a provider asked to be left alone is not part of it.
    package init?(name: String) {
        let parts = name.split(separator: "_")
        switch name {
        case "dns": self = .dns
        case "refused": self = .refused
        case "unauthorised": self = .unauthorised
        case "rate_limited": self = .rateLimited(retryAfter: nil)
        case "overloaded": self = .overloaded
        case "stalled_before_first": self = .stalledBeforeFirst
        case "stalled_mid_stream": self = .stalledMidStream
        case "garbage": self = .garbage
        case "closed_early": self = .closedEarly
        case "timed_out": self = .timedOut
        default:
            guard parts.count == 2, let status = Int(parts[1]) else { return nil }
            switch parts[0] {
            case "rejected": self = .rejected(status: status)
            case "server": self = .server(status: status)
            default: return nil
            }
        }
    }

    /// The name that events and metrics carry.
    package var name: String {
        switch self {
        case .dns: "dns"
        case .refused: "refused"
        case .unauthorised: "unauthorised"
        case .rejected(let status): "rejected_\(status)"
        case .rateLimited: "rate_limited"
        case .server(let status): "server_\(status)"
        case .overloaded: "overloaded"
        case .stalledBeforeFirst: "stalled_before_first"
        case .stalledMidStream: "stalled_mid_stream"
        case .garbage: "garbage"
        case .closedEarly: "closed_early"
        case .timedOut: "timed_out"
        }
    }
}

extension Duration {
    /// Reads a `retry-after` header in seconds, whole or with decimals (RFC 9110 §10.2.3).
    ///
    /// `nil` for anything else; the form with a date needs a wall clock, which no provider here
    /// asks for. At most an hour: whoever asks for more is asked again in an hour.
    package init?(retryAfter header: String) {
        guard let seconds = Double(header.trimmed), seconds >= 0, seconds.isFinite else {
            return nil
        }
        self = .milliseconds(Int((min(seconds, 3_600) * 1_000).rounded(.up)))
    }
}
