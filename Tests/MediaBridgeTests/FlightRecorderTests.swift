import Codecs
import Events
import Foundation
import Pipeline
import Providers
import Synchronization
import Testing

@testable import MediaBridge

/// From a live call's loop to a file that can be run again.
@Suite struct FlightRecorderTests {
    /// A call on instant engines, whose results come when they come.
    @Test(.tags(.integration), arguments: [false, true])
    func aLiveCallReplaysAsItWas(keepsAudio: Bool) async throws {
        let folder = try Folder()
        defer { folder.remove() }
        let outlet = FlightOutlet()
        let framesReceived = try await Self.runCall(
            FlightRecording(
                outlet: outlet, audio: keepsAudio ? .announced : nil, limit: 1 << 26))
        outlet.finish()
        for await block in outlet.blocks { try folder.files.append(block) }
        let record = try FlightRecord(file: folder.path(of: "call-1"))
        #expect(record.fault == nil)
        #expect(record.isComplete)
        let replay = Replay(record)
        let log = replay.run()
        #expect(replay.isFaithful(log) == true)
        #expect(record.length >= .seconds(6))
        var frames = 0
        var audioOctets = 0
        for entry in record.entries {
            if case .event(.frameHeard, _) = entry { frames += 1 }
            if case .audio(let octets, _) = entry { audioOctets += octets.count }
        }
        #expect(frames == framesReceived)
        #expect(audioOctets == (keepsAudio ? frames * 160 : 0))
        #expect(ReplayReport(record, changed: nil, changes: "").isIdentical == true)
    }

    @Test func aRecordStopsAtItsLimit() async throws {
        let folder = try Folder()
        defer { folder.remove() }
        let outlet = FlightOutlet()
        _ = try await Self.runCall(
            FlightRecording(outlet: outlet, audio: .announced, limit: 20_000))
        outlet.finish()
        for await block in outlet.blocks { try folder.files.append(block) }
        let path = folder.path(of: "call-1")
        let record = try FlightRecord(file: path)
        #expect(record.fault == nil)
        #expect(!record.isComplete)
        #expect(Replay(record).isFaithful(Replay(record).run()) == nil)
        // A second at most comes on top: 50 frames with their audio.
        #expect(try Data(contentsOf: URL(filePath: path)).count < 20_000 + 50 * 200)
    }

    @Test func aSlowDiskLosesBlocksAndNotTime() {
        let outlet = FlightOutlet()
        for index in 0..<1_500 {
            outlet.send(FlightBlock(callID: "a", isFirst: index == 0, octets: [0]))
        }
        #expect(outlet.droppedBlocks == 1_500 - 1_024)
    }

    @Test func filesBelongToTheirOwnerAndTheFolder() throws {
        let folder = try Folder()
        defer { folder.remove() }
        #expect(FlightFiles.name(of: "../é/x") == "%2E%2E%2F%E9%2Fx.flight")
        // Without its beginning a record is worth nothing.
        #expect(throws: (any Error).self) {
            try folder.files.append(FlightBlock(callID: "b", isFirst: false, octets: [1]))
        }
        try folder.files.append(FlightBlock(callID: "b", isFirst: true, octets: [1]))
        try folder.files.append(FlightBlock(callID: "b", isFirst: false, octets: [2, 3]))
        let path = folder.path(of: "b")
        #expect(try Array(Data(contentsOf: URL(filePath: path))) == [1, 2, 3])
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    /// Files of which some are to go, by their places in `hours` and `octets`.
    struct Shelf: Sendable {
        let hours: [Int]
        let octets: [Int]
        let gone: [String]
    }

    /// The limits are 10 hours and 100 octets; the first file of the fourth may be a live call's.
    static let shelves = [
        Shelf(hours: [1, 2], octets: [50, 50], gone: []),
        Shelf(hours: [1, 11], octets: [50, 10], gone: ["1"]),
        Shelf(hours: [1, 2, 3], octets: [60, 30, 30], gone: ["2"]),
        Shelf(hours: [0, 5, 6], octets: [500, 10, 10], gone: ["2", "1"]),
        Shelf(hours: [20, 30], octets: [1, 1], gone: ["1", "0"]),
    ]

    @Test(arguments: shelves)
    func whatIsOldOrTooMuchGoes(shelf: Shelf) {
        let retention = FlightRetention(longestAge: .seconds(36_000), mostOctets: 100)
        let all = zip(shelf.hours, shelf.octets).enumerated().map { index, file in
            FlightRetention.File(
                name: "\(index)", octetCount: file.1, age: .seconds(file.0 * 3_600))
        }
        #expect(retention.expired(all).map(\.name) == shelf.gone)
    }

    /// On the disk: the oldest go, other files and a live call's stay.
    @Test func theFolderIsKeptSmall() throws {
        let folder = try Folder()
        defer { folder.remove() }
        let now = Date()
        for (name, hours, octetCount) in [
            ("live", 0.0, 400), ("new", 1, 40), ("old", 2, 40), ("older", 3, 40), ("oldest", 20, 1),
        ] {
            let path = folder.path(of: name)
            try Data(count: octetCount).write(to: URL(filePath: path))
            try FileManager.default.setAttributes(
                [.modificationDate: now.addingTimeInterval(-hours * 3_600)], ofItemAtPath: path)
        }
        let other = folder.url.appending(path: "notes.txt")
        try Data(count: 9_999).write(to: other)
        let files = FlightFiles(
            folder: folder.url.path(percentEncoded: false),
            retention: FlightRetention(longestAge: .seconds(36_000), mostOctets: 480))
        files.expire(at: now)
        let left = try FileManager.default.contentsOfDirectory(
            atPath: folder.url.path(percentEncoded: false))
        #expect(left.sorted() == ["live.flight", "new.flight", "notes.txt", "old.flight"].sorted())
    }

    /// Audio is kept of calls with consent only: each one's own, or everybody's.
    @Test(arguments: [
        (RecordingConsent?.none, true, false), (.perCall, false, false), (.perCall, true, true),
        (.announced, false, true), (.announced, true, true),
    ])
    func consentDecides(audio: RecordingConsent?, consents: Bool, isKept: Bool) throws {
        let opening = CallOpening(
            carrier: "twilio", carrierCallID: "CA1", language: .english, inbound: .telephone,
            outbound: .telephone, from: nil, to: nil, consentsToRecording: consents)
        #expect((audio?.covers(opening) ?? false) == isKept)
    }

    /// A recorded call becomes two files that only their owner reads.
    @Test(.tags(.integration)) func aRecordingIsExported() async throws {
        let folder = try Folder()
        defer { folder.remove() }
        let outlet = FlightOutlet()
        let frames = try await Self.runCall(
            FlightRecording(outlet: outlet, audio: .announced, limit: 1 << 26))
        outlet.finish()
        for await block in outlet.blocks { try folder.files.append(block) }
        let export = try RecordingExport(FlightRecord(file: folder.path(of: "call-1")))
        let path = folder.url.appending(path: "call.wav").path(percentEncoded: false)
        #expect(export.write(to: path))
        let octets = try Array(Data(contentsOf: URL(filePath: path)))
        let file = try WAVFile.parse(octets.span)
        #expect(file.channelCount == 2)
        #expect(file.frameCount >= frames * 160)
        #expect(file.channel(1).contains { $0 != 0 })
        let description = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(filePath: path + ".json")))
        #expect((description as? [String: Any])?["is_identical"] as? Bool == true)
        for path in [path, path + ".json"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        #expect(!export.write(to: folder.path(of: "missing") + "/call.wav"))
    }

    // MARK: A call without a socket

    /// Silence, a word, silence, and the end; returns how many frames were heard.
    private static func runCall(_ recording: FlightRecording) async throws -> Int {
        let workers = CallWorkers()
        let services = CallServices(
            engines: CallEngines(
                recognizer: InstantRecognizer(), model: InstantModel(),
                synthesizer: InstantSynthesizer(), tools: NoTools()),
            workers: workers, fillers: FillerLibrary(), detection: .energy, protectsFromEcho: false,
            defaultLanguage: .english, flights: recording
        ) { $0.endpointing.pause = .milliseconds(200) }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await workers.run() }
            let posted = Posted()
            let transport = DeafTransport()
            let opening = CallOpening(
                carrier: "twilio", carrierCallID: "CA1", language: .english, inbound: .telephone,
                outbound: .telephone, from: nil, to: nil)
            var now = MonotonicTime.now()
            let (_, events) = AsyncStream.makeStream(of: EventOutlet.Batch.self)
            let call = try Call(
                id: "call-1", opening: opening, services: services,
                outlet: EventOutlet(to: events), transport: transport, post: { posted.add($0) },
                at: now)
            for frame in 0..<320 {
                now = now.advanced(by: .microseconds(20_000 + frame % 7))
                for event in posted.take() { call.handle(event, at: now) }
                let isLoud = (100..<140).contains(frame)
                // A square wave of 500 Hz near full scale, or the noise of a quiet line.
                let octets = (0..<160).map { index -> UInt8 in
                    isLoud ? (index / 8 % 2 == 0 ? 0x80 : 0x00) : (index % 2 == 0 ? 0xFF : 0x7F)
                }
                call.receive(octets.span, at: now)
                call.handle(.tick, at: now)
                await Task.yield()
            }
            call.finish(.callerHungUp, lost: 0, rejected: 0, at: now)
            workers.finish()
            try await group.waitForAll()
            return call.framesReceived
        }
    }

    private final class Posted: Sendable {
        private let events = Mutex<[Conversation.Event]>([])
        func add(_ event: Conversation.Event) { events.withLock { $0.append(event) } }
        func take() -> [Conversation.Event] {
            events.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
        }
    }

    private final class DeafTransport: CallTransport {
        func send(audio octets: [UInt8]) {}
        func send(mark: PlayoutMark) {}
        func sendClear() {}
        func end(_ reason: EndReason) {}
    }

    private struct NoTools: ToolRunner {
        func run(_ call: ToolCall, callID: String) async -> ToolResult {
            ToolResult(callID: call.id, succeeded: false, content: "")
        }
    }

    /// A folder of its own for one test.
    private struct Folder {
        let url: URL
        let files: FlightFiles

        init() throws {
            url = FileManager.default.temporaryDirectory
                .appending(path: "flights-\(UUID().uuidString)", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            files = FlightFiles(
                folder: url.path(percentEncoded: false),
                retention: FlightRetention(longestAge: .seconds(3_600), mostOctets: 1 << 30))
        }

        func path(of callID: String) -> String {
            url.appending(path: FlightFiles.name(of: callID)).path(percentEncoded: false)
        }
        func remove() { try? FileManager.default.removeItem(at: url) }
    }
}
