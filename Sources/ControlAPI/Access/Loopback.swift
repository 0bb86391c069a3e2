/// Names and addresses that only this machine can reach itself by.
package enum Loopback {
    package static func holds(host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasSuffix(".localhost")
            || isIPv4(host) && host.hasPrefix("127.")
    }

    /// The host of `host:port`, `[::1]:port` or a name alone.
    static func host(of authority: String) -> String {
        if authority.hasPrefix("[") {
            return String(authority.dropFirst().prefix { $0 != "]" })
        }
        return authority.split(separator: ":", omittingEmptySubsequences: false)
            .first.map { $0.lowercased() } ?? ""
    }

    private static func isIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
