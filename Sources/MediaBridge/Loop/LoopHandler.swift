internal import Pipeline

/// What a media loop is for: it accepts calls and hears what other threads post.
///
/// Made on the loop's thread and used on it only.
protocol LoopHandler: AnyObject {
    /// What other threads post to this loop.
    associatedtype Message: Sendable
    associatedtype Connection: ConnectionHandler

    /// Takes a WebSocket whose handshake is done.
    func accept(_ request: UpgradeRequest, on socket: WebSocket) -> Connection
    func handle(_ message: Message, at now: MonotonicTime)
    /// Called every 20 ms.
    func tick(at now: MonotonicTime)
    /// No more calls come; the loop ends when the live ones have closed, at `deadline` at the latest.
    func drain(until deadline: MonotonicTime, at now: MonotonicTime)
}

/// One WebSocket's owner on the loop.
protocol ConnectionHandler: AnyObject {
    /// A whole message, put together when the peer sent it in pieces; the octets are the loop's.
    func received(_ message: Span<UInt8>, isText: Bool, at now: MonotonicTime)
    /// The peer answered a ping.
    func ponged(at now: MonotonicTime)
    /// The last call; the socket takes nothing any more.
    func closed(_ reason: CloseReason, at now: MonotonicTime)
}

extension ConnectionHandler {
    func ponged(at now: MonotonicTime) {}
}

/// What a client asked for when it opened a WebSocket.
struct UpgradeRequest: Equatable, Sendable {
    /// The decoded path, without its query.
    var path: String
    /// `name=value` pairs, as they came.
    var query: [String]
    /// The subprotocols offered, as they came.
    var offeredSubprotocols: String?
    /// The subprotocol we answered with.
    var subprotocol: String?
    var host: String?
    var authorization: String?
    /// The request's `X-Twilio-Signature`.
    var twilioSignature: String?
    /// The peer's IP address.
    var peerAddress: String
}

/// Why a WebSocket is over.
enum CloseReason: Equatable, Sendable {
    /// The peer sent a close frame with this code; 1005 when it had none (RFC 6455 §7.1.5).
    case peerClosed(code: UInt16)
    /// The connection went away without a close frame.
    case peerVanished
    /// We closed it.
    case closedHere(CloseCode)
    /// The peer broke RFC 6455 or a limit, told by the code it was closed with.
    case peerMisbehaved(CloseCode)
    /// The peer sent nothing for `idleLimit`.
    case idle
    /// The peer took nothing of what waited for it for `stallLimit`.
    case stalled
    /// The loop ends.
    case loopStopped
}

/// A WebSocket close code (RFC 6455 §7.4.1).
struct CloseCode: RawRepresentable, Equatable, Sendable {
    let rawValue: UInt16

    static let normal = CloseCode(rawValue: 1_000)
    static let goingAway = CloseCode(rawValue: 1_001)
    static let protocolError = CloseCode(rawValue: 1_002)
    static let invalidPayload = CloseCode(rawValue: 1_007)
    static let policyViolation = CloseCode(rawValue: 1_008)
    static let messageTooBig = CloseCode(rawValue: 1_009)
    static let internalError = CloseCode(rawValue: 1_011)
}

/// What became of a message given to a socket.
enum SendOutcome: Equatable, Sendable {
    /// The kernel has it.
    case sent
    /// It waits for the peer to read.
    case queued
    /// The peer stopped reading or the socket is closed; the message is lost and counted.
    case dropped
}
