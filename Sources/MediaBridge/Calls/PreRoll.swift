/// The last stretch of the caller's audio before speech was noticed, so that no first sound is lost.
struct PreRoll {
    private var octets: [UInt8]
    private var next = 0
    private var count = 0

    /// - Parameter capacity: octets; 400 ms at the call's format covers debounce and onset.
    init(capacity: Int) { octets = Array(repeating: 0, count: max(1, capacity)) }

    /// Keeps the newest audio; allocates nothing.
    mutating func keep(_ audio: Span<UInt8>) {
        for index in audio.indices {
            octets[next] = audio[index]
            next = next + 1 == octets.count ? 0 : next + 1
        }
        count = min(octets.count, count + audio.count)
    }

    /// Hands what is kept, oldest first, to `take` and forgets it.
    mutating func release(_ take: (Span<UInt8>) -> Void) {
        let start = (next + octets.count - count) % octets.count
        let end = start + count
        count = 0
        if end > octets.count {
            take(octets.span.extracting(start..<octets.count))
            take(octets.span.extracting(0..<next))
        } else {
            take(octets.span.extracting(start..<end))
        }
    }
}
