import Codecs
import Pipeline
import Testing

/// Both sides of a recorded call on one clock, at the sample.
@Suite struct StereoRecordingTests {
    /// A sample of every octet that can be told from silence (µ-law 0xFF is 0).
    private static func loud(_ count: Int, seed: Int) -> [UInt8] {
        var random = SeededGenerator(seed: UInt64(seed))
        return (0..<count).map { _ in UInt8.random(in: 0...0x60, using: &random) }
    }

    private static func pcm(_ octets: [UInt8]) -> [Int16] {
        var pcm = [Int16](repeating: 0, count: octets.count)
        var span = pcm.mutableSpan
        MuLaw.decode(octets.span, into: &span)
        return pcm
    }

    private static func writer(
        keepsAudio: Bool = true, format: AudioFormat = .telephone,
        settings change: (inout ConversationSettings) -> Void = { _ in }
    ) -> FlightRecordWriter {
        var settings = ConversationSettings(
            language: .english,
            octetsPerSecond: format.rate.rawValue * (format.octetsPerSample ?? 1))
        change(&settings)
        return FlightRecordWriter(
            FlightCall(
                callID: "s", startedAt: 0, inbound: format, outbound: format,
                keepsAudio: keepsAudio, settings: settings))
    }

    private static func instant(_ milliseconds: Int) -> MonotonicTime {
        MonotonicTime(sinceStart: .milliseconds(milliseconds))
    }

    /// The greeting's speech comes at 1 000 ms; the caller's packets of 20 ms from 20 ms on.
    private static func octets(
        greeting: [UInt8], caller: [UInt8], voice: Range<Int> = 0..<0, shift: Int = 0,
        writer: FlightRecordWriter = writer()
    ) -> [UInt8] {
        var writer = writer
        let timing = EngineTiming(askedAt: instant(shift), readyAt: instant(shift))
        writer.append(.callStarted, at: instant(shift))
        writer.append(
            .modelSaid(.text("Hello there, caller."), generation: 1, timing: timing),
            at: instant(shift))
        writer.append(.modelEnded(generation: 1, timing: timing), at: instant(shift))
        for time in stride(from: 20, through: caller.count / 8, by: 20) {
            let now = instant(shift + time)
            writer.appendAudio(
                caller.span.extracting((time - 20) * 8..<time * 8), at: now)
            let isVoiced = voice.contains(time - 20)
            writer.append(.frameHeard(speechProbability: isVoiced ? 0.9 : 0.05), at: now)
            if time == 1_000 {
                let chunk = Conversation.ChunkID(generation: 1, index: 0)
                writer.append(
                    .speechReady(SpeechBlock(octets: greeting), chunk: chunk, timing: timing),
                    at: now)
                writer.append(.speechEnded(chunk: chunk), at: now)
            }
            writer.append(.tick, at: now)
        }
        return writer.takeBlock()
    }

    private static func record(
        greeting: [UInt8], caller: [UInt8], voice: Range<Int> = 0..<0, shift: Int = 0,
        writer: FlightRecordWriter = writer()
    ) throws -> FlightRecord {
        try FlightRecord(
            reading: octets(
                greeting: greeting, caller: caller, voice: voice, shift: shift, writer: writer))
    }

    private static func recording(_ record: FlightRecord) throws -> StereoRecording {
        try StereoRecording(record, decisions: Replay(record).run())
    }

    @Test(arguments: [0, 12_345])
    func bothSidesAtTheSample(shift: Int) throws {
        let caller = Self.loud(8_000 * 4, seed: 1)
        let greeting = Self.loud(8_000, seed: 2)
        let recording = try Self.recording(
            Self.record(greeting: greeting, caller: caller, shift: shift))
        #expect(recording.leadIn == 0)
        #expect(recording.left == Self.pcm(caller))
        #expect(recording.right.count == recording.left.count)
        // Sent when sample 8 000 had come.
        #expect(recording.right[..<8_000].allSatisfy { $0 == 0 })
        #expect(Array(recording.right[8_000..<16_000]) == Self.pcm(greeting))
        #expect(recording.right[16_000...].allSatisfy { $0 == 0 })
    }

    /// The caller speaks from 1 500 ms on: the debounce's 100 ms later the answer is cleared.
    @Test func clearCutsTheAgent() throws {
        let caller = Self.loud(8_000 * 4, seed: 3)
        let greeting = Self.loud(16_000, seed: 4)
        let record = try Self.record(greeting: greeting, caller: caller, voice: 1_500..<3_000)
        let recording = try Self.recording(record)
        #expect(Array(recording.right[8_000..<12_800]) == Self.pcm(Array(greeting[..<4_800])))
        #expect(recording.right[12_800...].allSatisfy { $0 == 0 })
    }

    /// A cough: what was cleared is played later, where the answer went on.
    ///
    /// No mark came back, so that only what precedes the first one, 400 ms, is not sent again.
    @Test func theRestIsWhereItWentOn() throws {
        let caller = Self.loud(8_000 * 5, seed: 5)
        let greeting = Self.loud(16_000, seed: 6)
        let record = try Self.record(greeting: greeting, caller: caller, voice: 1_500..<1_640)
        let recording = try Self.recording(record)
        let right = recording.right
        #expect(Array(right[8_000..<12_800]) == Self.pcm(Array(greeting[..<4_800])))
        let rest = try #require(right[12_800...].firstIndex { $0 != 0 })
        #expect(rest.isMultiple(of: 160) && rest > 13_120)
        #expect(Array(right[rest..<rest + 12_800]) == Self.pcm(Array(greeting[3_200...])))
    }

    /// What stood in for lost packets is silence in its place.
    @Test func lostFramesAreSilence() throws {
        var caller = Self.loud(8_000 * 2, seed: 7)
        for index in 3_200..<4_000 { caller[index] = 0xFF }
        let recording = try Self.recording(Self.record(greeting: [], caller: caller))
        #expect(recording.left.count == 16_000)
        #expect(recording.left[3_200..<4_000].allSatisfy { $0 == 0 })
        #expect(recording.left[3_199] != 0 && recording.left[4_000] != 0)
    }

    /// An agent that speaks before the caller's first packet is not moved.
    @Test func anEarlyAgentIsNotMoved() throws {
        var writer = Self.writer()
        let greeting = Self.loud(4_000, seed: 8)
        let timing = EngineTiming(askedAt: Self.instant(0), readyAt: Self.instant(0))
        let chunk = Conversation.ChunkID(generation: 1, index: 0)
        writer.append(.callStarted, at: Self.instant(0))
        writer.append(
            .modelSaid(.text("Hello."), generation: 1, timing: timing), at: Self.instant(0))
        writer.append(.modelEnded(generation: 1, timing: timing), at: Self.instant(0))
        writer.append(
            .speechReady(SpeechBlock(octets: greeting), chunk: chunk, timing: timing),
            at: Self.instant(100))
        writer.append(.speechEnded(chunk: chunk), at: Self.instant(100))
        let caller = Self.loud(8_000, seed: 9)
        for time in stride(from: 1_020, through: 2_000, by: 20) {
            let octets = caller.span.extracting((time - 1_020) * 8..<(time - 1_000) * 8)
            writer.appendAudio(octets, at: Self.instant(time))
            writer.append(.tick, at: Self.instant(time))
        }
        let recording = try Self.recording(FlightRecord(reading: writer.takeBlock()))
        #expect(recording.leadIn == 7_200)
        #expect(Array(recording.right[..<3_200]) == Self.pcm(Array(greeting[..<3_200])))
        #expect(Array(recording.left[7_200...]).prefix(7_840) == Self.pcm(caller).prefix(7_840))
    }

    /// The header is read back, and the channels are as they were.
    @Test func theFileIsStereo() throws {
        let caller = Self.loud(8_000 * 2, seed: 10)
        let recording = try Self.recording(
            Self.record(greeting: Self.loud(1_600, seed: 11), caller: caller))
        let file = try WAVFile.parse(recording.file.serialize().span)
        #expect(file.channelCount == 2)
        #expect(file.sampleRate == 8_000)
        #expect(file.encoding == .linear16)
        #expect(file.channel(0) == recording.left)
        #expect(file.channel(1) == recording.right)
    }

    /// Linear audio at 16 kHz is halved in rate, and both sides stay in step.
    @Test func otherRates() throws {
        let format = AudioFormat(.linear16, .hz16000)
        // 64 octets of the call are 2 ms; a tone of 500 Hz from 0 on.
        let tone = (0..<32_000).flatMap { index -> [UInt8] in
            let sample = UInt16(bitPattern: index / 16 % 2 == 0 ? 8_000 : -8_000)
            return [UInt8(sample & 0xFF), UInt8(sample >> 8)]
        }
        var writer = Self.writer(format: format)
        writer.append(.callStarted, at: Self.instant(0))
        for time in stride(from: 20, through: 2_000, by: 20) {
            writer.appendAudio(
                tone.span.extracting((time - 20) * 32..<time * 32), at: Self.instant(time))
            writer.append(.tick, at: Self.instant(time))
        }
        let recording = try Self.recording(FlightRecord(reading: writer.takeBlock()))
        #expect(recording.left.count == 16_000)
        #expect(recording.right.count == 16_000)
        // Half periods of 8 samples: their middles stand at 4, 12, …
        for middle in stride(from: 804, to: 15_000, by: 8) {
            let isHigh = middle / 8 % 2 == 0
            #expect((recording.left[middle] > 4_000) == isHigh)
        }
    }

    /// A record that a crash cut short gives a whole file of what is there.
    @Test(arguments: [0.3, 0.5, 0.9])
    func aCutRecord(share: Double) throws {
        let caller = Self.loud(8_000 * 3, seed: 15)
        let greeting = Self.loud(8_000, seed: 16)
        let octets = Self.octets(greeting: greeting, caller: caller)
        let cut = Array(octets[..<Int(Double(octets.count) * share)])
        let recording = try Self.recording(FlightRecord(reading: cut))
        let file = try WAVFile.parse(recording.file.serialize().span)
        #expect(file.frameCount == recording.left.count)
        let heard = Self.pcm(caller)
        let count = recording.left.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        #expect(count > 6_000 && count < heard.count)
        #expect(recording.left.prefix(count) == heard.prefix(count))
    }

    @Test func withoutAudioThereIsNone() throws {
        let silent = Self.writer(keepsAudio: false)
        let record = try Self.record(
            greeting: [], caller: Self.loud(8_000, seed: 12), writer: silent)
        #expect(throws: StereoRecordingError.noAudio) { try Self.recording(record) }
        let empty = try Self.record(greeting: [], caller: [])
        #expect(throws: StereoRecordingError.noAudio) { try Self.recording(empty) }
    }

    /// The drift is in the times of the record, with audio or without.
    @Test(arguments: [false, true])
    func driftOfARecord(keepsAudio: Bool) throws {
        var writer = Self.writer(keepsAudio: keepsAudio)
        var random = SeededGenerator(seed: 13)
        let packet = Self.loud(160, seed: 14)
        var last = 0
        writer.append(.callStarted, at: Self.instant(0))
        for frame in 1...12_000 {
            let sentMicroseconds = Double(frame) * 20_000 / 1.000_08
            last = max(last, Int(sentMicroseconds) + Int.random(in: 0...25_000, using: &random))
            let now = MonotonicTime(sinceStart: .microseconds(last))
            writer.appendAudio(packet.span, at: now)
            writer.append(.frameHeard(speechProbability: 0.01), at: now)
        }
        let record = try FlightRecord(reading: writer.takeBlock())
        let measured = try #require(ClockDrift(record).partsPerMillion)
        #expect(abs(measured - 80) <= 5)
    }

    /// Whatever a broken record says of times and lengths, the recording stays small.
    @Test(arguments: 0..<8)
    func brokenRecordsNeverTrap(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let whole = Self.octets(
            greeting: Self.loud(9_000, seed: seed), caller: Self.loud(16_000, seed: seed),
            voice: 1_200..<1_500)
        var made = 0
        for _ in 0..<20 {
            var octets = whole
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                octets[Int.random(in: 0..<octets.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            guard let record = try? FlightRecord(reading: octets),
                let recording = try? Self.recording(record)
            else { continue }
            made += 1
            #expect(recording.left.count == recording.right.count)
            // Two seconds of the caller's, and a minute at most at either end.
            #expect(recording.left.count <= 8_000 * 130)
        }
        #expect(made > 0)
    }
}
