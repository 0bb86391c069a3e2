internal import Pipeline

/// The last seconds of what a call's recogniser was given, so that they can be sent again.
///
/// Positions are those of the call's `AudioRing`. All memory is taken when it is made; what is older
/// than its capacity is overwritten.
struct AudioHistory {
    private var octets: [UInt8]
    /// The position after the newest octet.
    private(set) var end: AudioRing.Position = 0

    /// - Parameter capacity: octets.
    init(capacity: Int) { octets = Array(repeating: 0, count: max(1, capacity)) }

    /// The oldest position that is still there.
    var start: AudioRing.Position { max(0, end - octets.count) }

    /// Takes all that waits in `ring`; allocates nothing.
    mutating func take(from ring: AudioRing) {
        while true {
            let offset = end % octets.count
            // The two octets of a wrap come in two passes. The span lives no longer than the buffer.
            let count = unsafe octets.withUnsafeMutableBufferPointer { buffer in
                let room = unsafe UnsafeMutableBufferPointer(rebasing: buffer[offset...])
                var output = unsafe OutputSpan(buffer: room, initializedCount: 0)
                ring.read(into: &output)
                return unsafe output.finalize(for: room)
            }
            guard count > 0 else { return }
            end += count
        }
    }

    /// Hands on what stands at `range`, in one piece or, at the wrap, in two.
    func withOctets(at range: Range<AudioRing.Position>, _ take: (Span<UInt8>) -> Void) {
        var position = max(range.lowerBound, start)
        let last = min(range.upperBound, end)
        while position < last {
            let offset = position % octets.count
            let count = min(last - position, octets.count - offset)
            take(octets.span.extracting(offset..<offset + count))
            position += count
        }
    }
}
