internal import Codecs

/// Writes all inputs of one call as octets, so that the call can be run again; pure.
///
/// A record is a header and blocks of entries. An entry is a tag octet, its time and its values:
/// ```text
/// header  "MBFR", version 1, flags (bit 0: audio is kept), call id, start (Float64),
///         two audio formats, language, settings by name, fillers, apology
/// block   00 number base-time                   what follows can be read without what precedes
/// frame   11pppppp pppppppp pppppppp pppppppp Δ  the probability's lower 30 bits
/// other   tag Δ values
/// ```
/// Numbers are variable-length, seven bits an octet. Δ is the time in microseconds less what was
/// expected: for frames and ticks 20 ms after the one before, else the entry before; a time between
/// two microseconds is preceded by an entry that holds the rest. Without consent, synthesised
/// audio and fillers are kept as lengths and levels, which is all that decisions depend on.
package struct FlightRecordWriter: Sendable {
    static let magic: [UInt8] = [0x4D, 0x42, 0x46, 0x52]
    static let version: UInt8 = 1

    private var output = FlightOctets()
    private let keepsAudio: Bool
    private var clock = FlightClock()
    private var blockNumber: UInt64 = 0
    private var blockIsOpen = false

    /// Writes the header.
    ///
    /// - Parameters:
    ///   - call: what is known when the call starts.
    ///   - capacity: octets kept ready; a block up to this takes no further memory.
    package init(_ call: FlightCall, capacity: Int = 24_576) {
        keepsAudio = call.keepsAudio
        output.reserve(capacity)
        for octet in Self.magic { output.put(octet) }
        output.put(Self.version)
        output.put(call.keepsAudio ? 1 : 0)
        output.put(call.callID)
        output.put(bits: call.startedAt.bitPattern)
        for format in [call.inbound, call.outbound] {
            output.put(format.encoding.rawValue)
            output.put(count: format.rate.rawValue)
        }
        put(call.settings)
    }

    /// How much has gathered since the last block was taken.
    package var octetCount: Int { output.count }

    /// Takes what has gathered; what comes next begins a block.
    package mutating func takeBlock() -> [UInt8] {
        var block: [UInt8] = []
        block.reserveCapacity(output.count)
        block += output.octets  // a copy, so that the memory at hand stays ours
        output.removeAll()
        blockIsOpen = false
        return block
    }

    package mutating func append(_ event: Conversation.Event, at now: MonotonicTime) {
        switch event {
        case .frameHeard(let probability): putFrame(probability, at: now)
        case .tick: putTag(.tick, at: now, .tick)
        case .callStarted: putTag(.callStarted, at: now)
        case .intonation(let intonation):
            putTag(.intonation, at: now)
            output.put(intonation.rawValue)
        case .recognised(let result): put(result, at: now)
        case .modelSaid(let said, let generation, let timing):
            put(said, generation, timing, at: now)
        case .modelEnded(let generation, let timing):
            putTag(.modelEnded, at: now)
            output.put(count: generation)
            put(timing, from: now)
        case .modelFailed(let error, let generation):
            putTag(.modelFailed, at: now)
            output.put(count: generation)
            output.put(error)
        case .toolAnswered(let result, let generation, let took):
            putTag(.toolAnswered, at: now)
            output.put(count: generation)
            output.put(took)
            output.put(result.callID)
            output.put(result.succeeded ? 1 : 0)
            output.put(result.content)
        case .speechReady(let block, let chunk, let timing):
            put(block, chunk, timing, at: now)
        case .speechEnded(let chunk):
            putTag(.speechEnded, at: now)
            put(chunk)
        case .speechFailed(let error, let chunk):
            putTag(.speechFailed, at: now)
            put(chunk)
            output.put(error)
        case .providerSwitched(let change, let generation):
            putTag(.providerSwitched, at: now)
            output.put(signed: Int64(generation ?? -1))
            put(change, from: now)
        case .face(let news):
            putTag(.face, at: now)
            put(news)
        case .markReturned(let mark):
            putTag(.markReturned, at: now)
            output.put(signed: Int64(mark.generation))
            output.put(signed: Int64(mark.epoch))
            output.put(signed: Int64(mark.position))
        case .keyPressed(let digit):
            putTag(.keyPressed, at: now)
            output.put(String(digit))
        case .beepHeard: putTag(.beepHeard, at: now)
        case .silenceRequested: putTag(.silenceRequested, at: now)
        case .hangUpRequested(let reason):
            putTag(.hangUpRequested, at: now)
            output.put(reason.rawValue)
        case .callEnded(let reason):
            putTag(.callEnded, at: now)
            output.put(reason.rawValue)
        case .ordered(let order):
            putTag(.ordered, at: now)
            put(order)
        }
    }

    /// `Conversation.performed(at:)` was called.
    package mutating func appendPerformed(at now: MonotonicTime) { putTag(.performed, at: now) }

    /// Keeps the caller's octets, if there is consent.
    package mutating func appendAudio(_ octets: Span<UInt8>, at now: MonotonicTime) {
        guard keepsAudio else { return }
        putTag(.audio, at: now)
        output.put(octets)
    }

    /// Nothing follows: the record is as large as it may be.
    package mutating func appendFull() { output.put(.full) }

    package mutating func append(_ digest: DecisionDigest) {
        output.put(.digest)
        output.put(bits: digest.value)
    }
}

extension FlightRecordWriter {
    private mutating func put(_ settings: ConversationSettings) {
        output.put(settings.language.rawValue)
        output.put(count: settings.octetsPerSecond)
        output.put(count: ConversationSetting.all.count)
        for setting in ConversationSetting.all {
            output.put(setting.name)
            switch setting.kind {
            case .duration(let path): output.put(settings[keyPath: path])
            case .probability(let path): output.put(bits: settings[keyPath: path].bitPattern)
            case .count(let path): output.put(signed: Int64(settings[keyPath: path]))
            case .flag(let path): output.put(settings[keyPath: path] ? 1 : 0)
            case .text(let path): output.put(settings[keyPath: path])
            }
        }
        output.put(count: settings.fillers.count)
        for filler in settings.fillers { put(filler) }
        output.put(settings.apology == nil ? 0 : 1)
        if let apology = settings.apology { put(apology) }
    }

    private mutating func put(_ filler: Filler) {
        output.put(filler.text)
        putSound(filler.octets)
    }

    private mutating func putSound(_ octets: [UInt8]) {
        if keepsAudio { output.put(octets) } else { output.put(count: octets.count) }
    }

    /// What stands before every entry; the tag follows.
    private mutating func openEntry(at time: FlightDuration) {
        if !blockIsOpen {
            blockIsOpen = true
            output.put(.block)
            output.put(number: blockNumber)
            output.put(signed: time.microseconds)
            blockNumber += 1
            clock = FlightClock(microseconds: time.microseconds)
        }
        guard time.attoseconds != 0 else { return }
        output.put(.fraction)
        output.put(number: UInt64(time.attoseconds))
    }

    private mutating func putTag(
        _ tag: FlightTag, at now: MonotonicTime, _ rhythm: FlightClock.Rhythm = .none
    ) {
        let time = FlightDuration(now.sinceStart)
        openEntry(at: time)
        output.put(tag)
        put(time, rhythm)
    }

    private mutating func put(_ time: FlightDuration, _ rhythm: FlightClock.Rhythm) {
        output.put(signed: time.microseconds - clock.expected(rhythm))
        clock.note(time.microseconds, rhythm)
    }

    private mutating func putFrame(_ probability: Float, at now: MonotonicTime) {
        let time = FlightDuration(now.sinceStart)
        let bits = probability.bitPattern
        openEntry(at: time)
        guard bits >> 30 == 0 else {
            output.put(.oddFrame)
            put(time, .frame)
            return output.put(bits: bits)
        }
        output.put(bits: UInt32(FlightTag.frame) << 24 | bits)
        put(time, .frame)
    }

    /// A time near the entry's own.
    private mutating func put(_ time: MonotonicTime, from now: MonotonicTime) {
        output.put(now.duration(to: time))
    }

    private mutating func put(_ timing: EngineTiming, from now: MonotonicTime) {
        put(timing.askedAt, from: now)
        put(timing.readyAt, from: now)
    }

    private mutating func put(_ order: Conversation.Order) {
        switch order {
        case .say(let text):
            output.put(0)
            output.put(text)
        case .addContext(let text):
            output.put(1)
            output.put(text)
        case .change(let agent):
            output.put(agent.engines.isEmpty ? 2 : 7)
            if !agent.engines.isEmpty { put(agent.engines) }
            output.put(agent.prompt == nil ? 0 : 1)
            if let prompt = agent.prompt { output.put(prompt) }
            output.put(count: agent.variables.count)
            for (name, value) in agent.variables.sorted(by: { $0.key < $1.key }) {
                output.put(name)
                output.put(value)
            }
        case .mute: output.put(3)
        case .unmute: output.put(4)
        case .sendTones(let octets):
            output.put(5)
            putSound(octets)
        case .transfer(let target):
            output.put(6)
            output.put(target.department)
            output.put(target.reason)
            output.put(target.destination)
        }
    }

    private mutating func put(_ engines: [EngineStage: String]) {
        output.put(count: engines.count)
        for (stage, name) in engines.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            output.put(stage.rawValue)
            output.put(name)
        }
    }

    private mutating func put(_ change: ProviderSwitch, from now: MonotonicTime) {
        output.put(change.stage.rawValue)
        output.put(change.from)
        output.put(change.to)
        output.put(change.cause.name)
        put(change.since, from: now)
    }

    private mutating func put(_ chunk: Conversation.ChunkID) {
        output.put(count: chunk.generation)
        output.put(count: chunk.index)
    }

    private mutating func put(_ news: Conversation.FaceNews) {
        switch news {
        case .ready: output.put(0)
        case .spoke(let chunk, let duration):
            output.put(1)
            put(chunk)
            output.put(duration)
        case .cut(let chunk, let duration):
            output.put(2)
            put(chunk)
            output.put(duration)
        case .lost(let error):
            output.put(3)
            output.put(error)
        }
    }

    private mutating func put(_ result: RecognitionResult, at now: MonotonicTime) {
        switch result.outcome {
        case .interim: putTag(.interim, at: now)
        case .final: putTag(.final, at: now)
        case .failed: putTag(.recognitionFailed, at: now)
        }
        output.put(count: result.utterance)
        put(result.readyAt, from: now)
        switch result.outcome {
        case .interim(let text), .final(let text): output.put(text)
        case .failed(let error): output.put(error)
        }
    }

    private mutating func put(
        _ said: ModelEvent, _ generation: Int, _ timing: EngineTiming, at now: MonotonicTime
    ) {
        switch said {
        case .text: putTag(.modelText, at: now)
        case .toolCall: putTag(.modelToolCall, at: now)
        case .expects: putTag(.modelExpects, at: now)
        case .guarded: putTag(.modelGuarded, at: now)
        case .closing: putTag(.modelClosing, at: now)
        }
        output.put(count: generation)
        put(timing, from: now)
        switch said {
        case .text(let text): output.put(text)
        case .toolCall(let call):
            output.put(call.id)
            output.put(call.name)
            output.put(call.arguments)
        case .expects(let hints):
            output.put(hints.grammar == nil ? 0 : 1)
            if let grammar = hints.grammar { output.put(grammar) }
            output.put(count: hints.phrases.count)
            for phrase in hints.phrases { output.put(phrase) }
            output.put(hints.expecting?.text ?? "")
        case .guarded: break
        case .closing(.hangUp): output.put(0)
        case .closing(.transfer(let reason)):
            output.put(1)
            output.put(reason)
        }
    }

    private mutating func put(
        _ block: SpeechBlock, _ chunk: Conversation.ChunkID, _ timing: EngineTiming,
        at now: MonotonicTime
    ) {
        putTag(block.levels.isEmpty ? .speechReady : .levelledSpeech, at: now)
        put(chunk)
        put(timing, from: now)
        putSound(block.octets)
        output.put(count: block.words.count)
        for word in block.words {
            output.put(word.word)
            output.put(word.start)
        }
        if !block.levels.isEmpty { output.put(block.levels) }
    }
}
