internal import Events
internal import Foundation

/// One call as the journal keeps it.
struct JournaledCall {
    private(set) var summary: CallSummary
    /// Contiguous in `seq`, ending at `lastSeq`; the oldest may be gone.
    private(set) var events: [CallEvent] = []
    private(set) var lastSeq = 0
    /// Past the bound before the file had them: in neither place now.
    private(set) var lost = 0
    private var file: JournalFile?
    private var writtenSeq = 0

    /// A call has a `lastSeq` when its events so far are in the store and file only.
    init(summary: CallSummary, lastSeq: Int = 0, file: JournalFile?) {
        self.summary = summary
        self.lastSeq = lastSeq
        self.file = file
        writtenSeq = lastSeq
    }

    var turns: [TurnRecord] {
        events.compactMap { event in
            if case .turnCompleted(let turn) = event.body { turn } else { nil }
        }
    }

    mutating func append(_ entries: [JournalEntry]) {
        events.reserveCapacity(events.count + entries.count)
        for entry in entries {
            lastSeq += 1
            events.append(
                CallEvent(
                    id: UUID(), callID: summary.id, seq: lastSeq, time: entry.time,
                    secondsFromStart: entry.secondsFromStart, body: entry.body))
            summary.update(with: entry)
        }
    }

    /// Takes the next events as the store has kept them.
    mutating func take(_ kept: [CallEvent]) {
        for event in kept {
            lastSeq = event.seq
            events.append(event)
            summary.update(
                with: JournalEntry(
                    event.body, time: event.time, secondsFromStart: event.secondsFromStart))
        }
    }

    /// Memory has every event after `seq`.
    func holds(after seq: Int) -> Bool { lastSeq - events.count <= max(seq, 0) }

    /// Brings the file up to the latest event; a call without a file has nothing to do.
    mutating func write() throws {
        guard file != nil, writtenSeq < lastSeq else { return }
        let unwritten = events(after: writtenSeq)
        try file?.append(unwritten)
        writtenSeq = lastSeq
        if summary.status != .live { file?.close() }
    }

    /// Lets the oldest events go once there are more than `limit`, an eighth at a time.
    mutating func shed(limit: Int) {
        guard events.count > limit else { return }
        let excess = events.count - (limit - limit / 8)
        let firstKept = events[excess - 1].seq + 1
        if file != nil { lost += max(0, firstKept - 1 - max(writtenSeq, firstKept - 1 - excess)) }
        events.removeFirst(excess)
    }

    func page(after seq: Int, limit: Int) -> EventPage {
        let page = Array(events(after: seq).prefix(limit))
        let next = page.last?.seq ?? seq
        return EventPage(
            events: page, next: next, ended: summary.status != .live && next >= lastSeq)
    }

    func hasNews(after seq: Int) -> Bool { lastSeq > seq || summary.status != .live }

    private func events(after seq: Int) -> ArraySlice<CallEvent> {
        let unread = lastSeq - min(max(seq, 0), lastSeq)
        return events.suffix(unread)
    }
}
