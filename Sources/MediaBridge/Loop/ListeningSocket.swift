internal import Glibc

/// A TCP socket that listens, its port shared with the other loops' (`SO_REUSEPORT`).
@safe struct ListeningSocket: ~Copyable {
    let descriptor: Int32
    /// The port it got; the one asked for unless that was 0.
    let port: UInt16

    deinit { Glibc.close(descriptor) }

    /// Pending connections the kernel keeps; a burst of handshakes must fit.
    private static let backlog: Int32 = 1_024

    init(address: String, port: UInt16) throws(LoopError) {
        (descriptor, self.port) = try Self.open(address: address, port: port)
    }

    /// Takes the next client; `nil` when none waits or the system has no descriptor left.
    func accept() -> Int32? {
        let client = Glibc.accept(descriptor, nil, nil)
        guard client >= 0 else { return nil }
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        _ = fcntl(client, F_SETFL, O_NONBLOCK)
        Self.set(Int32(IPPROTO_TCP), TCP_NODELAY, on: client)
        return client
    }

    private static func open(
        address: String, port: UInt16
    ) throws(LoopError) -> (descriptor: Int32, port: UInt16) {
        var target4 = sockaddr_in()
        target4.sin_family = sa_family_t(AF_INET)
        target4.sin_port = port.bigEndian
        if unsafe inet_pton(AF_INET, address, &target4.sin_addr) == 1 {
            return try listen(on: target4, family: AF_INET, port: port)
        }
        var target6 = sockaddr_in6()
        target6.sin6_family = sa_family_t(AF_INET6)
        target6.sin6_port = port.bigEndian
        if unsafe inet_pton(AF_INET6, address, &target6.sin6_addr) == 1 {
            return try listen(on: target6, family: AF_INET6, port: port)
        }
        throw .address(address)
    }

    private static func listen<Address>(
        on target: Address, family: Int32, port: UInt16
    ) throws(LoopError) -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw .listen(port: port, errno: errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        set(SOL_SOCKET, SO_REUSEADDR, on: descriptor)
        set(SOL_SOCKET, SO_REUSEPORT, on: descriptor)
        let isBound = unsafe withUnsafeBytes(of: target) { octets in
            guard let start = octets.baseAddress else { return false }
            let address = unsafe start.assumingMemoryBound(to: sockaddr.self)
            return unsafe bind(descriptor, address, socklen_t(octets.count)) == 0
        }
        guard isBound, Glibc.listen(descriptor, backlog) == 0 else {
            let reason = errno
            Glibc.close(descriptor)
            throw .listen(port: port, errno: reason)
        }
        return (descriptor, boundPort(of: descriptor))
    }

    private static func set(_ level: Int32, _ option: Int32, on descriptor: Int32) {
        var value: Int32 = 1
        let length = socklen_t(MemoryLayout<Int32>.size)
        unsafe setsockopt(descriptor, level, option, &value, length)
    }

    private static func boundPort(of descriptor: Int32) -> UInt16 {
        var storage = sockaddr_in6()  // the port has the same place in an IPv4 address
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = unsafe getsockname(descriptor, address, &length)
            }
        }
        return UInt16(bigEndian: storage.sin6_port)
    }
}
