/// The base of a provider's WebSocket addresses, as people write it down.
enum WebSocketBase {
    /// Takes `https://` for `wss://`, `http://` for `ws://`, a bare host for `wss://`; drops slashes
    /// and a version at the end.
    static func normalized(_ base: String) -> String {
        var text = base
        while text.hasSuffix("/") { text.removeLast() }
        if text.hasSuffix("/v1") { text.removeLast(3) }
        if text.hasPrefix("https://") { return "wss://" + text.dropFirst(8) }
        if text.hasPrefix("http://") { return "ws://" + text.dropFirst(7) }
        return text.contains("://") ? text : "wss://" + text
    }
}
