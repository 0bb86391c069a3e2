import Foundation

/// A caller in real time, for integration tests: a frame every 20 ms, a playback buffer, and a record of what came.
///
/// The dialects are its subclasses, written from their documents alone.
class GatewayCaller {
    enum Entry: Equatable {
        /// Audio as it came, before any decoding.
        case audio([UInt8])
        case mark(String)
        case clear
    }

    let wire: WireClient
    let clock = ContinuousClock()
    /// What the gateway sent for the caller's ear, in order.
    private(set) var entries: [Entry] = []
    /// When each entry came.
    private(set) var times: [ContinuousClock.Instant] = []
    /// What the gateway sent that its protocol does not allow.
    var violations: [String] = []
    private(set) var framesSent = 0
    /// When the last voiced frame was sent.
    private(set) var voiceEnd: ContinuousClock.Instant?
    private(set) var voiceStart: ContinuousClock.Instant?
    private(set) var closeCode: Int?
    private(set) var isOver = false
    /// A caller whose line went dead sends no frames.
    var sendsFrames = true

    private var voicedFramesLeft = 0
    private var nextFrameAt: ContinuousClock.Instant
    private var playedUntil: ContinuousClock.Instant
    private var pendingMarks: [(name: String, due: ContinuousClock.Instant)] = []

    init(_ wire: WireClient) {
        self.wire = wire
        nextFrameAt = clock.now
        playedUntil = nextFrameAt
    }

    // What a dialect says.
    func sendFrame(isVoiced: Bool, number: Int) throws {}
    func returnMark(_ name: String, isPlayed: Bool) throws {}
    /// Takes a text message; a dialect calls `heard`, `marked` and `cleared`.
    func take(text: String) throws {}
    func take(binary octets: [UInt8]) throws {}

    /// Lives in real time until `isDone`.
    ///
    /// - Returns: whether it was before `limit` and the connection's end.
    @discardableResult
    func run(within limit: Duration = .seconds(10), until isDone: () -> Bool) throws -> Bool {
        let deadline = clock.now.advanced(by: limit)
        while !isDone() {
            guard !isOver, clock.now < deadline else { return false }
            if sendsFrames, clock.now >= nextFrameAt { try sendNextFrame() }
            while let mark = pendingMarks.first, mark.due <= clock.now {
                pendingMarks.removeFirst()
                try returnMark(mark.name, isPlayed: true)
            }
            var wake = sendsFrames ? min(deadline, nextFrameAt) : deadline
            if let mark = pendingMarks.first { wake = min(wake, mark.due) }
            do {
                if let frame = try wire.nextFrame(before: wake) { try take(frame) }
            } catch WireError.ended { isOver = true }
        }
        return true
    }

    /// Speaks for `frames` × 20 ms.
    func say(frames: Int) throws {
        voicedFramesLeft = frames
        voiceStart = nil
        try run { self.voicedFramesLeft == 0 }
    }

    /// Lives on for `frames` × 20 ms.
    func listen(frames: Int) throws {
        let end = framesSent + frames
        try run { self.framesSent >= end }
    }

    /// Waits until the server has ended the connection.
    func waitsForEnd(within limit: Duration = .seconds(8)) throws -> Bool {
        sendsFrames = false
        try run(within: limit) { self.isOver }
        return isOver
    }

    var marks: [String] {
        entries.compactMap { if case .mark(let name) = $0 { name } else { nil } }
    }
    var audioOctets: Int { octets(from: 0) }
    var clearCount: Int { entries.count { $0 == .clear } }
    var isPlaying: Bool { playedUntil > clock.now }

    /// Octets of audio among the entries from `index` on.
    func octets(from index: Int) -> Int {
        entries.dropFirst(index).reduce(0) { sum, entry in
            if case .audio(let octets) = entry { sum + octets.count } else { sum }
        }
    }

    func heard(_ octets: [UInt8], lasting duration: Duration) {
        note(.audio(octets))
        playedUntil = max(playedUntil, clock.now).advanced(by: duration)
    }

    func marked(_ name: String) {
        note(.mark(name))
        pendingMarks.append((name, max(playedUntil, clock.now)))
    }

    /// Empties the buffer: all marks come back at once, as carriers do.
    func cleared() throws {
        note(.clear)
        playedUntil = clock.now
        let cut = pendingMarks
        pendingMarks = []
        for mark in cut { try returnMark(mark.name, isPlayed: false) }
    }

    private func note(_ entry: Entry) {
        entries.append(entry)
        times.append(clock.now)
    }

    private func sendNextFrame() throws {
        let isVoiced = voicedFramesLeft > 0
        if isVoiced {
            voicedFramesLeft -= 1
            voiceEnd = clock.now
            voiceStart = voiceStart ?? voiceEnd
        }
        framesSent += 1
        nextFrameAt = nextFrameAt.advanced(by: .milliseconds(20))
        do { try sendFrame(isVoiced: isVoiced, number: framesSent) } catch WireError.ended {
            isOver = true
        }
    }

    private func take(_ frame: WireClient.Frame) throws {
        switch frame.opcode {
        case 1: try take(text: frame.text)
        case 2: try take(binary: frame.payload)
        case 8:
            closeCode = frame.closeCode
            sendsFrames = false
            try? wire.send(closeCode: UInt16(frame.closeCode))
        default: break
        }
    }
}
