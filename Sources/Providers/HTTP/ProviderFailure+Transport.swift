internal import Pipeline

// What became of a connection, as the failover policy reads it: one table for every provider.
extension ProviderFailure {
    /// What a failed exchange says of its provider.
    init(http error: ProviderHTTPError) {
        switch error {
        case .noAddress: self = .dns
        case .unreachable: self = .refused
        case .impossible: self = .rejected(status: 400)
        case .timedOut: self = .timedOut
        case .closedEarly, .cancelled: self = .closedEarly
        case .garbage: self = .garbage
        }
    }

    /// What the end of an engine's socket says of its provider, when it came too early.
    init(socket end: EngineSocketEnd) {
        switch end {
        case .impossible: self = .refused
        // As the media loop says it where a name has no address.
        case .unreachable(let reason): self = reason.hasPrefix("no address") ? .dns : .refused
        case .refused(let status): self.init(status: status)
        case .peerClosed(let code): self.init(closeCode: code)
        case .vanished, .closedHere: self = .closedEarly
        case .misbehaved: self = .garbage
        }
    }

    /// Reads a provider's close frame (RFC 6455 §7.4.1).
    init(closeCode code: UInt16) {
        switch code {
        // What we sent was not taken: broken, of the wrong kind, against its policy or too big.
        case 1_002, 1_003, 1_007, 1_008, 1_009: self = .rejected(status: Int(code))
        case 1_011: self = .server(status: 500)
        case 1_012, 1_013: self = .overloaded
        default: self = .closedEarly  // the other codes are the provider's own
        }
    }
}
