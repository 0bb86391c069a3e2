import Events
import Pipeline

/// What a test asks of a call that was run.
extension SimulatedCall {
    var isTransferred: Bool { transferTime != nil }
    var transferTime: Int? {
        actions.first { if case .transfer = $0.action { true } else { false } }?.time
    }
    var hangUpTime: Int? {
        actions.first { if case .hangUp = $0.action { true } else { false } }?.time
    }
    var clearTimes: [Int] {
        actions.filter { if case .sendClear = $0.action { true } else { false } }.map(\.time)
    }
    var turns: [TurnRecord] {
        events.compactMap { if case .turnCompleted(let record) = $0.body { record } else { nil } }
    }
    var interruptions: [(time: Int, what: Interruption)] {
        events.compactMap {
            if case .interruption(let what) = $0.body { ($0.time, what) } else { nil }
        }
    }
    var errorStages: [String] {
        events.compactMap { if case .error(let record) = $0.body { record.stage } else { nil } }
    }
    var eventTypes: [EventType] { events.map(\.body.type) }
    func times(of type: EventType) -> [Int] {
        events.filter { $0.body.type == type }.map(\.time)
    }
    func times(in phase: Conversation.Phase) -> [Int] {
        phases.filter { $0.phase == phase }.map(\.time)
    }

    /// When the caller first heard anything at or after `time`; a sound that lasts counts.
    func soundTime(from time: Int) -> Int? {
        carrier.sounds.first { $0.end > time }.map { max($0.start, time) }
    }

    /// What the caller heard of one answer, fillers left out.
    func heardSpeech(ofGeneration generation: Int) -> [UInt8] {
        carrier.heard.filter { $0 & 0x80 != 0 && Int($0 >> 4) & 7 == generation % 8 }
    }

    /// Whether the caller heard all of an answer: every octet once, in order.
    func isHeardWholly(generation: Int) -> Bool {
        heardSpeech(ofGeneration: generation) == synthesised[generation]
    }

    /// Whether the octets heard from `time` on are all of `generation`'s answer and nothing else.
    func isOnlyHeard(generation: Int, from time: Int) -> Bool {
        octetsHeard(from: time) == synthesised[generation]
    }

    /// The octets heard from `time` on.
    func octetsHeard(from time: Int) -> [UInt8] {
        var octets: [UInt8] = []
        for (index, sound) in carrier.sounds.enumerated() where sound.end > time {
            let end =
                index + 1 < carrier.sounds.count
                ? carrier.sounds[index + 1].firstOctet : carrier.heard.count
            let skipped = max(0, time - sound.start) * carrier.octetsPerMillisecond
            octets += carrier.heard[min(end, sound.firstOctet + skipped)..<end]
        }
        return octets
    }

    /// The whole words in the octets the caller heard of an answer, every character of a chunk
    /// taking the same time.
    func heardWords(ofGeneration generation: Int) -> String {
        var octets = heardSpeech(ofGeneration: generation).count
        var words: [Substring] = []
        for chunk in chunks[generation] ?? [] {
            let octetsPerCharacter = chunk.octetCount / chunk.text.count
            var character = 0
            for word in chunk.text.split(separator: " ") {
                character += word.count
                if character * octetsPerCharacter <= octets { words.append(word) }
                character += 1
            }
            octets -= chunk.octetCount
            if octets <= 0 { break }
        }
        return words.joined(separator: " ")
    }
}
