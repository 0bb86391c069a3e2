/// Messages that wait for a peer to read: first in, first out, bounded in octets.
///
/// It takes no memory until a peer falls behind.
struct SendQueue {
    private var octets: [UInt8] = []
    private var head = 0
    private let capacity: Int

    /// Each message is preceded by its kind and its length, most significant octet first.
    private static let headerOctets = 5

    init(capacity: Int) { self.capacity = capacity }

    var isEmpty: Bool { head == octets.count }
    /// Octets that wait, headers included.
    var count: Int { octets.count - head }

    /// Takes a message, or refuses it when it does not fit.
    mutating func append(_ message: Span<UInt8>, isText: Bool) -> Bool {
        guard count + Self.headerOctets + message.count <= capacity else { return false }
        if head > 0, head >= octets.count / 2 {
            octets.removeFirst(head)
            head = 0
        }
        octets.append(isText ? 1 : 0)
        for shift in [24, 16, 8, 0] {
            octets.append(UInt8(truncatingIfNeeded: message.count >> shift))
        }
        unsafe message.withUnsafeBufferPointer { unsafe octets.append(contentsOf: $0) }
        return true
    }

    /// Hands the oldest message to `body` and forgets it.
    mutating func takeFirst(_ body: (_ message: Span<UInt8>, _ isText: Bool) -> Void) {
        guard !isEmpty else { return }
        var length = 0
        for offset in 1..<Self.headerOctets { length = length << 8 | Int(octets[head + offset]) }
        let start = head + Self.headerOctets
        body(octets.span.extracting(start..<(start + length)), octets[head] == 1)
        head = start + length
        if head == octets.count { removeAll() }
    }

    mutating func removeAll() {
        octets = []
        head = 0
    }
}
