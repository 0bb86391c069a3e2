/// Paces one answer's audio to the carrier and knows how much of it the caller has heard.
///
/// The carrier owns the playback buffer. Playout keeps it between `lowLead` and `highLead` ahead of
/// the ear, so that a `clear` throws little away and few messages are sent, marks every block, and
/// keeps what was not heard yet and a little of what was, so that a paused answer goes on at the
/// same sample or some way before it. Positions count octets from the start of the answer,
/// however often a stretch of it is said.
package struct Playout: Sendable {
    package struct Settings: Sendable {
        /// Below this much unplayed audio at the carrier, the next block is sent.
        package var lowLead: Duration = .milliseconds(200)
        /// A block fills the carrier's buffer up to this.
        package var highLead: Duration = .milliseconds(400)
        /// A mark missing for this long after its audio was due to be over is taken as returned.
        package var markGrace: Duration = .seconds(1)
        /// No more than this is said again when a paused answer goes on.
        package var longestRewind: Duration = .milliseconds(650)
        package init() {}
    }

    package enum Output: Equatable, Sendable {
        case audio([UInt8])
        case mark(PlayoutMark)
    }

    private struct PendingMark: Sendable {
        let position: Int
        let due: MonotonicTime
    }

    /// So many pauses in a row before anything new was heard, and nothing is said again.
    private static let fruitlessPauseLimit = 2

    private let settings: Settings
    private let octetsPerSecond: Int
    /// 20 ms; blocks are multiples of it until the answer is complete.
    private let octetsPerFrame: Int

    private var generation = 0
    private var epoch = 0
    /// Audio from `heldStart` on: what the caller has not surely heard, and `longestRewind` of
    /// what they have.
    private var held: [UInt8] = []
    private var heldStart = 0
    private var sentEnd = 0
    private var isComplete = false
    private var isPaused = false
    private var markOwed = false
    /// When the carrier's buffer will be empty.
    private var runsDryAt = MonotonicTime(sinceStart: .zero)
    /// Marks sent and not returned, oldest first, and when the audio before each is over.
    private var pendingMarks: [PendingMark] = []
    private var markedPosition = 0
    /// Without a pause since the start, the clock tells from any mark when the first octet played.
    private var wasPaused = false
    /// What the caller heard before pauses; beyond the ear's place while it is said again.
    private var furthestHeard = 0
    /// Where the answer went on after its last pause.
    private var resumedAt = 0
    /// Pauses since anything new was heard.
    private var fruitlessPauses = 0

    package init(octetsPerSecond: Int, settings: Settings = Settings()) {
        self.octetsPerSecond = octetsPerSecond
        octetsPerFrame = octetsPerSecond / 50
        self.settings = settings
    }

    /// Begins a new answer; audio of the one before is forgotten.
    package mutating func start(generation: Int) {
        self.generation = generation
        epoch += 1
        held.removeAll(keepingCapacity: true)
        heldStart = 0
        sentEnd = 0
        markedPosition = 0
        isComplete = false
        isPaused = false
        wasPaused = false
        furthestHeard = 0
        resumedAt = 0
        fruitlessPauses = 0
        markOwed = false
        pendingMarks.removeAll(keepingCapacity: true)
    }

    package mutating func append(_ octets: [UInt8]) { held += octets }

    /// No more audio belongs to this answer.
    package mutating func complete() { isComplete = true }

    /// What lies beyond `position`, and was not sent, is not said.
    package mutating func cut(after position: Int) {
        let last = max(position, sentEnd, heldStart)
        if last < end { held.removeLast(end - last) }
    }

    /// Where the answer's audio ends so far.
    package var end: Int { heldStart + held.count }
    package var hasSentAudio: Bool { sentEnd > 0 || furthestHeard > 0 }

    /// Audio still to be played to the caller, sent or not; what is said again counts again.
    package func backlog(at now: MonotonicTime) -> Duration {
        duration(of: end - playedPosition(at: now))
    }

    /// Since when the caller hears nothing of this answer; `nil` while something plays or waits.
    ///
    /// Less than a frame waits for more to come and counts as nothing.
    package func quietSince(at now: MonotonicTime) -> MonotonicTime? {
        end - sentEnd < octetsPerFrame && runsDryAt <= now ? runsDryAt : nil
    }

    /// When the audio that was sent was over; `nil`: the caller hears it still.
    func ranDry(at now: MonotonicTime) -> MonotonicTime? { runsDryAt <= now ? runsDryAt : nil }

    /// The next thing to hand to the carrier; drain to `nil` at every tick and after `append`.
    package mutating func nextOutput(at now: MonotonicTime) -> Output? {
        guard !isPaused else { return nil }
        forgetOverdueMarks(at: now)
        if markOwed {
            markOwed = false
            pendingMarks.append(PendingMark(position: sentEnd, due: runsDryAt))
            return .mark(PlayoutMark(generation: generation, epoch: epoch, position: sentEnd))
        }
        let lead = unplayed(at: now)
        guard lead < settings.lowLead else { return nil }
        var count = min(end - sentEnd, octets(in: settings.highLead - lead))
        if !isComplete || sentEnd + count < end { count -= count % octetsPerFrame }
        guard count > 0 else { return nil }
        let first = sentEnd - heldStart
        let block = Array(held[first..<first + count])
        sentEnd += count
        runsDryAt = max(now, runsDryAt).advanced(by: duration(of: count))
        markOwed = true
        return .audio(block)
    }

    /// Takes a mark that came back.
    ///
    /// - Returns: when the answer's first sample was played, if this mark tells of it.
    package mutating func markReturned(_ mark: PlayoutMark, at now: MonotonicTime) -> MonotonicTime?
    {
        guard mark.generation == generation, mark.epoch == epoch else { return nil }
        guard let index = pendingMarks.firstIndex(where: { $0.position == mark.position })
        else { return nil }
        pendingMarks.removeSubrange(...index)
        markedPosition = max(markedPosition, mark.position)
        forgetHeard()
        return wasPaused ? nil : now.advanced(by: .zero - duration(of: mark.position))
    }

    /// How much of the answer the caller has heard; what is said again counts once.
    package func heardPosition(at now: MonotonicTime) -> Int {
        max(furthestHeard, playedPosition(at: now))
    }

    /// The ear's place in the answer: by the clock, within what the marks prove.
    private func playedPosition(at now: MonotonicTime) -> Int {
        guard !isPaused else { return sentEnd }
        let unplayed = octets(in: unplayed(at: now))
        var byClock = sentEnd - min(unplayed, sentEnd)
        if unplayed > 0 { byClock -= byClock % 2 }  // never half a 16-bit sample
        guard !pendingMarks.isEmpty else { return max(markedPosition, byClock) }
        return max(markedPosition, min(byClock, pendingMarks[0].position))
    }

    /// Stops at what was heard; the carrier's buffer is to be cleared by the caller of this.
    package mutating func pause(at now: MonotonicTime) {
        guard !isPaused else { return }
        sentEnd = playedPosition(at: now)
        fruitlessPauses = sentEnd <= furthestHeard ? fruitlessPauses + 1 : 0
        furthestHeard = max(furthestHeard, sentEnd)
        isPaused = true
        wasPaused = true
        epoch += 1
        pendingMarks.removeAll(keepingCapacity: true)
        markOwed = false
        runsDryAt = now
    }

    /// Goes on where `place` says; the pause was quiet.
    ///
    /// Nothing is left out, and the answer always gains ground: what was said again and stopped
    /// once more is said a third time at most, from no earlier a place, before it goes on with the
    /// first sample that was not heard.
    ///
    /// - Parameter place: takes where playback stopped and the octets it may go back by.
    package mutating func resume(
        from place: (_ stop: Int, _ longestRewind: Int) -> Int = { stop, _ in stop }
    ) {
        guard isPaused else { return }
        isPaused = false
        if fruitlessPauses < Self.fruitlessPauseLimit {
            let rewind = octets(in: settings.longestRewind)
            let earliest = fruitlessPauses > 0 ? resumedAt : sentEnd - rewind
            sentEnd = min(sentEnd, max(place(sentEnd, rewind), earliest, heldStart))
        }
        markedPosition = min(markedPosition, sentEnd)
        resumedAt = sentEnd
    }

    /// Whether the whole answer has been played by the clock; its last mark may be on its way.
    package func isPlayed(at now: MonotonicTime) -> Bool {
        isComplete && !isPaused && sentEnd == end && runsDryAt <= now
    }

    /// Whether the caller has heard the whole answer.
    package func isFinished(at now: MonotonicTime) -> Bool {
        guard isComplete, !isPaused, sentEnd == end, !markOwed else { return false }
        return pendingMarks.isEmpty || runsDryAt.advanced(by: settings.markGrace) <= now
    }

    /// A carrier that loses marks must not hold up the answer, nor its memory.
    private mutating func forgetOverdueMarks(at now: MonotonicTime) {
        while !pendingMarks.isEmpty,
            pendingMarks[0].due.advanced(by: settings.markGrace) <= now
        {
            let oldest = pendingMarks.removeFirst()
            markedPosition = max(markedPosition, oldest.position)
            forgetHeard()
        }
    }

    /// Audio the marks prove heard is needed for a resume only as far as that may go back.
    private mutating func forgetHeard() {
        let heard = markedPosition - octets(in: settings.longestRewind) - heldStart
        // Moving the rest costs its length: do it seldom enough to stay linear.
        guard heard >= octetsPerSecond, heard * 2 >= held.count else { return }
        held.removeFirst(heard)
        heldStart += heard
    }

    /// Audio the carrier still has to play.
    private func unplayed(at now: MonotonicTime) -> Duration {
        now < runsDryAt ? now.duration(to: runsDryAt) : .zero
    }

    private func duration(of octetCount: Int) -> Duration {
        .nanoseconds(Int64(octetCount) * 1_000_000_000 / Int64(octetsPerSecond))
    }

    private func octets(in duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        return Int(nanoseconds * Int64(octetsPerSecond) / 1_000_000_000)
    }
}
