import Foundation
import Testing

@testable import MediaBridge

/// What `/audio` clients do wrong: counted by kind, told to them, and nobody else's business.
@Suite(.tags(.integration), .serialized, .gateway) struct GatewayAudioFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let kind: String
        let texts: [String]
        /// Of the `error` that is sent for each, if one is.
        var code: String?
        var testDescription: String { kind }
    }

    /// Mistakes in a session that goes on.
    @Test(arguments: [
        Fault(kind: "broken_json", texts: ["{", "hello"], code: "bad_json"),
        Fault(
            kind: "bad_base64", texts: [#"{"type":"audio","data":"f39*"}"#], code: "bad_audio"),
        Fault(
            kind: "partial_samples", texts: [#"{"type":"audio","data":"AAAA"}"#], code: "bad_audio"),
        Fault(
            kind: "malformed",
            texts: ["{}", #"{"type":"dtmf","digit":"55"}"#, #"{"type":"session.start"}"#],
            code: "bad_message"),
        Fault(kind: "unknown_type", texts: [#"{"type":"teapot"}"#, #"{"type":""}"#]),
    ])
    func aMistakeIsToldAndCounted(fault: Fault) async throws {
        try await GatewayBystander.survives { gateway in
            let series = GatewayUnderTest.audioFault(fault.kind)
            let before = try gateway.metric(series)
            let peer = try GatewayAudioCaller(gateway, isJSON: true)
            try peer.sendStart(session: "clumsy")
            _ = try peer.message("session.started")
            for (index, text) in fault.texts.enumerated() {
                try peer.wire.send(text: text)
                guard let code = fault.code else { continue }
                let error = try peer.message("error", after: index)
                #expect(error["code"] as? String == code)
                #expect(error["fatal"] as? Bool == false)
            }
            try peer.wire.send(text: #"{"type":"ping","t":5}"#)
            #expect(try peer.message("pong")["t"] as? Int == 5, "the session lives on")
            let count = fault.texts.count
            #expect(try gateway.growth(of: series, since: before, upTo: count) == count)
        }
    }

    @Test func theThirdTextThatIsNoJSONCloses() async throws {
        try await GatewayBystander.survives { gateway in
            let series = GatewayUnderTest.audioFault("broken_json")
            let before = try gateway.metric(series)
            let peer = try GatewayAudioCaller(gateway)
            try peer.sendStart(session: "babble")
            for _ in 1...3 { try peer.wire.send(text: "{") }
            #expect(try peer.message("error", after: 2)["fatal"] as? Bool == true)
            #expect(try peer.waitsForEnd())
            #expect(peer.closeCode == 4_400)
            #expect(try gateway.growth(of: series, since: before, upTo: 3) == 3)
        }
    }

    @Test func audioBeforeTheSession() async throws {
        try await GatewayBystander.survives { gateway in
            let series = GatewayUnderTest.audioFault("audio_before_start")
            let before = try gateway.metric(series)
            let peer = try GatewayAudioCaller(gateway, encoding: .muLaw)
            for _ in 1...3 { try peer.wire.send(binary: [UInt8](repeating: 0xFF, count: 160)) }
            try peer.sendStart(session: "early")
            #expect(try peer.run { peer.audioOctets > 0 })
            #expect(try gateway.growth(of: series, since: before, upTo: 3) == 3)
        }
    }

    @Test func anEncodingNobodyKnows() async throws {
        try await GatewayBystander.survives { gateway in
            let series = GatewayUnderTest.audioFault("unsupported_format")
            let before = try gateway.metric(series)
            let peer = try GatewayAudioCaller(gateway)
            try peer.wire.send(
                text: #"{"type":"session.start","version":1,"input":{"encoding":"g729"}}"#)
            let error = try peer.message("error")
            #expect(error["code"] as? String == "unsupported_encoding")
            #expect(error["fatal"] as? Bool == true)
            #expect(try peer.waitsForEnd())
            #expect(peer.closeCode == 4_400)
            #expect(try gateway.growth(of: series, since: before, upTo: 1) == 1)
        }
    }

    /// A packet that is not Opus: code 3 with a frame count of zero (RFC 6716 §3.2.5, R5).
    @Test func packetsThatAreNoOpus() async throws {
        try await GatewayBystander.survives { gateway in
            let series = GatewayUnderTest.audioFault("bad_packet")
            let before = try gateway.metric(series)
            let peer = try GatewayAudioCaller(gateway, encoding: .opus)
            try peer.sendStart(session: "noise")
            _ = try peer.message("session.started")
            for _ in 1...3 { try peer.wire.send(binary: [0x03, 0x00]) }
            #expect(try peer.run { peer.audioOctets > 0 })
            #expect(try gateway.growth(of: series, since: before, upTo: 3) == 3)
        }
    }

    @Test func aMessageOfMoreThanTheLimit() async throws {
        try await GatewayBystander.survives { gateway in
            let series = GatewayUnderTest.edge("messagesTooBig")
            let before = try gateway.metric(series)
            let peer = try GatewayAudioCaller(gateway)
            try peer.sendStart(session: "big")
            _ = try peer.message("session.started")
            peer.sendsFrames = false
            try peer.wire.send(binary: [UInt8](repeating: 0, count: 65_538))
            #expect(try peer.waitsForEnd())
            #expect(peer.closeCode == 1_009)
            #expect(try gateway.growth(of: series, since: before, upTo: 1) == 1)
        }
    }

    /// Audio more than a second ahead of the clock is dropped, not queued.
    @Test func audioAheadOfTime() async throws {
        try await GatewayBystander.survives { gateway in
            let peer = try GatewayAudioCaller(gateway, encoding: .muLaw)
            try peer.sendStart(session: "hasty")
            _ = try peer.message("session.started")
            peer.sendsFrames = false
            // Four seconds at once: one passes, two do not for sure.
            for _ in 1...40 { try peer.wire.send(binary: [UInt8](repeating: 0xFF, count: 800)) }
            try peer.wire.send(text: #"{"type":"stop"}"#)
            #expect(try peer.waitsForEnd())
            let events = try gateway.events(of: gateway.callID(of: "hasty"))
            let quality = events.first { $0.type == "quality" }?.data
            let frames = try #require(quality?["frames_received"] as? Int)
            #expect((45...100).contains(frames))
            // Those that were not heard were counted: five frames each, and one may be half heard.
            let dropped = 40 - frames / 5
            let series = GatewayUnderTest.audioFault("audio_ahead")
            #expect(try gateway.growth(of: series, since: 0, upTo: dropped) == dropped)
        }
    }
}
