import Codecs
import Testing

@testable import MediaBridge

@Suite struct TwilioMessageTests {
    private func parse(_ text: String) throws(TwilioError) -> TwilioMessage {
        try parse(Array(text.utf8))
    }
    private func parse(_ octets: [UInt8]) throws(TwilioError) -> TwilioMessage {
        try TwilioMessage(parsing: octets.span)
    }

    @Test func start() throws {
        guard case .start(let start) = try parse(TwilioGolden.start) else {
            Issue.record("not a start")
            return
        }
        #expect(start.sequenceNumber == SequenceNumber(1))
        #expect(start.accountSID?.text == "AC00000000000000000000000000000001")
        #expect(start.callSID.text == "CA00000000000000000000000000000001")
        #expect(start.streamSID.text == "MZ00000000000000000000000000000001")
        #expect(start.tracks == [.inbound])
        #expect(start.mediaFormat.audioFormat == .telephone)
        #expect(start.parameters == ["token": "one-time-random-value", "session": "s-42"])
    }

    @Test func media() throws {
        guard case .media(let media) = try parse(TwilioGolden.media) else {
            Issue.record("not a media message")
            return
        }
        #expect(media.header.sequenceNumber == SequenceNumber(3))
        #expect(media.chunk == SequenceNumber(1))
        #expect(media.timestampMilliseconds == 20)
        let text = Array(TwilioGolden.media.utf8)
        let track = try media.track(in: text.span)
        #expect(track == .inbound)
        var count = 0
        let audio = try [UInt8](capacity: 8) {
            count = try media.decodePayload(in: text.span, into: &$0)
        }
        #expect(count == 8)
        #expect(audio == [UInt8](repeating: 0x7F, count: 8))
    }

    @Test func control() throws {
        #expect(try parse(TwilioGolden.connected) == .connected)
        guard case .dtmf(let dtmf) = try parse(TwilioGolden.dtmf),
            case .mark(let mark) = try parse(TwilioGolden.mark),
            case .stop(let stop) = try parse(TwilioGolden.stop)
        else {
            Issue.record("a control message was taken for another")
            return
        }
        #expect(dtmf.digit == "5")
        #expect(mark.name.text == "utt-7")
        #expect(stop.header.sequenceNumber == SequenceNumber(905))
    }

    @Test(arguments: [
        // Any order, numbers for strings, strange white space.
        """
        { "media" : {"payload":"f39/f39/f38=", "timestamp" : 20 ,"chunk":1,"track":"inbound"},
        \t"streamSid":"MZ1","sequenceNumber":3,\r\n"event" : "media" }
        """,
        // Unknown members, nested and with brackets in their strings.
        #"{"x":{"y":[1,-2.5e+3,{"z":null}],"q":"}]\"{"},"event":"media","streamSid":"MZ1","#
            + #""sequenceNumber":"3","new":[[],{}],"media":{"a":{"b":[true,false]},"#
            + #""track":"inbound","chunk":"1","timestamp":"20","payload":"f39/f39/f38="}}"#,
        // Escapes in names and values; the slash of base64 as Foundation and PHP write it.
        #"{"\u0065vent":"medi\u0061","streamSid":"M\u005a1","sequenceNumber":"3","media":{"#
            + #""track":"inbound","chunk":"1","timestamp":"20","payload":"f39\/f39\/f38\u003d"}}"#,
        // Of a member that stands twice the last counts.
        #"{"event":"stop","event":"media","streamSid":"MZ1","sequenceNumber":"3","media":7,"#
            + #""media":{"chunk":"9","track":"inbound","chunk":"1","timestamp":"20","#
            + #""payload":"!","payload":"f39/f39/f38="}}"#,
    ])
    func mediaHoweverWritten(text: String) throws {
        let octets = Array(text.utf8)
        guard case .media(let media) = try parse(octets) else {
            Issue.record("not a media message")
            return
        }
        #expect(media.header.sequenceNumber == SequenceNumber(3))
        let isStream = media.header.streamSID?.equals("MZ1", in: octets.span)
        #expect(isStream == true)
        #expect(media.chunk == SequenceNumber(1))
        #expect(media.timestampMilliseconds == 20)
        let audio = try [UInt8](capacity: 8) {
            _ = try media.decodePayload(in: octets.span, into: &$0)
        }
        #expect(audio == [UInt8](repeating: 0x7F, count: 8))
    }

    @Test(arguments: [
        (#"{"sequenceNumber":"3"}"#, TwilioError.missing(.event)),
        (#"{"event":7}"#, .missing(.event)),
        (#"{"event":"media"}"#, .missing(.media)),
        (#"{"event":"media","media":[]}"#, .missing(.media)),
        (#"{"event":"media","media":{"track":"inbound"}}"#, .missing(.payload)),
        (#"{"event":"media","media":{"payload":null}}"#, .missing(.payload)),
        (#"{"event":"media","media":{"payload":"","chunk":"-1"}}"#, .invalid(.chunk)),
        (
            #"{"event":"media","media":{"payload":"","timestamp":99999999999999999999}}"#,
            .invalid(.timestamp)
        ),
        (
            #"{"event":"media","sequenceNumber":1e400,"media":{"payload":""}}"#,
            .invalid(.sequenceNumber)
        ),
        (#"{"event":"dtmf","dtmf":{"digit":"55"}}"#, .invalid(.digit)),
        (#"{"event":"dtmf","dtmf":{"digit":5}}"#, .missing(.digit)),
        (#"{"event":"dtmf","dtmf":{"digit":"\ud800"}}"#, .invalid(.digit)),
        (#"{"event":"mark","mark":{}}"#, .missing(.name)),
        (#"{"event":"start","start":{"streamSid":"MZ1"}}"#, .missing(.callSID)),
        (
            #"{"event":"start","streamSid":"MZ2","start":{"streamSid":"MZ1","callSid":"CA1","#
                + #""mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000}}}"#,
            .invalid(.streamSID)
        ),
        (
            #"{"event":"start","start":{"streamSid":"MZ1","callSid":"CA1","mediaFormat":{"#
                + #""encoding":"audio/x-mulaw","sampleRate":8000},"customParameters":{"a":1}}}"#,
            .invalid(.customParameters)
        ),
        (#"{"event":"pause"}"#, .unknownEvent),
        ("", .json(.syntax(at: 0))),
        ("[]", .json(.syntax(at: 0))),
        (#"{"event":"stop"} x"#, .json(.syntax(at: 17))),
    ])
    func broken(text: String, expected: TwilioError) {
        #expect(throws: expected) { try parse(text) }
    }

    @Test(arguments: [
        ("audio/x-mulaw", 8_000, 1, AudioFormat.telephone),
        ("PCMU", 8_000, 1, .telephone),
        ("audio/x-alaw", 8_000, 1, AudioFormat(.aLaw, .hz8000)),
        ("audio/x-L16", 16_000, 1, AudioFormat(.linear16, .hz16000)),
        ("audio/x-L16", 24_000, 1, AudioFormat(.linear16, .hz24000)),
        ("audio/x-mulaw", 16_000, 1, nil),
        ("audio/x-mulaw", 8_000, 2, nil),
        ("audio/x-L16", 44_100, 1, nil),
        ("audio/opus", 48_000, 1, nil),
    ])
    func formats(encoding: String, rate: Int, channels: Int, expected: AudioFormat?) {
        let format = TwilioMediaFormat(encoding: encoding, sampleRate: rate, channels: channels)
        #expect(format.audioFormat == expected)
    }

    @Test func base64() throws {
        func decode(_ payload: String, capacity: Int) throws -> [UInt8] {
            let octets = Array(#"{"event":"media","media":{"payload":"\#(payload)"}}"#.utf8)
            guard case .media(let media) = try parse(octets) else { return [] }
            return try [UInt8](capacity: capacity) {
                _ = try media.decodePayload(in: octets.span, into: &$0)
            }
        }
        #expect(try decode("Zm9vYmE=", capacity: 5) == Array("fooba".utf8))  // RFC 4648 §10
        #expect(try decode("", capacity: 0).isEmpty)
        #expect(throws: TwilioError.payloadTooLong(octetCount: 5, capacity: 4)) {
            try decode("Zm9vYmE=", capacity: 4)
        }
        for bad in ["Zm9vYmE", "Zm9v!mE=", "Zm==YmE=", "Zm9v\\nYmE=", "Zm9v\\u2215mE="] {
            #expect(throws: TwilioError.base64) { try decode(bad, capacity: 64) }
        }
        // Escapes beyond one block of 64 characters, and padding where a block ends.
        let slashes = String(repeating: "\\/\\/\\/\\/", count: 40)
        #expect(try decode(slashes, capacity: 200) == [UInt8](repeating: 0xFF, count: 120))
        let early = String(repeating: "\\/", count: 62) + "==" + "AAAA"
        #expect(throws: TwilioError.base64) { try decode(early, capacity: 200) }
    }

    @Test(arguments: 0..<64 as Range<UInt64>)
    func randomOctetsNeverTrap(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var audio = TwilioHarness.live()
        for _ in 0..<200 {
            let octets =
                Bool.random(using: &random)
                ? (0..<Int.random(in: 0...300, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                : random.mutation(
                    of: Array((TwilioGolden.all.randomElement(using: &random) ?? "").utf8))
            _ = try? parse(octets)
            _ = audio.handle(octets, capacity: 16)
            #expect(audio.audio.count <= 16)
        }
    }
}
