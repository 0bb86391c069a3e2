internal import Synchronization

/// A bounded ring of octets from the media loop (one writer) to an engine (one reader).
///
/// Positions count octets since the call started and never wrap, so both sides name a moment of
/// the audio by its position. When the reader falls a whole capacity behind, the write is refused
/// and counted: audio late by that much is useless to a live call.
@safe package final class AudioRing: Sendable {
    package typealias Position = Int

    // Written by the writer behind `written`, read by the reader behind `consumed`; never both.
    nonisolated(unsafe) private let storage: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private let written = Atomic<Int>(0)
    private let consumed = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)

    /// - Parameter capacity: octets; 1 s of audio at the call's format is usual.
    package init(capacity: Int) {
        precondition(capacity > 0, "an audio ring needs room")
        self.capacity = capacity
        unsafe storage = .allocate(capacity: capacity)
        unsafe storage.initialize(repeating: 0, count: capacity)
    }

    deinit { unsafe storage.deallocate() }

    /// Where the next octet will stand.
    package var end: Position { written.load(ordering: .acquiring) }
    /// Octets refused because the reader was too slow.
    package var refusedOctets: Int { refused.load(ordering: .relaxed) }

    /// Appends all of `octets` or, when they do not fit, none.
    ///
    /// Writer's thread only.
    package func write(_ octets: Span<UInt8>) {
        let end = written.load(ordering: .relaxed)
        let free = capacity - (end - consumed.load(ordering: .acquiring))
        guard octets.count <= free else {
            refused.add(octets.count, ordering: .relaxed)
            return
        }
        for index in octets.indices {
            unsafe storage[(end + index) % capacity] = octets[index]
        }
        written.store(end + octets.count, ordering: .releasing)
    }

    /// Takes up to `octets.freeCapacity` octets from the front.
    ///
    /// Reader's thread only.
    ///
    /// - Returns: the position of the first octet taken.
    @discardableResult
    package func read(into octets: inout OutputSpan<UInt8>) -> Position {
        let start = consumed.load(ordering: .relaxed)
        let count = min(octets.freeCapacity, written.load(ordering: .acquiring) - start)
        for index in 0..<count {
            unsafe octets.append(storage[(start + index) % capacity])
        }
        consumed.store(start + count, ordering: .releasing)
        return start
    }

    /// Drops everything before `position`.
    ///
    /// Reader's thread only.
    package func discard(before position: Position) {
        let start = consumed.load(ordering: .relaxed)
        let end = written.load(ordering: .acquiring)
        consumed.store(max(start, min(position, end)), ordering: .releasing)
    }
}
