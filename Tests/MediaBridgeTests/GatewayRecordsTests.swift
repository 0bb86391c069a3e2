import Foundation
import Records
import Testing

@testable import MediaBridge

/// What a gateway keeps of its calls, over its restart.
@Suite(.tags(.integration), .serialized) struct GatewayRecordsTests {
    @Test func aCallIsFoundAfterARestart() async throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "records-\(UUID().uuidString)", directoryHint: .isDirectory)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "mediabridge.sqlite").path(percentEncoded: false)
        var events: [GatewayEvent] = []
        var id = ""
        try await GatewayUnderTest.run(settings: ["database": path]) { gateway in
            let caller = try GatewayTwilioCaller.greeted(gateway)
            #expect(try caller.asksAndIsAnswered())
            id = try gateway.callID(of: caller.callSID)
            _ = try gateway.object("/api/v1/calls/\(id)/end", "POST")
            #expect(try caller.waitsForEnd())
            events = try gateway.events(of: id)
            #expect(
                try gateway.metric("mediabridge_journal_events_total{outcome=\"kept\"}")
                    == events.count)
            // No second gateway takes this one's live calls for abandoned.
            #expect(throws: RecordStoreError.inUse(place: path)) {
                try SQLiteStore(.init(.file(path)))
            }
        }
        try await GatewayUnderTest.run(settings: ["database": path]) { gateway in
            let calls = try #require(
                try gateway.object("/api/v1/calls")["calls"] as? [[String: Any]])
            #expect(calls.map { $0["id"] as? String } == [id])
            #expect(calls.first?["status"] as? String == "ended")
            let turns = try gateway.object("/api/v1/calls/\(id)")["turns"] as? [[String: Any]]
            #expect(turns?.count == 1)
            let kept = try gateway.events(of: id)
            #expect(kept.map(\.type) == events.map(\.type))
            #expect(kept.map(\.seconds) == events.map(\.seconds))
        }
    }

    @Test func settingsSayWhatIsKept() async throws {
        let standard = try await GatewayConfiguration.load(file: nil, environment: [:])
        #expect(standard.storeConfiguration.place == .memory)
        #expect(standard.retention.eventDays == 30)
        #expect(standard.retention.callDays == nil)
        #expect(standard.retention.endedCalls == 500)
        let kept = try await GatewayConfiguration.load(
            file: nil,
            environment: [
                "MEDIABRIDGE_DATABASE": "/srv/records.sqlite", "MEDIABRIDGE_EVENT_DAYS": "0",
                "MEDIABRIDGE_CALL_DAYS": "365", "MEDIABRIDGE_REDACT_PHONE_NUMBERS": "true",
            ])
        #expect(kept.storeConfiguration.place == .file("/srv/records.sqlite"))
        #expect(kept.retention.eventDays == nil)
        #expect(kept.retention.callDays == 365)
        #expect(kept.retention.endedCalls == nil)
        #expect(kept.storeConfiguration.redaction == Redaction(phoneNumbers: true))
    }
}
