internal import CUV  // brings the C library's netdb.h
internal import Dispatch
internal import Glibc
internal import Records

/// Asks the system where a host is, on a thread that may wait for the answer.
enum HostResolver {
    /// One address of a host.
    struct Address: Equatable, Sendable {
        /// As URLs and sockets take it, such as `203.0.113.7`.
        let text: String
        /// 4 of IPv4 or 16 of IPv6.
        let octets: [UInt8]

        var isPublic: Bool { PublicAddress.holds(octets) }
    }

    private static let queue = DispatchQueue(
        label: "host-resolver", attributes: .concurrent)

    /// - Parameter host: a name, or an address in any form the system understands.
    /// - Returns: in the order of preference; empty for a host that is not known.
    static func addresses(of host: String) async -> [Address] {
        await withCheckedContinuation { continuation in
            lookUp(host) { continuation.resume(returning: $0) }
        }
    }

    /// The same for who cannot await; `completion` is called on a thread of the resolver's.
    static func lookUp(_ host: String, _ completion: @escaping @Sendable ([Address]) -> Void) {
        queue.async { completion(lookUp(host)) }
    }

    private static func lookUp(_ host: String) -> [Address] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { unsafe freeaddrinfo(first) }
        var found: [Address] = []
        var next = unsafe first
        while let entry = unsafe next {
            if let address = unsafe address(of: entry.pointee) { found.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        return found
    }

    private static func address(of entry: addrinfo) -> Address? {
        guard let generic = unsafe entry.ai_addr else { return nil }
        var octets: [UInt8]
        switch unsafe entry.ai_family {
        case AF_INET:
            octets = unsafe generic.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                pointer in
                unsafe withUnsafeBytes(of: &pointer.pointee.sin_addr) { unsafe Array($0) }
            }
        case AF_INET6:
            octets = unsafe generic.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                pointer in
                unsafe withUnsafeBytes(of: &pointer.pointee.sin6_addr) { unsafe Array($0) }
            }
        default: return nil
        }
        let family = unsafe entry.ai_family
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let written = unsafe inet_ntop(family, &octets, &text, socklen_t(text.count))
        guard unsafe written != nil else { return nil }
        let characters = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return Address(text: String(decoding: characters, as: UTF8.self), octets: octets)
    }
}
