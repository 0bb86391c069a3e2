// The things Twilio names, each with a type of its own so that they cannot be swapped.
/// A Twilio account, `AC` and 32 hexadecimal digits; other carriers of the dialect use their own.
struct AccountSID: Hashable, Sendable {
    let text: String
}

/// One leg of a call, `CA` and 32 hexadecimal digits.
struct CallSID: Hashable, Sendable {
    let text: String
}

/// One media stream, `MZ` and 32 hexadecimal digits; a call may have several.
struct StreamSID: Hashable, Sendable {
    let text: String
}

/// Our label on a place in the outgoing audio; it comes back when that place was played or cleared.
struct MarkName: Hashable, Sendable {
    let text: String
}

/// A 32-bit wire counter that wraps; `sequenceNumber` counts messages, `chunk` a track's media.
struct SequenceNumber: Hashable, Sendable {
    let value: UInt32

    init(_ value: UInt32) { self.value = value }
    /// Takes the low 32 bits of a counter that never wraps.
    init(truncating value: UInt64) { self.value = UInt32(truncatingIfNeeded: value) }

    /// How far this number is ahead of `other`, −2³¹…2³¹−1 (serial arithmetic, RFC 1982).
    func distance(from other: Self) -> Int { Int(Int32(bitPattern: value &- other.value)) }
    func isNewer(than other: Self) -> Bool { distance(from: other) > 0 }
}
