internal import Synchronization

/// A piece of one call's flight record; pieces of a call are in order.
struct FlightBlock: Sendable {
    let callID: String
    /// Begins the file; without it the others are worth nothing.
    let isFirst: Bool
    let octets: [UInt8]
}

/// Hands the loops' blocks to the control plane.
///
/// When that is `capacity` blocks behind (two seconds of 500 calls), the newest is dropped and
/// counted; the record tells of the gap.
final class FlightOutlet: Sendable {
    private static let capacity = 1_024

    let blocks: AsyncStream<FlightBlock>
    private let continuation: AsyncStream<FlightBlock>.Continuation
    private let dropped = Atomic<Int>(0)

    init() {
        (blocks, continuation) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(Self.capacity))
    }

    var droppedBlocks: Int { dropped.load(ordering: .relaxed) }

    func send(_ block: FlightBlock) {
        if case .dropped = continuation.yield(block) { dropped.add(1, ordering: .relaxed) }
    }

    /// No block follows.
    func finish() { continuation.finish() }
}
