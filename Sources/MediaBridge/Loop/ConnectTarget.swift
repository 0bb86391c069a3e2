/// Where one of our own WebSocket connections goes.
struct ConnectTarget: Equatable, Sendable {
    let isSecure: Bool
    let host: String
    let port: UInt16
    /// With its query; starts with a slash.
    let path: String
    var subprotocol: String?

    /// What the request's `Host` says: the port only where it is not the scheme's own.
    var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Parses `ws://host:port/path` or `wss://…`; `nil` when it is neither.
    init?(_ url: String, subprotocol: String? = nil) {
        let rest: Substring
        if url.hasPrefix("ws://") {
            isSecure = false
            rest = url.dropFirst(5)
        } else if url.hasPrefix("wss://") {
            isSecure = true
            rest = url.dropFirst(6)
        } else {
            return nil
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest.dropFirst(authority.count)
        path = target.hasPrefix("/") ? String(target) : "/" + target
        var host = authority
        var port: UInt16 = isSecure ? 443 : 80
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let explicit = UInt16(authority[authority.index(after: colon)...]) else {
                return nil
            }
            port = explicit
            host = authority[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = port
        self.subprotocol = subprotocol
    }
}
