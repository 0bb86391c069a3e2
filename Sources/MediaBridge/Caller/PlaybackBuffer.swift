/// The carrier's side of the agent's voice: what was sent and not played, with its marks.
///
/// As Twilio documents it: audio plays in order, a mark returns when all before it was played (at
/// once when nothing waits), `clear` empties the buffer and returns every pending mark.
struct PlaybackBuffer {
    private var octets: [UInt8] = []
    private var head = 0
    private var marks: [(name: String, position: Int)] = []
    private var received = 0
    private var played = 0

    var waitingOctets: Int { octets.count - head }

    mutating func add(_ audio: [UInt8]) {
        octets += audio
        received += audio.count
    }

    /// Notes a mark.
    ///
    /// - Returns: whether it is to be returned at once.
    mutating func add(mark name: String) -> Bool {
        guard waitingOctets > 0 else { return true }
        marks.append((name, received))
        return false
    }

    /// Empties the buffer.
    ///
    /// - Returns: the marks to return.
    mutating func clear() -> [String] {
        octets.removeAll(keepingCapacity: true)
        head = 0
        played = received
        defer { marks = [] }
        return marks.map(\.name)
    }

    /// Plays the next `count` octets; what is missing is silence.
    ///
    /// - Returns: the audio, and the marks that were reached.
    mutating func play(_ count: Int, silence: UInt8) -> (audio: [UInt8], marks: [String]) {
        let available = min(count, waitingOctets)
        var audio = Array(octets[head..<head + available])
        audio.append(contentsOf: repeatElement(silence, count: count - available))
        head += available
        played += available
        if head == octets.count || head > 65_536 {
            octets.removeFirst(head)
            head = 0
        }
        let reached = marks.prefix { $0.position <= played }.map(\.name)
        marks.removeFirst(reached.count)
        return (audio, reached)
    }
}
