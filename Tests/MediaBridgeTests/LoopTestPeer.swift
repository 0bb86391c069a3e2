import Glibc

/// A WebSocket client made of plain blocking sockets, so that the loop is not tested with itself.
final class LoopTestPeer {
    struct Frame: Equatable {
        let opcode: UInt8
        let payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }
        /// The code of a close frame.
        var closeCode: Int? {
            opcode == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil
        }
    }

    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Connects to 127.0.0.1; `receiveBufferOctets` makes a peer that is soon full.
    init?(port: UInt16, receiveBufferOctets: Int32? = nil) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        if var octets = receiveBufferOctets {
            unsafe setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &octets, socklen_t(MemoryLayout<Int32>.size))
        }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = port.bigEndian
        target.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let status = unsafe withUnsafeBytes(of: target) { octets in
            guard let start = octets.baseAddress else { return Int32(-1) }
            return unsafe Glibc.connect(
                descriptor, start.assumingMemoryBound(to: sockaddr.self), socklen_t(octets.count))
        }
        guard status == 0 else { return nil }
    }

    deinit { Glibc.close(descriptor) }

    @discardableResult func send(_ octets: [UInt8]) -> Bool {
        var sent = 0
        while sent < octets.count {
            let rest = Array(octets[sent...])
            let count = unsafe Glibc.send(descriptor, rest, rest.count, Int32(MSG_NOSIGNAL))
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Sends a request to upgrade; the answer is for `readHead()`.
    func requestUpgrade(path: String = "/twilio", headers: [String] = []) {
        let lines =
            [
                "GET \(path) HTTP/1.1", "Host: localhost", "Upgrade: websocket",
                "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            ] + headers
        send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
    }

    /// The head of an HTTP answer, `nil` when the connection ends before it is complete.
    func readHead() -> String? {
        while true {
            if let end = end(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: received[..<end], as: UTF8.self)
                received.removeFirst(end)
                return head
            }
            guard fill() else { return nil }
        }
    }

    /// Connects and shakes hands.
    static func connected(
        to port: UInt16, path: String = "/twilio", receiveBufferOctets: Int32? = nil
    ) -> LoopTestPeer? {
        let peer = LoopTestPeer(port: port, receiveBufferOctets: receiveBufferOctets)
        peer?.requestUpgrade(path: path)
        return peer?.readHead()?.hasPrefix("HTTP/1.1 101 ") == true ? peer : nil
    }

    /// A client's frame (RFC 6455 §5.2), masked.
    static func frame(
        _ payload: [UInt8], opcode: UInt8 = 1, isFinal: Bool = true,
        mask: [UInt8] = [0x12, 0x34, 0x56, 0x78]
    ) -> [UInt8] {
        var octets = [opcode | (isFinal ? 0x80 : 0)]
        switch payload.count {
        case ..<126: octets.append(0x80 | UInt8(payload.count))
        case ..<65_536:
            octets += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            octets.append(0x80 | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                octets.append(UInt8(truncatingIfNeeded: payload.count >> shift))
            }
        }
        octets += mask
        for (index, octet) in payload.enumerated() { octets.append(octet ^ mask[index % 4]) }
        return octets
    }

    @discardableResult func send(text: String) -> Bool { send(Self.frame(Array(text.utf8))) }

    /// The next frame, `nil` when the connection ends or ten seconds pass.
    func readFrame() -> Frame? {
        while received.count < 2 { guard fill() else { return nil } }
        var start = 2
        var length = Int(received[1] & 0x7F)
        let extra = length == 126 ? 2 : length == 127 ? 8 : 0
        start += extra
        while received.count < start { guard fill() else { return nil } }
        if extra > 0 { length = received[2..<start].reduce(0) { $0 << 8 | Int($1) } }
        while received.count < start + length { guard fill() else { return nil } }
        let frame = Frame(
            opcode: received[0] & 0x0F, payload: Array(received[start..<(start + length)]))
        received.removeFirst(start + length)
        return frame
    }

    /// Whether the other side ends the connection, with or without more octets before.
    func waitsForEnd() -> Bool {
        while fill() {}
        return errno != EAGAIN
    }

    /// Sends a reset instead of an orderly end.
    func abort() {
        var now = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    }

    private func fill() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        errno = 0
        let capacity = buffer.count
        let count = unsafe recv(descriptor, &buffer, capacity, 0)
        guard count > 0 else { return false }
        received += buffer[..<count]
        return true
    }

    private func end(of pattern: [UInt8]) -> Int? {
        guard received.count >= pattern.count else { return nil }
        for start in 0...(received.count - pattern.count)
        where Array(received[start..<(start + pattern.count)]) == pattern {
            return start + pattern.count
        }
        return nil
    }
}
