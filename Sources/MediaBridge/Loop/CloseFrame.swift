/// A WebSocket close frame, header included (RFC 6455 §5.2, §5.5.1).
///
/// libwebsockets has no call that sends one and keeps the socket until the peer has answered.
struct CloseFrame {
    let octets: [UInt8]

    /// - Parameters:
    ///   - code: why.
    ///   - text: the same in words; cut after 123 octets.
    ///   - isMasked: whether a client sends it.
    init(code: CloseCode, text: String, isMasked: Bool) {
        let payload =
            [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)] + text.utf8.prefix(123)
        let length = UInt8(payload.count)
        guard isMasked else {
            octets = [0x88, length] + payload
            return
        }
        let mask = (0..<4).map { _ in UInt8.random(in: 0...255) }
        octets =
            [0x88, 0x80 | length] + mask
            + payload.enumerated().map { index, octet in octet ^ mask[index % 4] }
    }
}
