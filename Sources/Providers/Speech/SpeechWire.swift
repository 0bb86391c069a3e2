internal import Pipeline

/// One provider's wire protocol on one WebSocket; a pure machine.
///
/// Requests are named by the line that holds the wire; names are never used twice.
protocol SpeechWire: Sendable {
    /// So many requests may be at work at once.
    var capacity: Int { get }

    /// What is sent as soon as the socket is opened.
    mutating func opening() -> [String]
    /// What asks for `text` to be spoken.
    mutating func begin(_ request: Int, _ text: String, at now: MonotonicTime) -> [String]
    /// Nobody listens to the request any more; its slot is free once `.done` is told of it.
    mutating func cancel(_ request: Int) -> SpeechWireReply
    mutating func take(text octets: [UInt8]) -> SpeechWireReply
    mutating func take(audio octets: [UInt8]) -> SpeechWireReply
    /// What keeps an idle connection open; empty when nothing does or need be.
    func keepAlive() -> [String]
    /// Whether a request can be served here now, as far as the provider's limits go.
    func admits(at now: MonotonicTime) -> Bool
    /// What says good-bye before the socket is closed.
    func closing() -> [String]
}

extension SpeechWire {
    func take(audio octets: [UInt8]) -> SpeechWireReply {
        // No provider with JSON audio sends binary messages; they are skipped.
        SpeechWireReply()
    }
    func admits(at now: MonotonicTime) -> Bool { true }
    func closing() -> [String] { [] }
}

/// What becomes of a message or an order.
struct SpeechWireReply: Equatable {
    enum News: Equatable {
        /// Audio of a request, with words that start at the given times of its audio.
        case audio(Int, [UInt8], [WordTiming])
        /// Over and well; the slot is free.
        case done(Int)
        /// Over; the slot is free.
        case failed(Int, ProviderFailure)
    }
    var send: [String] = []
    var news: [News] = []
    /// The socket is of no more use; requests still at work fail for this reason.
    var end: ProviderFailure?

    init(send: [String] = [], news: [News] = [], end: ProviderFailure? = nil) {
        self.send = send
        self.news = news
        self.end = end
    }
}

/// A socket is opened for one language and one format: both stand in its address.
struct SpeechLineKey: Hashable, Sendable {
    let language: Language
    let format: String
}

/// How patient a provider's client is, as a backstop: the failover policy's deadlines are shorter.
package struct SpeechLimits: Equatable, Sendable {
    /// From the request, or the start of a connection, to the first audio.
    package var firstAudio = Duration.seconds(8)
    /// Between two pieces of audio.
    package var pause = Duration.seconds(4)
    /// An idle connection is kept alive this often.
    package var keepAliveInterval = Duration.seconds(10)
    /// A connection without requests for this long is closed.
    package var idle = Duration.seconds(180)
    /// A connection of this age takes no new requests.
    package var age = Duration.seconds(50 * 60)
    /// Connections in all; above it requests are refused as `overloaded`.
    package var connections = 64

    package init() {}
}
