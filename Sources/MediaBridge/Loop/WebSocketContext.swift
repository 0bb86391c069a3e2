internal import CWebSockets
internal import Pipeline
internal import Synchronization

/// One libwebsockets context on a loop's libuv, and every socket on it; used by that loop only.
@safe final class WebSocketContext {
    let counters = EdgeCounters()
    let settings: EdgeSettings
    let limits: EdgeSettings.Limits
    var outgoing: OutgoingBuffer
    private(set) var sockets: [WebSocket] = []
    /// How many of them peers opened.
    private(set) var acceptedCount = 0

    let gate: AdmissionGate
    private let loop: EventLoop
    private let protocols: ProtocolTable
    private(set) var handle: OpaquePointer?
    private var nextToExpire = 0
    private var isEnding = false

    /// Contexts share OpenSSL's and libwebsockets' process-wide state, so they are made and
    /// destroyed one at a time.
    private static let lifecycle = Mutex(())

    init(
        settings: EdgeSettings, gate: AdmissionGate, loop: EventLoop
    ) throws(LoopError) {
        self.settings = settings
        self.limits = settings.limits
        self.gate = gate
        self.loop = loop
        outgoing = OutgoingBuffer(capacity: settings.limits.maxMessageOctets)
        protocols = unsafe ProtocolTable(subprotocols: settings.subprotocols) {
            handle, event, _, input, count in
            guard let handle = unsafe handle else { return 0 }
            return unsafe WebSocketContext.handle(event, of: handle, input, count)
        }
        let isCreated = Self.lifecycle.withLock { _ in create() }
        guard isCreated else { throw .webSockets }
    }

    var now: MonotonicTime { loop.now }

    /// Takes an accepted TCP connection; the context owns `descriptor` from here on.
    func adopt(_ descriptor: Int32, as socket: WebSocket) {
        var adoption = unsafe lws_adopt_desc_t()
        unsafe adoption.vh = lws_get_vhost_by_name(handle, "default")
        unsafe adoption.type = lws_adoption_type(
            rawValue: LWS_ADOPT_SOCKET.rawValue | LWS_ADOPT_HTTP.rawValue)
        unsafe adoption.fd.sockfd = descriptor
        unsafe adoption.opaque = unsafe Unmanaged.passUnretained(socket).toOpaque()
        insert(socket)
        if unsafe lws_adopt_descriptor_vhost_via_info(&adoption) == nil {
            counters[.handshakesBroken] &+= 1
        }
    }

    /// Opens a connection to an IP address; `socket` hears how it went.
    func connect(to target: ConnectTarget, address: String, as socket: WebSocket) {
        insert(socket)
        guard !isEnding else {
            socket.failed("the loop ends")
            return remove(socket)
        }
        // libwebsockets copies all strings before it returns.
        let handle = unsafe address.withCString { address in
            unsafe target.hostHeader.withCString { host in
                unsafe target.path.withCString { path in
                    unsafe (target.subprotocol ?? "").withCString { subprotocol in
                        unsafe ProtocolTable.clientProtocol.withCString { local in
                            var info = unsafe lws_client_connect_info()
                            unsafe info.context = unsafe self.handle
                            unsafe info.address = unsafe address
                            unsafe info.port = Int32(target.port)
                            unsafe info.host = unsafe host
                            unsafe info.origin = unsafe host
                            unsafe info.path = unsafe path
                            unsafe info.protocol =
                                target.subprotocol == nil ? nil : unsafe subprotocol
                            unsafe info.local_protocol_name = unsafe local
                            unsafe info.ietf_version_or_minus_one = -1
                            unsafe info.ssl_connection =
                                target.isSecure ? Int32(LCCSCF_USE_SSL.rawValue) : 0
                            unsafe info.opaque_user_data =
                                unsafe Unmanaged.passUnretained(socket).toOpaque()
                            return unsafe lws_client_connect_via_info(&info)
                        }
                    }
                }
            }
        }
        if let handle = unsafe handle {
            if case .handshaking = socket.phase { unsafe socket.attach(handle) }
        } else {
            socket.failed("the connection could not be started")
        }
    }

    /// Ends what took too long, a slice of the sockets per call; eight calls see each of them.
    func expire(at now: MonotonicTime) {
        var left = sockets.count / 8 + 1
        while left > 0, !sockets.isEmpty {
            if nextToExpire >= sockets.count { nextToExpire = 0 }
            sockets[nextToExpire].expire(at: now)
            nextToExpire += 1
            left -= 1
        }
    }

    /// Starts to close everything; the loop then runs until nothing is left, and calls `free()`.
    func destroy() {
        isEnding = true
        Self.lifecycle.withLock { _ in unsafe lws_context_destroy(handle) }
    }

    /// Frees the context after its handles have closed on a loop that is not libwebsockets' own.
    func free() {
        Self.lifecycle.withLock { _ in unsafe lws_context_destroy(handle) }
        unsafe handle = nil
        sockets = []
    }

    private func insert(_ socket: WebSocket) {
        if socket.isAccepted { acceptedCount += 1 }
        socket.position = sockets.count
        sockets.append(socket)
    }

    func remove(_ socket: WebSocket) {
        if socket.isAccepted { acceptedCount -= 1 }
        let last = sockets.removeLast()
        if last !== socket {
            last.position = socket.position
            sockets[socket.position] = last
        }
    }

    private func create() -> Bool {
        lws_set_log_level(0, nil)
        var info = unsafe lws_context_creation_info()
        // The loop listens itself and hands over what it accepts.
        unsafe info.port = CONTEXT_PORT_NO_LISTEN_SERVER
        unsafe info.protocols = unsafe protocols.first
        unsafe info.options = UInt64(LWS_SERVER_OPTION_LIBUV)
        if settings.trustsPublicRoots {
            unsafe info.options |= UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT)
        }
        unsafe info.pt_serv_buf_size = UInt32(ProtocolTable.receiveOctets + 1_024)
        // Seconds; a safety net behind our own limits.
        unsafe info.timeout_secs = UInt32(limits.handshakeLimit.components.seconds + 5)
        unsafe info.connect_timeout_secs = UInt32(limits.handshakeLimit.components.seconds + 5)
        unsafe info.retry_and_idle_policy = unsafe UnsafePointer(protocols.retryPolicy)
        var foreignLoop: UnsafeMutableRawPointer? = unsafe loop.foreignLoop
        return unsafe withUnsafeMutablePointer(to: &foreignLoop) { foreignLoop in
            unsafe info.foreign_loops = unsafe foreignLoop
            unsafe handle = unsafe lws_create_context(&info)
            return unsafe handle != nil
        }
    }
}

/// The C tables a context points into as long as it lives.
@safe final class ProtocolTable {
    /// The protocol of connections that chose no subprotocol.
    static let defaultProtocol = "mediabridge"
    static let clientProtocol = defaultProtocol
    /// What one read takes at most; a Twilio media message has 330 octets.
    static let receiveOctets = 4_096

    private let table: UnsafeMutableBufferPointer<lws_protocols>
    let retryPolicy = UnsafeMutablePointer<lws_retry_bo_t>.allocate(capacity: 1)

    init(
        subprotocols: [String],
        callback:
            @escaping @convention(c) (
                OpaquePointer?, lws_callback_reasons, UnsafeMutableRawPointer?,
                UnsafeMutableRawPointer?, Int
            ) -> Int32
    ) {
        unsafe table = .allocate(capacity: subprotocols.count + 2)
        unsafe table.initialize(repeating: lws_protocols())
        unsafe retryPolicy.initialize(to: lws_retry_bo_t())  // no pings of ours, no hang-ups
        for (index, name) in ([Self.defaultProtocol] + subprotocols).enumerated() {
            unsafe table[index].name = unsafe UnsafePointer(Self.cString(name))
            unsafe table[index].callback = callback
            unsafe table[index].rx_buffer_size = Self.receiveOctets
            unsafe table[index].tx_packet_size = 1 << 24
        }
    }

    deinit {
        for index in unsafe table.indices {
            if let name = unsafe table[index].name { unsafe name.deallocate() }
        }
        unsafe table.deallocate()
        unsafe retryPolicy.deallocate()
    }

    var first: UnsafePointer<lws_protocols>? { unsafe UnsafePointer(table.baseAddress) }

    private static func cString(_ text: String) -> UnsafeMutablePointer<CChar> {
        let octets = text.utf8CString
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: octets.count)
        for (index, octet) in octets.enumerated() { unsafe copy[index] = octet }
        return unsafe copy
    }
}
