internal import Pipeline

/// What Deepgram has said so far of one of our utterances.
///
/// Its windows are cut where it sees fit: several of them make an utterance.
struct DeepgramUtterance: Sendable {
    let id: Utterance.ID
    let start: AudioRing.Position
    /// `nil`: it goes on.
    private(set) var end: AudioRing.Position?
    private(set) var finishedAt: MonotonicTime?
    /// When the last word was asked for on the connection there is now.
    var finalizedAt: MonotonicTime?
    /// What lies before is in final windows.
    private(set) var covered: AudioRing.Position
    /// What lies before is in windows of any kind.
    private(set) var heard: AudioRing.Position
    private var finals = ""
    private var interim = ""

    init(id: Utterance.ID, start: AudioRing.Position) {
        self.id = id
        self.start = start
        covered = start
        heard = start
    }

    var isFinished: Bool { end != nil }
    var text: String { Self.joined(finals, interim) }

    /// Octets that no window has been heard of; 0 while it goes on.
    var unheard: Int { end.map { max(0, $0 - max(covered, heard)) } ?? 0 }

    mutating func finish(at end: AudioRing.Position, _ now: MonotonicTime) {
        self.end = end
        finishedAt = now
    }

    /// Final windows reach its end, but for `tolerance` octets.
    func isCovered(tolerance: Int) -> Bool { end.map { covered >= $0 - tolerance } ?? false }

    /// Octets that it has in common with a window.
    func overlap(_ window: Range<AudioRing.Position>) -> Int {
        min(window.upperBound, end ?? .max) - max(window.lowerBound, start)
    }

    /// Takes the text of a window that will not change.
    mutating func take(final text: String, until position: AudioRing.Position) {
        finals = Self.joined(finals, text)
        interim = ""
        covered = max(covered, min(position, end ?? position))
        heard = covered
    }

    /// Takes the text of a window that may change; one that reaches less far than another is old.
    mutating func take(interim text: String, until position: AudioRing.Position) {
        guard position >= heard else { return }
        interim = text
        heard = position
    }

    private static func joined(_ first: String, _ second: String) -> String {
        first.isEmpty ? second : second.isEmpty ? first : first + " " + second
    }
}
