internal import CWebSockets

extension WebSocketContext {
    /// What a failed connection is told when the server answered, followed by the HTTP status.
    static let refusalText = "the server answered with status"

    /// Every call libwebsockets makes lands here; -1 has it close the socket.
    static func handle(
        _ event: lws_callback_reasons, of handle: OpaquePointer,
        _ input: UnsafeMutableRawPointer?, _ count: Int
    ) -> Int32 {
        guard let owner = unsafe lws_get_opaque_user_data(handle) else { return 0 }
        let socket = unsafe Unmanaged<WebSocket>.fromOpaque(owner).takeUnretainedValue()
        switch event {
        case LWS_CALLBACK_RECEIVE, LWS_CALLBACK_CLIENT_RECEIVE:
            let octets = unsafe UnsafeRawBufferPointer(start: input, count: count)
            return unsafe socket.receive(
                octets.assumingMemoryBound(to: UInt8.self).span,
                isText: lws_frame_is_binary(handle) == 0,
                isFinal: lws_is_final_fragment(handle) != 0,
                remaining: lws_remaining_packet_payload(handle))
        case LWS_CALLBACK_RECEIVE_PONG, LWS_CALLBACK_CLIENT_RECEIVE_PONG:
            socket.ponged()
        case LWS_CALLBACK_SERVER_WRITEABLE, LWS_CALLBACK_CLIENT_WRITEABLE:
            return socket.writable()
        case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
            unsafe socket.attach(handle)
            if socket.isAccepted { socket.context.counters[.socketsAccepted] &+= 1 }
        case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
            return unsafe socket.context.judgeUpgrade(of: socket, handle)
        case LWS_CALLBACK_HTTP:
            return unsafe socket.context.refusePlainHTTP(of: socket, handle)
        case LWS_CALLBACK_ESTABLISHED:
            socket.context.counters[.handshakesDone] &+= 1
            unsafe socket.established(handle, socket.context.upgradeRequest(handle))
        case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
            return unsafe socket.context.appendHeaders(of: socket, handle, input, count)
        case LWS_CALLBACK_CLIENT_ESTABLISHED:
            socket.context.counters[.connectsDone] &+= 1
            unsafe socket.established(handle, socket.context.upgradeRequest(handle))
        case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
            let octets = unsafe UnsafeRawBufferPointer(start: input, count: count)
            let status = unsafe lws_http_client_http_response(handle)
            socket.failed(
                status >= 300
                    ? "\(refusalText) \(status)" : unsafe String(decoding: octets, as: UTF8.self))
        case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
            let octets = unsafe UnsafeRawBufferPointer(start: input, count: count)
            let code = unsafe count >= 2 ? UInt16(octets[0]) << 8 | UInt16(octets[1]) : 1_005
            return socket.peerCloses(code: code)
        case LWS_CALLBACK_CLOSED, LWS_CALLBACK_CLIENT_CLOSED:
            socket.ended()
        case LWS_CALLBACK_WSI_DESTROY:
            unsafe lws_set_opaque_user_data(handle, nil)
            socket.destroyed()
            socket.context.forget(socket)
        default:  // some ninety more, none of our concern
            break
        }
        return 0
    }

    private func forget(_ socket: WebSocket) {
        if socket.isAdmitted {
            socket.isAdmitted = false
            gate.release()
        }
        remove(socket)
    }
}
