internal import Synchronization

/// Spans on their way to the collector: bounded, the newest is dropped when it is full.
final class SpanQueue: Sendable {
    struct Counts: Equatable, Sendable {
        var exported = 0
        /// The queue was full, or the collector could not be reached for too long.
        var dropped = 0
        var waiting = 0
    }

    private struct State {
        var spans: [EndedSpan] = []
        var counts = Counts()
    }

    /// 50 calls make some 50 spans a second: this is minutes.
    let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int = 16_384) { self.capacity = capacity }

    func add(_ span: EndedSpan) {
        state.withLock {
            guard $0.spans.count < capacity else {
                $0.counts.dropped += 1
                return
            }
            $0.spans.append(span)
        }
    }

    /// The oldest spans, at most so many; they are the caller's now.
    func take(upTo limit: Int) -> [EndedSpan] {
        state.withLock {
            let taken = Array($0.spans.prefix(limit))
            $0.spans.removeFirst(taken.count)
            return taken
        }
    }

    func exported(_ count: Int) { state.withLock { $0.counts.exported += count } }
    func dropped(_ count: Int) { state.withLock { $0.counts.dropped += count } }

    var counts: Counts {
        state.withLock {
            var counts = $0.counts
            counts.waiting = $0.spans.count
            return counts
        }
    }
}
