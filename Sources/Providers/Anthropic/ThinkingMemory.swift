internal import Synchronization

/// Thinking that led to tool calls, which the API wants back unchanged with their results.
///
/// A conversation's history has no place for it, for it is neither speech nor an act. Shared by
/// the requests of one model; holds the newest 64 calls, an answer needs only its own.
final class ThinkingMemory: Sendable {
    private static let bound = 64
    private let entries = Mutex<[(callID: String, blocks: [JSONValue])]>([])

    func keep(_ blocks: [JSONValue], for callID: String) {
        guard !blocks.isEmpty else { return }
        entries.withLock { entries in
            entries.append((callID, blocks))
            if entries.count > Self.bound { entries.removeFirst() }
        }
    }

    func blocks(for callID: String) -> [JSONValue] {
        entries.withLock { $0.last { $0.callID == callID }?.blocks ?? [] }
    }
}
