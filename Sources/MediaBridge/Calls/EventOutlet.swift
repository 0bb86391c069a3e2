internal import Events
internal import Foundation
internal import Pipeline
internal import Records

/// Hands a loop's events to the control plane in batches of at most 100 ms.
///
/// Used on its loop only. When the control plane is `capacity` batches behind, the newest batch is
/// dropped and counted: the media plane never waits.
final class EventOutlet {
    typealias Batch = [(callID: String, entry: JournalEntry)]
    private static let interval = Duration.milliseconds(100)

    private let batches: AsyncStream<Batch>.Continuation
    private var batch: Batch = []
    private var flushedAt = MonotonicTime(sinceStart: .zero)
    private(set) var droppedEvents = 0

    init(to batches: AsyncStream<Batch>.Continuation) { self.batches = batches }

    func add(callID: String, body: EventBody, secondsFromStart: Double) {
        let entry = JournalEntry(body, time: Date(), secondsFromStart: secondsFromStart)
        batch.append((callID, entry))
    }

    /// Sends what has gathered when it is due.
    func flush(at now: MonotonicTime, force: Bool = false) {
        guard !batch.isEmpty, force || flushedAt.duration(to: now) >= Self.interval else { return }
        flushedAt = now
        if case .dropped(let lost) = batches.yield(batch) { droppedEvents += lost.count }
        batch.removeAll(keepingCapacity: true)
    }
}
