internal import CWebSockets

// The HTTP part of a connection. libwebsockets parses it; what is welcome is decided here, before the
// 101 goes out.
extension WebSocketContext {
    /// 0 lets the handshake go on; otherwise the refusal is written and -1 closes the socket.
    func judgeUpgrade(of socket: WebSocket, _ handle: OpaquePointer) -> Int32 {
        // After an upgrade to something unknown libwebsockets asks although it has answered.
        guard unsafe header(WSI_TOKEN_UPGRADE, handle)?.lowercased() == "websocket",
            let path = unsafe header(WSI_TOKEN_GET_URI, handle)
        else { return unsafe refuse(.notWebSocket, socket, handle) }
        guard settings.paths.contains(path) else {
            return unsafe refuse(.unknownPath, socket, handle)
        }
        if let offered = unsafe header(WSI_TOKEN_PROTOCOL, handle),
            !selectsSubprotocol(from: offered)
        {
            return unsafe refuse(.unknownSubprotocol, socket, handle)
        }
        guard
            settings.admitsUpgrade(
                path, unsafe header(named: "x-twilio-signature:", handle),
                unsafe header(WSI_TOKEN_HOST, handle))
        else { return unsafe refuse(.stranger, socket, handle) }
        guard gate.admit() else { return unsafe refuse(.full, socket, handle) }
        socket.isAdmitted = true
        return 0
    }

    func refusePlainHTTP(of socket: WebSocket, _ handle: OpaquePointer) -> Int32 {
        let isKnown = unsafe header(WSI_TOKEN_GET_URI, handle).map(settings.paths.contains) ?? false
        return unsafe refuse(isKnown ? .notWebSocket : .unknownPath, socket, handle)
    }

    func upgradeRequest(_ handle: OpaquePointer) -> UpgradeRequest {
        var peer = [CChar](repeating: 0, count: 64)
        let peerCount = peer.count
        unsafe lws_get_peer_simple(handle, &peer, peerCount)
        let selected = unsafe lws_get_protocol(handle).flatMap { entry in
            unsafe entry.pointee.name.map { name in unsafe String(cString: name) }
        }
        return unsafe UpgradeRequest(
            path: header(WSI_TOKEN_GET_URI, handle) ?? "",
            query: query(handle),
            offeredSubprotocols: header(WSI_TOKEN_PROTOCOL, handle),
            subprotocol: selected == ProtocolTable.defaultProtocol ? nil : selected,
            host: header(WSI_TOKEN_HOST, handle),
            authorization: header(WSI_TOKEN_HTTP_AUTHORIZATION, handle),
            twilioSignature: header(named: "x-twilio-signature:", handle),
            peerAddress: text(peer))
    }

    /// Writes the headers of our own request.
    func appendHeaders(
        of socket: WebSocket, _ handle: OpaquePointer, _ input: UnsafeMutableRawPointer?,
        _ count: Int
    ) -> Int32 {
        guard
            let cursor = unsafe input?.assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self),
            let start = unsafe cursor.pointee
        else { return -1 }
        let end = unsafe start + count
        for (name, value) in socket.requestHeaders {
            let octets = Array(value.utf8)
            let status = unsafe lws_add_http_header_by_name(
                handle, Array("\(name.lowercased()):".utf8) + [0], octets, Int32(octets.count),
                cursor, end)
            guard status == 0 else { return -1 }
        }
        return 0
    }

    private enum Refusal {
        case full, unknownPath, notWebSocket, unknownSubprotocol, stranger

        var counter: EdgeCounter {
            switch self {
            case .full: .callsRefused
            case .unknownPath: .unknownPaths
            case .notWebSocket: .notWebSockets
            case .unknownSubprotocol: .unknownSubprotocols
            case .stranger: .strangersRefused
            }
        }

        var head: String {
            switch self {
            case .full: "503 Service Unavailable\r\nRetry-After: 1"
            case .unknownPath: "404 Not Found"
            case .notWebSocket: "426 Upgrade Required\r\nUpgrade: websocket"
            case .unknownSubprotocol: "400 Bad Request"
            case .stranger: "403 Forbidden"
            }
        }
    }

    private func refuse(
        _ refusal: Refusal, _ socket: WebSocket, _ handle: OpaquePointer
    ) -> Int32 {
        counters[refusal.counter] &+= 1
        socket.refused()
        let answer = Array(
            "HTTP/1.1 \(refusal.head)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
        let payload = unsafe outgoing.filled(with: answer.span)
        unsafe lws_write(handle, payload, answer.count, LWS_WRITE_HTTP_HEADERS)
        return -1
    }

    private func selectsSubprotocol(from offered: String) -> Bool {
        offered.split(separator: ",").contains { name in
            settings.subprotocols.contains(String(name.filter { $0 != " " && $0 != "\t" }))
        }
    }

    private func header(_ token: lws_token_indexes, _ handle: OpaquePointer) -> String? {
        let count = unsafe lws_hdr_total_length(handle, token)
        guard count > 0 else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(count) + 1)
        guard unsafe lws_hdr_copy(handle, &buffer, count + 1, token) > 0 else { return nil }
        return text(buffer)
    }

    private func header(named name: String, _ handle: OpaquePointer) -> String? {
        let nameCount = Int32(name.utf8.count)
        let count = unsafe lws_hdr_custom_length(handle, name, nameCount)
        guard count > 0 else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(count) + 1)
        guard unsafe lws_hdr_custom_copy(handle, &buffer, count + 1, name, nameCount) > 0 else {
            return nil
        }
        return text(buffer)
    }

    private func query(_ handle: OpaquePointer) -> [String] {
        var pairs: [String] = []
        var buffer = [CChar](repeating: 0, count: 1_024)
        let capacity = Int32(buffer.count)
        while unsafe lws_hdr_copy_fragment(
            handle, &buffer, capacity, WSI_TOKEN_HTTP_URI_ARGS, Int32(pairs.count)) > 0
        {
            pairs.append(text(buffer))
        }
        return pairs
    }

    private func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
