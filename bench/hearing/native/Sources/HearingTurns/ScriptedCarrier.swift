import Pipeline

/// A carrier's playback buffer: plays in real time, returns marks, throws away on `clear`.
struct ScriptedCarrier {
    private static let octetsPerMillisecond = 8

    private struct Stretch {
        let start: Int
        var octets: [UInt8]
    }

    private var stretches: [Stretch] = []
    private var dryAt = 0
    private(set) var marks: [(mark: PlayoutMark, due: Int)] = []

    mutating func send(_ octets: [UInt8], at now: Int) {
        dryAt = max(now, dryAt)
        stretches.append(Stretch(start: dryAt, octets: octets))
        dryAt += octets.count / Self.octetsPerMillisecond
    }

    mutating func send(_ mark: PlayoutMark, at now: Int) {
        marks.append((mark, max(now, dryAt)))
    }

    /// The oldest mark, once it is reached.
    mutating func returnedMark(at now: Int) -> PlayoutMark? {
        guard let first = marks.first, first.due <= now else { return nil }
        return marks.removeFirst().mark
    }

    mutating func clear(at now: Int) {
        while let last = stretches.last {
            let played = (now - last.start) * Self.octetsPerMillisecond
            guard played < last.octets.count else { break }
            stretches.removeLast()
            guard played > 0 else { continue }
            stretches.append(Stretch(start: last.start, octets: Array(last.octets[..<played])))
            break
        }
        dryAt = min(dryAt, now)
        for index in marks.indices { marks[index].due = now }  // carriers return them all
    }

    /// Every octet the caller heard until now.
    func heard(until now: Int) -> [UInt8] {
        var result: [UInt8] = []
        for stretch in stretches {
            let played = (now - stretch.start) * Self.octetsPerMillisecond
            result += stretch.octets.prefix(max(0, played))
        }
        return result
    }
}
