import Pipeline

/// A recogniser that knows the labels: words come when they are ready and stay what they are.
struct ScriptedRecognizer {
    /// The driver hands audio from before the detected onset to the recogniser.
    private static let preRoll = 400
    /// From the end of an utterance to its final text, when its words are all known.
    private static let finalDelay = 100

    private let words: [Plan.Word]
    private let sendsInterims: Bool
    /// The first word that is in no utterance yet.
    private var next = 0
    private var open: (id: Utterance.ID, firstWord: Int)?

    init(_ call: Plan.Call, sendsInterims: Bool) {
        words = call.turns.flatMap(\.words)
        self.sendsInterims = sendsInterims
    }

    mutating func begin(_ id: Utterance.ID, at now: Int) {
        skip(to: now - Self.preRoll)
        open = (id, next)
    }

    mutating func cancel(at now: Int) {
        open = nil
        skip(to: now)
    }

    /// - Returns: the final text and when it comes.
    mutating func finish(_ id: Utterance.ID, at now: Int) -> (text: String, time: Int)? {
        guard let (openID, first) = open, openID == id else { return nil }
        open = nil
        skip(to: now)
        let ready = words[first..<next].map(\.ready).max() ?? 0
        return (text(first..<next), max(now + Self.finalDelay, ready))
    }

    /// When the next interim text comes.
    var nextTime: Int? {
        guard sendsInterims, open != nil, next < words.count else { return nil }
        return words[next].ready
    }

    /// The interim text that is due.
    mutating func interim(at now: Int) -> (id: Utterance.ID, text: String)? {
        guard let (id, first) = open, let time = nextTime, time <= now else { return nil }
        next += 1
        return (id, text(first..<next))
    }

    private mutating func skip(to time: Int) {
        while next < words.count, words[next].end <= time { next += 1 }
    }

    private func text(_ range: Range<Int>) -> String {
        words[range].map(\.text).joined(separator: " ")
    }
}
