import Pipeline

/// A carrier's playback buffer, which shares no code with `Playout`.
///
/// It plays in real time, returns marks as they are reached, and all of them on `clear`.
struct SimulatedCarrier {
    /// A stretch of sound without a gap; times in milliseconds.
    struct Sound {
        let start: Int
        var end: Int
        /// Where it starts in `heard`.
        let firstOctet: Int
    }

    let octetsPerMillisecond: Int
    /// Every octet the caller heard, in order.
    private(set) var heard: [UInt8] = []
    private(set) var sounds: [Sound] = []
    /// The most audio that ever waited, in octets.
    private(set) var mostBuffered = 0

    private var buffer: [UInt8] = []
    private var played = 0
    private var marks: [(mark: PlayoutMark, position: Int)] = []
    private var clock = 0

    init(octetsPerMillisecond: Int) { self.octetsPerMillisecond = octetsPerMillisecond }

    var isSilent: Bool { played == buffer.count }

    /// When the next mark is reached; `nil` without one.
    var nextMarkTime: Int? {
        marks.first.map { mark in
            let octets = mark.position - played
            return clock + (octets + octetsPerMillisecond - 1) / octetsPerMillisecond
        }
    }

    /// Plays until `now`.
    ///
    /// - Returns: the marks that were reached.
    mutating func advance(to now: Int) -> [PlayoutMark] {
        let count = min((now - clock) * octetsPerMillisecond, buffer.count - played)
        if count > 0 {
            let end = clock + count / octetsPerMillisecond
            if let last = sounds.indices.last, sounds[last].end == clock {
                sounds[last].end = end
            } else {
                sounds.append(Sound(start: clock, end: end, firstOctet: heard.count))
            }
            heard += buffer[played..<played + count]
            played += count
        }
        clock = now
        let reached = marks.prefix { $0.position <= played }.map(\.mark)
        marks.removeFirst(reached.count)
        return reached
    }

    mutating func send(_ octets: [UInt8]) {
        buffer += octets
        mostBuffered = max(mostBuffered, buffer.count - played)
    }

    mutating func send(_ mark: PlayoutMark) { marks.append((mark, buffer.count)) }

    /// Drops what was not played.
    ///
    /// - Returns: all pending marks.
    mutating func clear() -> [PlayoutMark] {
        buffer.removeLast(buffer.count - played)
        defer { marks = [] }
        return marks.map(\.mark)
    }
}
