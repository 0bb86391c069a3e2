import Foundation
import Pipeline
import Testing

@Suite struct AudioRingTests {
    @Test func positionsNameMoments() {
        let ring = AudioRing(capacity: 10)
        Self.write([1, 2, 3, 4, 5, 6], to: ring)
        #expect(ring.end == 6)
        #expect(Self.take(4, from: ring) == (0, [1, 2, 3, 4]))
        Self.write([7, 8, 9, 10, 11, 12], to: ring)
        #expect(ring.end == 12)
        #expect(Self.take(20, from: ring) == (4, [5, 6, 7, 8, 9, 10, 11, 12]))
        #expect(Self.take(20, from: ring) == (12, []))
        Self.write([13, 14, 15], to: ring)
        ring.discard(before: 14)
        ring.discard(before: 3)
        #expect(Self.take(20, from: ring) == (14, [15]))
        ring.discard(before: 99)
        #expect(Self.take(20, from: ring) == (15, []))
    }

    /// All or nothing, and what was refused is counted and leaves no trace.
    @Test func overrunIsRefusedAndCounted() {
        let ring = AudioRing(capacity: 8)
        Self.write([1, 2, 3, 4, 5], to: ring)
        Self.write([6, 7, 8, 9], to: ring)
        #expect(ring.refusedOctets == 4)
        #expect(ring.end == 5)
        Self.write([6, 7, 8], to: ring)
        #expect(ring.refusedOctets == 4)
        #expect(Self.take(8, from: ring) == (0, [1, 2, 3, 4, 5, 6, 7, 8]))
        Self.write([UInt8](repeating: 0, count: 9), to: ring)
        #expect(ring.refusedOctets == 13)
        #expect(ring.end == 8)
    }

    /// One thread writes, one reads; what was accepted arrives once and in order.
    @Test(arguments: 0..<8)
    func twoThreads(seed: Int) async {
        var random = SeededGenerator(seed: UInt64(seed))
        let ring = AudioRing(capacity: Int.random(in: 64...500, using: &random))
        let total = 40_000
        let lengths = (0..<512).map { _ in Int.random(in: 1...60, using: &random) }
        Thread.detachNewThread {
            var index = 0
            while ring.end < total {
                let start = ring.end
                let count = min(lengths[index % lengths.count], total - start)
                Self.write((start..<start + count).map { UInt8($0 % 251) }, to: ring)
                index += 1
            }
        }
        var expected = 0
        var isInOrder = true
        while expected < total {
            let (start, octets) = Self.take(37, from: ring)
            isInOrder = isInOrder && start == expected
            for octet in octets {
                isInOrder = isInOrder && octet == UInt8(expected % 251)
                expected += 1
            }
        }
        #expect(isInOrder)
        #expect(expected == total)
    }

    private static func write(_ octets: [UInt8], to ring: AudioRing) { ring.write(octets.span) }

    private static func take(_ count: Int, from ring: AudioRing) -> (start: Int, octets: [UInt8]) {
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
        defer { unsafe memory.deallocate() }
        var output = unsafe OutputSpan(buffer: memory, initializedCount: 0)
        let start = ring.read(into: &output)
        let taken = unsafe output.finalize(for: memory)
        return (start, unsafe Array(memory[..<taken]))
    }
}
