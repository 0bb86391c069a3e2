internal import Codecs
internal import Pipeline

/// A session between `session.started` and its end: marks, epochs and the pace of audio.
struct LiveAudioSession {
    enum AudioVerdict { case heard, empty, partialSample, ahead }

    let topics: Set<AudioSocketTopic>
    /// Counts the `clear`s; audio and marks belong to the epoch they were sent in.
    private(set) var epoch = 0
    private var lastClearedEpoch = 0
    private var pendingMarks: [(name: MarkName, epoch: Int)] = []
    private let pendingMarkLimit: Int
    private let input: AudioSocketFormat
    private let startedAt: MonotonicTime
    private var receivedOctets = 0

    init(
        _ session: AudioSocketSession, topics: Set<AudioSocketTopic>, limits: AudioSocketLimits,
        at now: MonotonicTime
    ) {
        self.topics = topics
        input = session.input
        pendingMarkLimit = limits.pendingMarks
        startedAt = now
    }

    mutating func addMark(_ name: MarkName) -> Bool {
        guard pendingMarks.count < pendingMarkLimit else { return false }
        pendingMarks.append((name, epoch))
        return true
    }

    mutating func raiseEpoch() { epoch += 1 }

    /// Audio may run a second ahead of real time, as after a stall of the network; what is more
    /// would only wait in a buffer, so it is dropped.
    mutating func takeAudio(octetCount: Int, at now: MonotonicTime) -> AudioVerdict {
        guard octetCount > 0 else { return .empty }
        guard let octetsPerMillisecond = input.octetsPerMillisecond,
            let octetsPerSample = input.audio.octetsPerSample
        else { return .heard }
        guard octetCount.isMultiple(of: octetsPerSample) else { return .partialSample }
        let elapsed = startedAt.duration(to: now).components
        let milliseconds = elapsed.seconds * 1_000 + elapsed.attoseconds / 1_000_000_000_000_000
        let due = (Int(milliseconds) + 1_000) * octetsPerMillisecond
        guard receivedOctets + octetCount <= due else { return .ahead }
        receivedOctets += octetCount
        return .heard
    }

    /// What a control message means; `nil` when it means nothing any more.
    mutating func take(
        _ message: AudioSocketMessage, counters: inout AudioSocketCounters
    ) -> AudioSocketAction? {
        switch message {
        case .dtmf(let digit, let durationMilliseconds):
            return .dtmf(digit, durationMilliseconds: durationMilliseconds)
        case .interrupt: return .interrupt
        case .marked(let name, let isPlayed, let playedMilliseconds):
            guard let index = pendingMarks.firstIndex(where: { $0.name == name }) else {
                counters.unknownMark += 1
                return nil
            }
            let mark = pendingMarks.remove(at: index)
            return .marked(
                name, epoch: mark.epoch, isPlayed: isPlayed,
                playedMilliseconds: playedMilliseconds)
        case .cleared(let epoch, let playedMilliseconds, let droppedMilliseconds):
            guard epoch == self.epoch, epoch > lastClearedEpoch else {
                counters.staleEpoch += 1
                return nil
            }
            lastClearedEpoch = epoch
            return .cleared(
                epoch: epoch, playedMilliseconds: playedMilliseconds,
                droppedMilliseconds: droppedMilliseconds)
        case .sessionStart, .audio, .ping, .stop: return nil
        }
    }
}
