internal import Codecs

/// Why a text message from an audio client cannot be used.
enum AudioSocketError: Error, Equatable, Sendable {
    case json(JSONError)
    case missing(AudioSocketField)
    /// The member is there with a type, length or value it may not have.
    case invalid(AudioSocketField)
    /// To be ignored: a newer client may say more than we know.
    case unknownType
}

/// A member of a client's message, for errors to name.
enum AudioSocketField: String, Sendable {
    case type
    case version
    case token
    case session
    case input
    case output
    case metadata
    case events
    case data
    case digit
    case duration = "duration_ms"
    case name
    case state
    case played = "played_ms"
    case dropped = "dropped_ms"
    case epoch
    case time = "t"
    case reason
}

/// How the bridge closes an audio socket.
enum AudioSocketClose: UInt16, Equatable, Sendable {
    case normal = 1_000
    case tooBig = 1_009
    case internalError = 1_011
    case overloaded = 1_013
    case protocolViolation = 4_400
    case unauthorised = 4_401
    case unknownSession = 4_404
    case timeout = 4_408
    case alreadyConnected = 4_409

    /// The `code` of the `error` message that goes before the close.
    var errorCode: String {
        switch self {
        case .normal: "closed"
        case .tooBig: "too_big"
        case .internalError: "internal"
        case .overloaded: "overloaded"
        case .protocolViolation: "protocol"
        case .unauthorised: "unauthorised"
        case .unknownSession: "unknown_session"
        case .timeout: "timeout"
        case .alreadyConnected: "already_connected"
        }
    }
}
