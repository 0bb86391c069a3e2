internal import CWebSockets

/// The one buffer a loop's messages are sent from: libwebsockets wants room in front of the payload
/// for the frame header, and masks a client's payload in place.
@safe struct OutgoingBuffer: ~Copyable {
    private var storage: UnsafeMutableBufferPointer<UInt8>
    private let padding = CWebSockets_padding()

    init(capacity: Int) {
        unsafe storage = .allocate(capacity: CWebSockets_padding() + capacity)
    }

    deinit { unsafe storage.deallocate() }

    /// Copies `octets` behind the padding and tells where they are; valid until the next call.
    mutating func filled(with octets: Span<UInt8>) -> UnsafeMutablePointer<UInt8>? {
        if unsafe storage.count < padding + octets.count {
            unsafe storage.deallocate()
            unsafe storage = .allocate(capacity: padding + octets.count)
        }
        guard let base = unsafe storage.baseAddress else { return nil }
        let payload = unsafe base + padding
        unsafe octets.withUnsafeBufferPointer { source in
            guard let first = source.baseAddress else { return }
            unsafe payload.update(from: first, count: source.count)
        }
        return unsafe payload
    }
}
