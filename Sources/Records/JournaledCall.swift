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

    init(summary: CallSummary, file: JournalFile?) {
        self.summary = summary
        self.file = file
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

    /// Brings the file up to the latest event; a call without a file has nothing to do.
    mutating func write() throws {
        guard file != nil, writtenSeq < lastSeq else { return }
        let unwritten = events(after: writtenSeq)
        try file?.append(unwritten)
        writtenSeq = lastSeq
        if summary.status == .ended { file?.close() }
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
            events: page, next: next, ended: summary.status == .ended && next >= lastSeq)
    }

    func hasNews(after seq: Int) -> Bool { lastSeq > seq || summary.status == .ended }

    private func events(after seq: Int) -> ArraySlice<CallEvent> {
        let unread = lastSeq - min(max(seq, 0), lastSeq)
        return events.suffix(unread)
    }
}
