internal import Foundation

extension LoopError: CustomStringConvertible {
    /// What to do about it, for whoever started the gateway.
    var description: String {
        switch self {
        case .address(let text):
            "\"\(text)\" is no IP address to listen on; set MEDIABRIDGE_BIND to one such as 127.0.0.1"
        case .listen(let port, let code):
            "cannot listen on port \(port): \(unsafe String(cString: strerror(code))); "
                + "set MEDIABRIDGE_MEDIA_PORT to a free one"
        case .eventLoop(let status): "libuv cannot make an event loop (status \(status))"
        case .webSockets:
            "libwebsockets cannot start; is the Debian package libwebsockets-evlib-uv installed?"
        case .thread(let code): "cannot start a thread: \(unsafe String(cString: strerror(code)))"
        }
    }
}
