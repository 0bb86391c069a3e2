/// What a carrier played of the audio it was sent: blocks in a row, cut where it was cleared.
struct PlayedTrack {
    /// From sample 0 of the call on, silence where nothing played.
    private(set) var samples: [Int16] = []
    /// Nothing is placed from here on, so that no broken record fills the memory.
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Plays `pcm` from `position` on, or behind what is still playing.
    mutating func play(_ pcm: [Int16], at position: Int) {
        let start = max(position, samples.count)
        guard start < limit else { return }
        samples.append(contentsOf: repeatElement(0, count: start - samples.count))
        samples += pcm.prefix(limit - start)
    }

    /// The carrier dropped what it had not played at `position`.
    mutating func clear(at position: Int) {
        guard position < samples.count else { return }
        samples.removeLast(samples.count - max(0, position))
    }
}
