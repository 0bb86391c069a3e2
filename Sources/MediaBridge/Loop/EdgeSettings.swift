/// Where the media port listens and how much of the outside world it takes.
struct EdgeSettings: Sendable {
    /// A loop that only calls others listens nowhere; its port is 0.
    var listens = true
    /// The IPv4 or IPv6 address to listen on.
    var address = "127.0.0.1"
    /// 0 takes a free port; the loop then tells which.
    var port: UInt16 = 8081
    /// The paths on which a WebSocket is welcome; every other one is answered 404.
    var paths: Set<String> = ["/twilio", "/audio"]
    /// Subprotocols that are selected when offered; a client that offers none is welcome too.
    var subprotocols = ["bridge.audio.v1", "bridge.audio.v1.json"]
    /// Root certificates are loaded at start so that `wss://` can be called; costs tens of
    /// milliseconds and some megabytes per loop.
    var trustsPublicRoots = false
    /// The loop's thread is scheduled before ordinary ones, where the system permits it.
    var isRealTime = false
    var limits = Limits()
    /// Whether an upgrade of this path, with its `X-Twilio-Signature` and host, may go on.
    var admitsUpgrade: @Sendable (_ path: String, _ signature: String?, _ host: String?) -> Bool = {
        _, _, _ in true
    }

    /// What one loop takes before it refuses, closes or drops; each has its counter.
    struct Limits: Sendable {
        /// Sockets of one loop, those in their handshake included.
        var maxConnections = 4_096
        /// The longest message a peer may send, in octets after reassembly.
        var maxMessageOctets = 65_536
        /// The longest message of a server that we called, in octets after reassembly; our own
        /// connections have no rate or idle limit.
        var maxAnswerOctets = 1 << 22
        /// From accepting the socket to the finished WebSocket handshake.
        var handshakeLimit = Duration.seconds(5)
        /// Without any message from the peer; a little over the protocols' own 30 s, so that a
        /// client of theirs is told in their words.
        var idleLimit = Duration.seconds(35)
        /// How long a peer may take to answer our close frame.
        var closeLimit = Duration.seconds(1)
        /// The sustained rate a peer may send at; Twilio sends 50.
        var messagesPerSecond = 200
        /// Messages a peer may send at once after a pause (a network that stalled, then caught up).
        var messageBurst = 400
        /// What waits for a peer that stopped reading, in octets; beyond it messages are dropped.
        var sendBufferOctets = 1 << 20
        /// A peer that takes none of what waits for it for this long is closed.
        var stallLimit = Duration.seconds(10)
        /// Values that other threads may have waiting for the loop.
        var postedMessages = 8_192
    }
}
