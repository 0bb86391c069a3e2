internal import Pipeline

extension EngineSocketEnd {
    /// What the end of a voice's socket says of its provider.
    var speechFailure: ProviderFailure {
        switch self {
        case .impossible: .rejected(status: 400)
        case .unreachable(let reason):
            // As libwebsockets says it where a name has no address.
            ["getaddrinfo", "dns", "resolve"].contains { reason.lowercased().contains($0) }
                ? .dns : .refused
        case .refused(let status): ProviderFailure(status: status)
        case .peerClosed(let code): ProviderFailure(speechCloseCode: code)
        case .vanished, .closedHere: .closedEarly
        case .misbehaved: .garbage
        }
    }
}

extension ProviderFailure {
    /// Reads a close frame that came before the end of the audio (RFC 6455 §7.4.1).
    init(speechCloseCode code: UInt16) {
        switch code {
        case 1_002, 1_003, 1_007, 1_008, 1_009: self = .rejected(status: 400)
        case 1_011: self = .server(status: 500)
        case 1_012, 1_013: self = .overloaded
        default: self = .closedEarly  // codes are the provider's
        }
    }
}

extension ProviderHTTPError {
    /// What an exchange that came to nothing says of a voice's provider.
    var speechFailure: ProviderFailure {
        switch self {
        case .unreachable: .refused
        case .timedOut: .timedOut
        case .closedEarly, .cancelled: .closedEarly
        case .garbage: .garbage
        case .impossible: .rejected(status: 400)
        }
    }
}
