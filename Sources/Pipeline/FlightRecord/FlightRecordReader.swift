internal import Codecs

/// Reads a flight record entry by entry; a file that was cut anywhere gives all whole entries.
package struct FlightRecordReader: Sendable {
    package let call: FlightCall
    private var cursor: FlightCursor
    private var clock = FlightClock()
    private var now = MonotonicTime(sinceStart: .zero)
    private var nextBlock: UInt64 = 0
    private var failure: FlightRecordError?

    /// Reads the header.
    package init(_ octets: [UInt8]) throws(FlightRecordError) {
        var cursor = FlightCursor(octets)
        for expected in FlightRecordWriter.magic {
            guard let octet = try? cursor.octet() else { throw .truncated(offset: 0) }
            guard octet == expected else { throw .notARecord }
        }
        guard let version = try? cursor.octet() else { throw .truncated(offset: 0) }
        guard version == FlightRecordWriter.version else { throw .version(version) }
        do {
            call = try cursor.call()
        } catch {
            throw FlightRecordError(error, at: 0)
        }
        self.cursor = cursor
    }

    /// The next entry; `nil` at the end of the file.
    ///
    /// - Throws: what is wrong, and again at every call after that.
    package mutating func next() throws(FlightRecordError) -> FlightEntry? {
        if let failure { throw failure }
        while !cursor.isAtEnd {
            let start = cursor.offset
            do {
                if let entry = try entry() { return entry }
            } catch {
                let failure = FlightRecordError(error, at: start)
                self.failure = failure
                throw failure
            }
        }
        return nil
    }

    /// One entry; `nil` for one that only says how to read what follows.
    private mutating func entry() throws(FlightCursor.Stop) -> FlightEntry? {
        var fraction: Int64 = 0
        var octet = try cursor.octet()
        if octet == FlightTag.fraction.rawValue {
            let attoseconds = try cursor.number()
            guard attoseconds > 0, attoseconds < UInt64(FlightDuration.attosecondsPerMicrosecond)
            else { throw .fault(.time) }
            fraction = Int64(attoseconds)
            octet = try cursor.octet()
        }
        if octet & FlightTag.frame == FlightTag.frame {
            var bits = UInt32(octet & ~FlightTag.frame)
            for _ in 0..<3 { bits = bits << 8 | UInt32(try cursor.octet()) }
            let time = try time(.frame, fraction)
            return .event(.frameHeard(speechProbability: Float(bitPattern: bits)), at: time)
        }
        guard let tag = FlightTag(rawValue: octet) else { throw .fault(.unknownTag(octet)) }
        switch tag {
        case .block: return try block()
        case .fraction: throw .fault(.time)
        case .full: return .full
        case .digest: return .digest(try cursor.bits64())
        case .performed: return .performed(at: try time(.none, fraction, isEvent: false))
        case .audio:
            let time = try time(.none, fraction)
            return .audio(try cursor.bytes(), at: time)
        case .tick: return .event(.tick, at: try time(.tick, fraction))
        case .oddFrame:
            let time = try time(.frame, fraction)
            let probability = Float(bitPattern: try cursor.bits32())
            return .event(.frameHeard(speechProbability: probability), at: time)
        case .callStarted, .interim, .final, .recognitionFailed, .modelText, .modelToolCall,
            .modelExpects, .modelGuarded, .modelClosing, .modelEnded, .modelFailed, .toolAnswered,
            .speechReady, .levelledSpeech,
            .speechEnded, .speechFailed, .face, .markReturned, .keyPressed, .silenceRequested,
            .hangUpRequested, .callEnded, .beepHeard, .intonation, .providerSwitched, .ordered:
            let time = try time(.none, fraction)
            return .event(try event(tag, at: time), at: time)
        }
    }

    private mutating func block() throws(FlightCursor.Stop) -> FlightEntry? {
        let number = try cursor.number()
        let base = try cursor.signed()
        guard abs(base / 2) <= FlightDuration.longest / 2 else { throw .fault(.time) }
        guard number >= nextBlock, let missing = Int32(exactly: number - nextBlock) else {
            throw .fault(.number)
        }
        nextBlock = number &+ 1
        clock = FlightClock(microseconds: base)
        return missing == 0 ? nil : .missing(blocks: Int(missing))
    }

    /// The time of an entry; events never go back in it.
    private mutating func time(
        _ rhythm: FlightClock.Rhythm, _ fraction: Int64, isEvent: Bool = true
    ) throws(FlightCursor.Stop) -> MonotonicTime {
        let (microseconds, overflow) = try cursor.signed()
            .addingReportingOverflow(clock.expected(rhythm))
        guard !overflow, abs(microseconds / 2) <= FlightDuration.longest / 2 else {
            throw .fault(.time)
        }
        clock.note(microseconds, rhythm)
        let parts = FlightDuration(microseconds: microseconds, attoseconds: fraction)
        let time = MonotonicTime(sinceStart: parts.duration)
        // Stamps of what was done are the edge's own and bound to no order.
        guard time >= (isEvent ? now : MonotonicTime(sinceStart: .zero)) else {
            throw .fault(.time)
        }
        if isEvent { now = time }
        return time
    }

    private mutating func event(
        _ tag: FlightTag, at now: MonotonicTime
    ) throws(FlightCursor.Stop) -> Conversation.Event {
        switch tag {
        case .interim, .final, .recognitionFailed:
            return .recognised(try recognition(tag, at: now))
        case .modelText, .modelToolCall, .modelExpects, .modelGuarded, .modelClosing:
            let generation = try cursor.count()
            let timing = try timing(from: now)
            return .modelSaid(try said(tag), generation: generation, timing: timing)
        case .modelEnded:
            let generation = try cursor.count()
            return .modelEnded(generation: generation, timing: try timing(from: now))
        case .modelFailed:
            let generation = try cursor.count()
            return .modelFailed(try cursor.engineError(), generation: generation)
        case .toolAnswered:
            let generation = try cursor.count()
            let took = try cursor.duration()
            let result = ToolResult(
                callID: try cursor.text(), succeeded: try cursor.flag(),
                content: try cursor.text())
            return .toolAnswered(result, generation: generation, took: took)
        case .speechReady, .levelledSpeech: return try speech(tag, at: now)
        case .speechEnded: return .speechEnded(chunk: try chunk())
        case .speechFailed:
            let chunk = try chunk()
            return .speechFailed(try cursor.engineError(), chunk: chunk)
        case .providerSwitched:
            let generation = try cursor.signedCount()
            return .providerSwitched(
                try cursor.providerSwitch(from: now), generation: generation < 0 ? nil : generation)
        case .face: return .face(try faceNews())
        case .markReturned:
            return .markReturned(
                PlayoutMark(
                    generation: try cursor.signedCount(), epoch: try cursor.signedCount(),
                    position: try cursor.signedCount()))
        case .keyPressed:
            let text = try cursor.text()
            guard let digit = text.first, text.count == 1 else { throw .fault(.text) }
            return .keyPressed(digit: digit)
        case .silenceRequested: return .silenceRequested
        case .hangUpRequested: return .hangUpRequested(try cursor.choice())
        case .callEnded: return .callEnded(try cursor.choice())
        case .ordered: return .ordered(try order())
        case .callStarted: return .callStarted
        case .beepHeard: return .beepHeard
        case .intonation:
            guard let intonation = Intonation(rawValue: try cursor.octet()) else {
                throw .fault(.number)
            }
            return .intonation(intonation)
        case .block, .fraction, .performed, .audio, .full, .digest, .oddFrame, .tick:
            throw .fault(.unknownTag(tag.rawValue))
        }
    }

    private mutating func order() throws(FlightCursor.Stop) -> Conversation.Order {
        switch try cursor.octet() {
        case 0: return .say(try cursor.text())
        case 1: return .addContext(try cursor.text())
        case 2: return .change(try agent(engines: [:]))
        case 3: return .mute
        case 4: return .unmute
        case 5: return .sendTones(try cursor.sound(isKept: call.keepsAudio))
        case 6:
            return .transfer(
                Conversation.TransferTarget(
                    department: try cursor.text(), reason: try cursor.text(),
                    destination: try cursor.text()))
        case 7:
            var engines: [EngineStage: String] = [:]
            for _ in 0..<(try cursor.length()) {
                guard let stage = EngineStage(rawValue: try cursor.text()) else {
                    throw .fault(.number)
                }
                engines[stage] = try cursor.text()
            }
            return .change(try agent(engines: engines))
        default: throw .fault(.number)  // an octet of a file
        }
    }

    private mutating func agent(
        engines: [EngineStage: String]
    ) throws(FlightCursor.Stop) -> AgentOverride {
        var agent = AgentOverride(
            prompt: try cursor.flag() ? try cursor.text() : nil, engines: engines)
        for _ in 0..<(try cursor.length()) {
            let name = try cursor.text()
            agent.variables[name] = try cursor.text()
        }
        return agent
    }

    private mutating func timing(
        from now: MonotonicTime
    ) throws(FlightCursor.Stop) -> EngineTiming {
        EngineTiming(
            askedAt: now.advanced(by: try cursor.duration()),
            readyAt: now.advanced(by: try cursor.duration()))
    }

    private mutating func chunk() throws(FlightCursor.Stop) -> Conversation.ChunkID {
        Conversation.ChunkID(generation: try cursor.count(), index: try cursor.count())
    }

    private mutating func faceNews() throws(FlightCursor.Stop) -> Conversation.FaceNews {
        switch try cursor.octet() {
        case 0: return .ready
        case 1: return .spoke(try chunk(), lasting: try cursor.duration())
        case 2: return .cut(try chunk(), after: try cursor.duration())
        case 3: return .lost(try cursor.engineError())
        default: throw .fault(.number)  // an octet of the file
        }
    }

    private mutating func recognition(
        _ tag: FlightTag, at now: MonotonicTime
    ) throws(FlightCursor.Stop) -> RecognitionResult {
        let utterance = try cursor.count()
        let readyAt = now.advanced(by: try cursor.duration())
        let outcome: RecognitionResult.Outcome =
            switch tag {
            case .interim: .interim(try cursor.text())
            case .final: .final(try cursor.text())
            // The caller hands on these three tags only.
            default: .failed(try cursor.engineError())
            }
        return RecognitionResult(utterance: utterance, outcome: outcome, readyAt: readyAt)
    }

    private mutating func said(_ tag: FlightTag) throws(FlightCursor.Stop) -> ModelEvent {
        switch tag {
        case .modelText: return .text(try cursor.text())
        case .modelToolCall:
            return .toolCall(
                ToolCall(
                    id: try cursor.text(), name: try cursor.text(), arguments: try cursor.text()))
        case .modelExpects:
            let grammar = try cursor.flag() ? try cursor.text() : nil
            var phrases: [String] = []
            for _ in 0..<(try cursor.length()) { phrases.append(try cursor.text()) }
            let expecting = ExpectedEntity(parsing: try cursor.text())
            return .expects(
                RecognitionHints(grammar: grammar, phrases: phrases, expecting: expecting))
        case .modelGuarded: return .guarded
        // The caller hands on the model's tags only; this is the one left.
        default:
            return .closing(try cursor.flag() ? .transfer(reason: try cursor.text()) : .hangUp)
        }
    }

    private mutating func speech(
        _ tag: FlightTag, at now: MonotonicTime
    ) throws(FlightCursor.Stop) -> Conversation.Event {
        let chunk = try chunk()
        let timing = try timing(from: now)
        let octets = try cursor.sound(isKept: call.keepsAudio)
        var words: [WordTiming] = []
        for _ in 0..<(try cursor.length()) {
            words.append(WordTiming(word: try cursor.text(), start: try cursor.duration()))
        }
        let levels = tag == .levelledSpeech ? try cursor.bytes() : []
        return .speechReady(
            SpeechBlock(octets: octets, words: words, levels: levels), chunk: chunk,
            timing: timing)
    }
}

extension FlightCursor {
    /// The header behind the version.
    fileprivate mutating func call() throws(Stop) -> FlightCall {
        let keepsAudio = try flag()
        let callID = try text()
        let startedAt = Double(bitPattern: try bits64())
        let inbound = try format()
        let outbound = try format()
        return FlightCall(
            callID: callID, startedAt: startedAt, inbound: inbound, outbound: outbound,
            keepsAudio: keepsAudio, settings: try settings(keepsAudio: keepsAudio))
    }

    private mutating func format() throws(Stop) -> AudioFormat {
        let encoding: AudioEncoding = try choice()
        guard let rate = SampleRate(rawValue: try count()) else { throw .fault(.number) }
        return AudioFormat(encoding, rate)
    }

    private mutating func settings(keepsAudio: Bool) throws(Stop) -> ConversationSettings {
        let language: Language = try choice()
        let octetsPerSecond = try count(in: 100...1_000_000)
        var settings = ConversationSettings(language: language, octetsPerSecond: octetsPerSecond)
        // As it was before records named them.
        settings.playout.longestRewind = .zero
        settings.endpointing.usesProsody = false
        for _ in 0..<(try length()) {
            let name = try text()
            guard let setting = try? ConversationSetting(named: name) else {
                throw .fault(.unknownSetting(name))
            }
            try read(setting, into: &settings)
        }
        for _ in 0..<(try length()) {
            settings.fillers.append(try filler(keepsAudio: keepsAudio))
        }
        if try flag() { settings.apology = try filler(keepsAudio: keepsAudio) }
        return settings
    }

    private mutating func read(
        _ setting: ConversationSetting, into settings: inout ConversationSettings
    ) throws(Stop) {
        switch setting.kind {
        case .duration(let path): settings[keyPath: path] = try duration()
        case .probability(let path): settings[keyPath: path] = Float(bitPattern: try bits32())
        case .count(let path): settings[keyPath: path] = try signedCount()
        case .flag(let path): settings[keyPath: path] = try flag()
        case .text(let path): settings[keyPath: path] = try text()
        }
    }

    private mutating func filler(keepsAudio: Bool) throws(Stop) -> Filler {
        let text = try text()
        return Filler(text: text, octets: try sound(isKept: keepsAudio))
    }
}

extension FlightRecordError {
    fileprivate init(_ stop: FlightCursor.Stop, at offset: Int) {
        self =
            switch stop {
            case .truncated: .truncated(offset: offset)
            case .fault(let fault): .corrupt(offset: offset, fault)
            }
    }
}
