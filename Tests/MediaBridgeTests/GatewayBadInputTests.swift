import Foundation
import Glibc
import Testing

@testable import MediaBridge

/// What one peer does wrong is counted by its kind, and another call on the same loop loses nothing.
@Suite(.tags(.integration), .serialized, .gateway) struct GatewayBadInputTests {
    /// Mistakes that Twilio's side may make in a stream that goes on (protocol, "Bad messages").
    enum Mistake: CaseIterable {
        case brokenJSON, wrongBase64, unknownEvent, wrongOrder, foreignStream, missingMember

        /// Three messages for a stream whose last chunk was `chunk`.
        func messages(of caller: GatewayTwilioCaller, after chunk: Int) -> [String] {
            switch self {
            case .brokenJSON: ["{\"event\":\"media\",", "hello", caller.media(chunk: chunk) + "}"]
            case .wrongBase64:
                ["f39/*39/", "f3 9", "=f39"].map { caller.media(payload: $0, chunk: chunk + 1) }
            case .unknownEvent:
                ["teapot", "MEDIA", ""].map {
                    #"{"event":"\#($0)","streamSid":"\#(caller.streamSID)"}"#
                }
            case .wrongOrder:
                (1...3).map { caller.media(sequenceNumber: $0, chunk: $0) }
            case .foreignStream:
                (1...3).map {
                    caller.media(chunk: chunk + $0)
                        .replacing(caller.streamSID, with: "MZ" + String(repeating: "f", count: 32))
                }
            case .missingMember:
                [
                    "{}", #"{"event":"media","streamSid":"\#(caller.streamSID)"}"#,
                    #"{"event":"mark","streamSid":"\#(caller.streamSID)","mark":{}}"#,
                ]
            }
        }

        var kinds: [String] {
            switch self {
            case .brokenJSON: ["broken_json"]
            case .wrongBase64: ["bad_base64"]
            case .unknownEvent: ["unknown_event"]
            case .wrongOrder: ["out_of_order", "late_media"]
            case .foreignStream: ["wrong_stream"]
            case .missingMember: ["malformed"]
            }
        }
    }

    /// One stream that makes them all; the counters tell them apart.
    @Test func mistakesAreIgnoredAndCounted() async throws {
        try await GatewayBystander.survives { gateway in
            let before = try gateway.metrics()
            let peer = try GatewayTwilioCaller.greeted(gateway)
            for mistake in Mistake.allCases {
                for message in mistake.messages(of: peer, after: peer.framesSent) {
                    try peer.wire.send(text: message)
                }
            }
            #expect(try peer.asksAndIsAnswered(), "the stream lives on")
            try peer.sendStop()
            #expect(try peer.waitsForEnd())
            #expect(peer.closeCode == 1_000)
            for kind in Mistake.allCases.flatMap(\.kinds) {
                let series = GatewayUnderTest.fault(kind)
                let old = before[series] ?? 0
                #expect(try gateway.growth(of: series, since: old, upTo: 3) == 3, "\(kind)")
            }
            let events = try gateway.events(of: gateway.callID(of: peer.callSID))
            let quality = events.first { $0.type == "quality" }?.data
            // Late media is no fault: networks do that.
            #expect(quality?["messages_rejected"] as? Int == 5 * 3)
        }
    }

    @Test func mediaBeforeStart() async throws {
        try await GatewayBystander.survives { gateway in
            try gateway.expectGrowth(3, of: GatewayUnderTest.fault("media_before_start")) {
                let peer = try GatewayTwilioCaller(gateway)
                for chunk in 1...3 {
                    try peer.wire.send(text: peer.media(sequenceNumber: chunk, chunk: chunk))
                }
                try peer.sendStart()
                #expect(try peer.hearsTheAnswer(), "the stream starts all the same")
            }
        }
    }

    /// A peer that talks on without `start` is shown the door, with RFC 6455's code for a policy.
    @Test func mediaForEverBeforeStart() async throws {
        try await GatewayBystander.survives { gateway in
            // 50 are borne; the next one closes.
            try gateway.expectGrowth(51, of: GatewayUnderTest.fault("media_before_start")) {
                let peer = try GatewayTwilioCaller(gateway)
                for chunk in 1...60 { try? peer.wire.send(text: peer.media(chunk: chunk)) }
                #expect(try peer.wire.closeCode() == 1_008)
            }
        }
    }

    @Test(arguments: [("audio/x-g729", 8_000), ("audio/x-mulaw", 44_100)])
    func startWithAnUnknownEncoding(encoding: String, rate: Int) async throws {
        try await GatewayBystander.survives { gateway in
            try gateway.expectGrowth(1, of: GatewayUnderTest.fault("unsupported_format")) {
                let peer = try GatewayTwilioCaller(gateway)
                try peer.sendStart(encoding: encoding, rate: rate)
                // Twilio logs an error for any code but 1000, and goes on with the next verb.
                #expect(try peer.wire.closeCode() == 1_000)
            }
        }
    }

    @Test func aMegabyteInOneMessage() async throws {
        try await GatewayBystander.survives { gateway in
            try gateway.expectGrowth(1, of: GatewayUnderTest.edge("messagesTooBig")) {
                let peer = try GatewayTwilioCaller.started(gateway)
                let payload = Data(repeating: 0xFF, count: 786_432).base64EncodedString()
                #expect(payload.utf8.count == 1 << 20)
                try? peer.wire.send(text: peer.media(payload: payload, chunk: 1))
                #expect(try peer.wire.closeCode() == 1_009)
                let events = try gateway.events(of: gateway.callID(of: peer.callSID))
                #expect(events.last?.data["reason"] as? String == "connection_lost")
            }
        }
    }

    @Test func aSocketThatStopsReading() async throws {
        try await GatewayBystander.survives { gateway in
            try gateway.expectGrowth(1, of: GatewayUnderTest.edge("peersStalled")) {
                let peer = try WireClient(port: gateway.ports.media, isNarrow: true)
                try peer.upgrade(path: "/audio")
                // 96 000 octets a second, for longer than the buffers hold.
                let output = #"{"encoding":"pcm_s16le","rate":48000,"channels":1,"ptime":20}"#
                try peer.send(
                    text: """
                        {"type":"session.start","version":1,"session":"deaf","output":\(output)}
                        """)
                let id = try gateway.callID(of: "deaf")
                let speech = String(repeating: "and so on ", count: 60)
                _ = try gateway.post(
                    "/api/v1/calls/\(id)/inject", #"{"type":"say","message":"\#(speech)"}"#)
                let events = try gateway.events(of: id)
                #expect(events.last?.data["reason"] as? String == "connection_lost")
            }
        }
    }

    @Test func aCallerWhoDisappearsInTheMiddleOfAWord() async throws {
        try await GatewayBystander.survives { gateway in
            let series = GatewayUnderTest.edge("peersVanished")
            let before = try gateway.metric(series)
            let peer = try GatewayTwilioCaller.greeted(gateway)
            try peer.say(frames: 8)
            peer.wire.vanish()
            let events = try gateway.events(of: gateway.callID(of: peer.callSID))
            #expect(events.contains { $0.type == "speech_started" })
            #expect(events.last?.data["reason"] as? String == "connection_lost")
            // Clients of earlier tests may go the same way.
            #expect(try gateway.growth(of: series, since: before, upTo: 1) >= 1)
        }
    }

    /// A third stays silent, a third stops in the request line, a third in the headers.
    @Test func aThousandHandshakesThatNeverEnd() async throws {
        raiseDescriptorLimit()
        try await GatewayBystander.survives { gateway in
            try gateway.expectGrowth(1_000, of: GatewayUnderTest.edge("handshakesTimedOut")) {
                let begun = ["", "GET /twi", "GET /twilio HTTP/1.1\r\nHost: x\r\nUpgra"]
                let peers = try (0..<1_000).map { index in
                    let peer = try WireClient(port: gateway.ports.media)
                    try peer.send(raw: Array(begun[index % 3].utf8))
                    return peer
                }
                // While they hang, somebody else's call is set up and answered.
                let caller = try GatewayTwilioCaller.greeted(gateway)
                #expect(try caller.asksAndIsAnswered())
                for peer in peers { _ = try peer.readToEnd() }
            }
        }
    }

    /// Seeded mutilations: none ends the stream, each is counted with the call and in the sum.
    @Test(arguments: [1, 2, 3] as [UInt64]) func noise(seed: UInt64) async throws {
        try await GatewayBystander.survives { gateway in
            let before = try faults(gateway)
            var random = SeededGenerator(seed: seed)
            let peer = try GatewayTwilioCaller.started(gateway)
            for chunk in 1...150 {
                var octets = Array(peer.media(chunk: chunk).utf8)
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let index = Int.random(in: octets.indices, using: &random)
                    octets[index] = UInt8.random(in: 0x20...0x7E, using: &random)
                }
                try peer.wire.send(text: String(decoding: octets, as: UTF8.self))
            }
            try peer.sendDTMF("9")
            #expect(try peer.run { peer.audioOctets > 0 })
            try peer.sendStop()
            #expect(try peer.waitsForEnd())
            #expect(peer.violations.isEmpty)
            let events = try gateway.events(of: gateway.callID(of: peer.callSID))
            #expect(events.contains { $0.type == "dtmf" })
            let quality = try #require(events.first { $0.type == "quality" }?.data)
            let rejected = try #require(quality["messages_rejected"] as? Int)
            #expect((1...150).contains(rejected))
            let deadline = ContinuousClock.now.advanced(by: .seconds(8))
            while try faults(gateway) < before + rejected, .now < deadline { poll(nil, 0, 25) }
            #expect(try faults(gateway) == before + rejected)
        }
    }

    /// Everything that `messages_rejected` of a call counts, over all calls.
    private func faults(_ gateway: GatewayUnderTest) throws -> Int {
        let metrics = try gateway.metrics()
        return [
            "broken_json", "bad_base64", "malformed", "unknown_event", "unexpected_event",
            "wrong_stream", "media_before_start", "unsupported_format", "oversize", "binary",
            "over_rate",
        ].reduce(0) { $0 + (metrics[GatewayUnderTest.fault($1)] ?? 0) }
    }
}
