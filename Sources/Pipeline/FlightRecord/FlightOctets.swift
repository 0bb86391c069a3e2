/// Octets that grow by whole values, as a flight record writes them.
struct FlightOctets: Sendable {
    private(set) var octets: [UInt8] = []

    var count: Int { octets.count }

    mutating func reserve(_ capacity: Int) { octets.reserveCapacity(capacity) }
    mutating func removeAll() { octets.removeAll(keepingCapacity: true) }

    mutating func put(_ octet: UInt8) { octets.append(octet) }
    mutating func put(_ tag: FlightTag) { octets.append(tag.rawValue) }

    /// Seven bits an octet, lowest first; the top bit says that more follow.
    mutating func put(number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        octets.append(UInt8(rest))
    }

    mutating func put(count: Int) { put(number: UInt64(max(0, count))) }

    /// Small numbers of either sign become small ones without.
    mutating func put(signed number: Int64) {
        put(number: UInt64(bitPattern: (number << 1) ^ (number >> 63)))
    }

    mutating func put(bits: UInt32) {
        octets.append(UInt8(truncatingIfNeeded: bits >> 24))
        octets.append(UInt8(truncatingIfNeeded: bits >> 16))
        octets.append(UInt8(truncatingIfNeeded: bits >> 8))
        octets.append(UInt8(truncatingIfNeeded: bits))
    }

    mutating func put(bits: UInt64) {
        put(bits: UInt32(truncatingIfNeeded: bits >> 32))
        put(bits: UInt32(truncatingIfNeeded: bits))
    }

    mutating func put(_ text: String) {
        put(count: text.utf8.count)
        octets.append(contentsOf: text.utf8)
    }

    mutating func put(_ more: [UInt8]) {
        put(count: more.count)
        octets.append(contentsOf: more)
    }

    mutating func put(_ more: Span<UInt8>) {
        put(count: more.count)
        for index in more.indices { octets.append(more[index]) }
    }

    mutating func put(_ duration: Duration) {
        let parts = FlightDuration(duration)
        put(signed: parts.microseconds)
        put(number: UInt64(parts.attoseconds))
    }

    mutating func put(_ error: EngineError) {
        switch error {
        case .unavailable(let text):
            put(0)
            put(text)
        case .timedOut(let text):
            put(1)
            put(text)
        case .failed(let text):
            put(2)
            put(text)
        case .overloaded(let text):
            put(3)
            put(text)
        }
    }
}
