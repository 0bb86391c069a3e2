import Foundation
import Glibc

/// What went wrong on a client's side of the wire; a client for integration tests, in real time.
enum WireError: Error, Equatable {
    case socket(String)
    /// The handshake was answered with this status line.
    case refused(String)
    /// The connection is over; nothing more comes.
    case ended
    /// The server broke RFC 6455.
    case broken(String)
}

/// A WebSocket client of plain sockets that can misbehave (RFC 6455); every wait has a deadline.
///
/// It shares no code with the gateway and blocks its thread.
final class WireClient {
    struct Frame: Equatable {
        let opcode: UInt8
        let payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }
        /// The code of a close frame; 1005 when it has none.
        var closeCode: Int {
            payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : 1_005
        }
    }

    private let descriptor: Int32
    private var received: [UInt8] = []
    /// The message whose fragments are coming.
    private var partial: Frame?
    private var masks: UInt32
    private(set) var textsSent = 0

    /// Connects to this machine.
    ///
    /// - Parameters:
    ///   - port: of the gateway.
    ///   - isNarrow: makes a peer whose buffers, and the server's for it, are soon full.
    ///   - maskSeed: decides the masking keys.
    /// - Throws: `WireError.socket`.
    init(port: Int, isNarrow: Bool = false, maskSeed: UInt32 = 0x1234_5678) throws {
        masks = maskSeed | 1
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw WireError.socket("socket: \(errno)") }
        if isNarrow {
            set(SOL_SOCKET, SO_RCVBUF, 2_048)
            set(Int32(IPPROTO_TCP), TCP_MAXSEG, 256)
        }
        set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = in_port_t(port).bigEndian
        target.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &target) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw WireError.socket("connect: \(errno)") }
    }

    deinit { close(descriptor) }

    /// Shakes hands on `path`.
    ///
    /// - Returns: the answer's header lines.
    /// - Throws: `WireError.refused` for any answer but a correct 101.
    @discardableResult
    func upgrade(path: String, headers: [String] = []) throws -> [String] {
        // The key and its answer stand in RFC 6455 §1.3.
        let lines =
            [
                "GET \(path) HTTP/1.1", "Host: localhost", "Upgrade: websocket",
                "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            ] + headers
        try send(raw: Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
        let head = try readHead()
        guard head[0].hasPrefix("HTTP/1.1 101 "),
            head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        else { throw WireError.refused(head[0]) }
        return head
    }

    func send(raw octets: [UInt8]) throws {
        var sent = 0
        while sent < octets.count {
            let count = unsafe octets.withUnsafeBytes { all in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: all[sent...])
                return unsafe Glibc.send(
                    descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw WireError.ended }
            sent += count
        }
    }

    func send(text: String) throws {
        try send(raw: frame(Array(text.utf8), opcode: 1))
        textsSent += 1
    }

    func send(binary octets: [UInt8]) throws { try send(raw: frame(octets, opcode: 2)) }
    func send(closeCode code: UInt16) throws {
        try send(raw: frame([UInt8(code >> 8), UInt8(code & 0xFF)], opcode: 8))
    }

    /// A client's frame (RFC 6455 §5.2), masked with a key of its own.
    func frame(_ payload: [UInt8], opcode: UInt8, isFinal: Bool = true) -> [UInt8] {
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
        masks = masks &* 1_664_525 &+ 1_013_904_223
        let mask = (0..<4).map { UInt8(truncatingIfNeeded: masks >> ($0 * 8)) }
        octets += mask
        for (index, octet) in payload.enumerated() { octets.append(octet ^ mask[index % 4]) }
        return octets
    }

    /// The next whole message or control frame; pings are answered on the way.
    ///
    /// - Returns: `nil` when nothing came before `deadline`.
    /// - Throws: `WireError.ended` at the connection's end.
    func nextFrame(before deadline: ContinuousClock.Instant) throws -> Frame? {
        while true {
            guard let (head, payload) = try takeFrame() else {
                guard try fill(before: deadline) else { return nil }
                continue
            }
            let opcode = head & 0x0F
            let isFinal = head & 0x80 != 0
            switch opcode {
            case 9: try send(raw: frame(payload, opcode: 10))
            case 8, 10: return Frame(opcode: opcode, payload: payload)
            case 0:
                guard let begun = partial else { throw WireError.broken("continues nothing") }
                partial = Frame(opcode: begun.opcode, payload: begun.payload + payload)
            case 1, 2:
                guard partial == nil else { throw WireError.broken("message inside a message") }
                partial = Frame(opcode: opcode, payload: payload)
            default: throw WireError.broken("opcode \(opcode)")
            }
            if isFinal, opcode < 8, let whole = partial {
                partial = nil
                return whole
            }
        }
    }

    /// Reads on until the server ends the connection.
    ///
    /// - Returns: the code of its close frame, `nil` without one; fails when it goes on after `limit`.
    func closeCode(within limit: Duration = .seconds(8)) throws -> Int? {
        let deadline = ContinuousClock.now.advanced(by: limit)
        var code: Int?
        do {
            while let frame = try nextFrame(before: deadline) {
                guard frame.opcode == 8 else { continue }
                code = frame.closeCode
                try? send(raw: self.frame(Array(frame.payload.prefix(2)), opcode: 8))
            }
        } catch WireError.ended {
            return code
        }
        throw WireError.socket("still open after \(limit)")
    }

    /// Goes away with a reset, as a machine that lost its power seems to once it is back.
    func vanish() {
        var now = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// The lines of an HTTP answer's head.
    func readHead(within limit: Duration = .seconds(8)) throws -> [String] {
        let deadline = ContinuousClock.now.advanced(by: limit)
        let end = Array("\r\n\r\n".utf8)
        while true {
            if received.count >= 4 {
                for start in 0...(received.count - 4)
                where received[start..<(start + 4)].elementsEqual(end) {
                    let head = String(decoding: received[..<start], as: UTF8.self)
                    received.removeFirst(start + 4)
                    return head.components(separatedBy: "\r\n")
                }
            }
            guard try fill(before: deadline) else { throw WireError.socket("no answer") }
        }
    }

    /// Everything until the server closes.
    func readToEnd(within limit: Duration = .seconds(15)) throws -> [UInt8] {
        let deadline = ContinuousClock.now.advanced(by: limit)
        do {
            while try fill(before: deadline) {}
        } catch WireError.ended {
            defer { received = [] }
            return received
        }
        throw WireError.socket("still open after \(limit)")
    }

    private func takeFrame() throws -> (head: UInt8, payload: [UInt8])? {
        guard received.count >= 2 else { return nil }
        guard received[0] & 0x70 == 0 else { throw WireError.broken("reserved bits") }
        guard received[1] & 0x80 == 0 else { throw WireError.broken("a server masks nothing") }
        let short = Int(received[1] & 0x7F)
        let extra = short == 126 ? 2 : short == 127 ? 8 : 0
        guard received.count >= 2 + extra else { return nil }
        let length = extra == 0 ? short : received[2..<(2 + extra)].reduce(0) { $0 << 8 | Int($1) }
        let end = 2 + extra + length
        guard received.count >= end else { return nil }
        let frame = (received[0], Array(received[(2 + extra)..<end]))
        received.removeFirst(end)
        return frame
    }

    /// - Returns: whether something came before `deadline`.
    private func fill(before deadline: ContinuousClock.Instant) throws -> Bool {
        let wait = ContinuousClock.now.duration(to: deadline)
        let milliseconds = max(0, Int32((wait / .milliseconds(1)).rounded(.up)))
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waiting, 1, milliseconds) > 0 else { return false }
        let count = unsafe withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) {
            buffer in
            let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { unsafe received.append(contentsOf: buffer[..<count]) }
            return count
        }
        guard count > 0 else { throw WireError.ended }
        return true
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
