internal import Pipeline

/// The audio of utterances whose words are not known yet, so that another recogniser can hear it.
///
/// Bounded: of a monologue longer than the memory nothing is kept, and it is not heard again.
struct KeptUtterances {
    struct Kept {
        let utterance: Utterance
        /// Of `octets`.
        let start: Int
        var end: Int?
        /// When its words are due.
        var dueAt: MonotonicTime?
    }

    private(set) var octets: [UInt8] = []
    private(set) var outstanding: [Kept] = []
    private(set) var isTooLong = false
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        octets.reserveCapacity(capacity)
    }

    mutating func begin(_ utterance: Utterance) {
        if outstanding.isEmpty {
            octets.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        outstanding.append(Kept(utterance: utterance, start: octets.count))
    }

    mutating func append(_ more: Span<UInt8>) {
        guard !isTooLong, octets.count + more.count <= capacity else {
            isTooLong = true
            return
        }
        for index in more.indices { octets.append(more[index]) }
    }

    mutating func finish(_ id: Utterance.ID, dueAt: MonotonicTime) {
        guard let index = outstanding.firstIndex(where: { $0.utterance.id == id }) else { return }
        outstanding[index].end = octets.count
        outstanding[index].dueAt = dueAt
    }

    mutating func postpone(to time: MonotonicTime) {
        for index in outstanding.indices where outstanding[index].end != nil {
            outstanding[index].dueAt = time
        }
    }

    mutating func remove(_ id: Utterance.ID) { outstanding.removeAll { $0.utterance.id == id } }

    func contains(_ id: Utterance.ID) -> Bool { outstanding.contains { $0.utterance.id == id } }

    func isOverdue(at now: MonotonicTime) -> Bool {
        outstanding.contains { $0.dueAt.map { $0 <= now } ?? false }
    }
}
