/// Which span of which trace: what W3C Trace Context carries in `traceparent`.
struct SpanIdentity: Hashable, Sendable {
    /// 16 octets, not all zero.
    let trace: TraceID
    /// 8 octets, not all zero.
    let span: UInt64
    /// Whoever began the trace records it.
    var isSampled = true

    /// The identity of a call's whole span; every part of the gateway derives the same.
    ///
    /// The trace of a call is its id: whoever has the one finds the other.
    init(ofCall id: String) {
        trace = TraceID(ofCall: id)
        span = max(1, FNV1a.hash("call:" + id))
    }

    init(trace: TraceID, span: UInt64) {
        precondition(span != 0, "no span is numbered 0")
        self.trace = trace
        self.span = span
    }

    /// Reads a `traceparent` (W3C Trace Context, "traceparent Header"); `nil` for anything else.
    ///
    /// Versions to come may be longer, behind one more dash.
    init?(traceparent text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 2, parts[0] != "ff", parts[3].count == 2,
            parts[0] != "00" || parts.count == 4, Self.isHexadecimal(parts[0]),
            Self.isHexadecimal(parts[1]), Self.isHexadecimal(parts[2]),
            Self.isHexadecimal(parts[3]),
            let trace = TraceID(hexadecimal: String(parts[1])), parts[2].count == 16,
            let span = UInt64(parts[2], radix: 16), span != 0,
            let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        self.trace = trace
        self.span = span
        isSampled = flags & 1 == 1
    }

    var traceparent: String {
        "00-\(trace.hexadecimal)-\(spanHexadecimal)-\(isSampled ? "01" : "00")"
    }

    var spanHexadecimal: String { span.hexadecimal }

    /// The standard wants lower case; numbers' own parsers take more.
    private static func isHexadecimal(_ text: Substring) -> Bool {
        text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
    }
}

/// 128 bits that all spans of one trace share; never zero.
struct TraceID: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    /// A call's own: its UUID, or a hash of what is none.
    init(ofCall id: String) {
        if let own = TraceID(hexadecimal: id.lowercased().replacing("-", with: "")) {
            self = own
        } else {
            high = FNV1a.hash("trace:" + id)
            low = max(1, FNV1a.hash(id))
        }
    }

    /// Reads 32 hexadecimal digits that are not all zero.
    init?(hexadecimal text: String) {
        guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.dropFirst(16), radix: 16), high != 0 || low != 0
        else { return nil }
        self.high = high
        self.low = low
    }

    /// Any other than those before.
    static func random() -> TraceID {
        TraceID(high: .random(in: 1...UInt64.max), low: .random(in: 0...UInt64.max))
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    var hexadecimal: String { high.hexadecimal + low.hexadecimal }
}

/// A hash that is the same in every run of every gateway, unlike `Hasher`'s (FNV-1a, 64 bits).
enum FNV1a {
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

extension UInt64 {
    /// 16 digits.
    fileprivate var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
