import Foundation
import Testing

@testable import MediaBridge

@Suite struct TwilioWriterTests {
    private let stream = StreamSID(text: "MZ00000000000000000000000000000001")

    private func media(_ audio: [UInt8], _ writer: TwilioWriter) -> [UInt8] {
        let count = writer.mediaOctetCount(audioOctetCount: audio.count)
        let message = [UInt8](capacity: count) { writer.serializeMedia(audio.span, into: &$0) }
        #expect(message.count == count)
        return message
    }

    @Test func golden() {
        let writer = TwilioWriter(stream)
        let silence = [UInt8](repeating: 0xFF, count: 8)
        // Eight octets end in one pad character: the document's "//////////8=".
        #expect(
            String(decoding: media(silence, writer), as: UTF8.self) == TwilioGolden.mediaToTwilio)
        #expect(
            String(decoding: writer.mark(MarkName(text: "utt-7")), as: UTF8.self)
                == TwilioGolden.markToTwilio)
        #expect(String(decoding: writer.clear(), as: UTF8.self) == TwilioGolden.clearToTwilio)
    }

    /// Names with everything JSON must escape come through Foundation's reader unharmed.
    @Test(arguments: ["\"\\\u{0}\u{1}\u{1F}\n\r\t/\u{7F}", "ñ😀\u{2028}", ""])
    func escaping(text: String) throws {
        let writer = TwilioWriter(StreamSID(text: text))
        let data = Data(writer.mark(MarkName(text: text)))
        let object = try JSONSerialization.jsonObject(with: data) as? NSDictionary
        #expect(object?["streamSid"] as? String == text)
        #expect((object?["mark"] as? NSDictionary)?["name"] as? String == text)
    }

    @Test(arguments: [0, 1, 2, 3, 160, 800, 16_000])
    func callerHearsWhatIsSent(count: Int) throws {
        let audio = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let message = media(audio, TwilioWriter(stream))
        let heard = try TwilioCallerMessage(parsing: message, streamSID: stream.text)
        #expect(heard == .media(audio))
    }
}

@Suite struct TwilioCallerMessageTests {
    private let sid = "MZ00000000000000000000000000000001"

    @Test func goldenIncoming() throws {
        func parse(_ text: String) throws -> TwilioCallerMessage {
            try TwilioCallerMessage(parsing: Array(text.utf8), streamSID: sid)
        }
        let silence = [UInt8](repeating: 0xFF, count: 8)
        #expect(try parse(TwilioGolden.mediaToTwilio) == .media(silence))
        #expect(try parse(TwilioGolden.markToTwilio) == .mark("utt-7"))
        #expect(try parse(TwilioGolden.clearToTwilio) == .clear)
    }

    /// Twilio's table of bad messages, one by one.
    @Test(arguments: [
        "{", #""clear""#, #"{"event":"clear"}"#, #"{"event":"clear","streamSid":"MZ2"}"#,
        #"{"event":"clear","stream_sid":"MZ00000000000000000000000000000001"}"#,
        #"{"event":"clear","streamSid":"MZ00000000000000000000000000000001","extra":"1"}"#,
        #"{"event":"dtmf","streamSid":"MZ00000000000000000000000000000001"}"#,
        #"{"event":"mark","streamSid":"MZ00000000000000000000000000000001","mark":{"name":7}}"#,
        #"{"event":"mark","streamSid":"MZ00000000000000000000000000000001","mark":{}}"#,
        #"{"event":"media","streamSid":"MZ00000000000000000000000000000001","media":{"payload":"A"}}"#,
        #"{"event":"media","streamSid":"MZ00000000000000000000000000000001","#
            + #""media":{"payload":"","track":"inbound"}}"#,
        #"{"event":"media","sequenceNumber":"1","#
            + #""streamSid":"MZ00000000000000000000000000000001","media":{"payload":""}}"#,
    ])
    func strictness(text: String) {
        #expect(throws: TwilioCallerWarning.content) {
            try TwilioCallerMessage(parsing: Array(text.utf8), streamSID: sid)
        }
        #expect(TwilioCallerWarning.content.rawValue == 31_951)
    }

    private func object(_ text: String) throws -> NSDictionary {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(value as? NSDictionary)
    }

    /// A whole call, message by message, equals the documents' examples as JSON values.
    @Test func goldenOutgoing() throws {
        var caller = TwilioCallerWriter(
            accountSID: "AC00000000000000000000000000000001",
            callSID: "CA00000000000000000000000000000001", streamSID: sid)
        #expect(caller.connected() == TwilioGolden.connected)
        let start = caller.start(
            parameters: ["token": "one-time-random-value", "session": "s-42"])
        #expect(try object(start) == object(TwilioGolden.start))
        _ = caller.mark("utt-6")
        let media = caller.media([UInt8](repeating: 0x7F, count: 8), timestampMilliseconds: 20)
        #expect(try object(media) == object(TwilioGolden.media))
        let dtmf = TwilioGolden.dtmf.replacing(#""57""#, with: #""4""#)
        #expect(try object(caller.dtmf("5")) == object(dtmf))
        let mark = TwilioGolden.mark.replacing(#""61""#, with: #""5""#)
        #expect(try object(caller.mark("utt-7")) == object(mark))
        let stop = TwilioGolden.stop.replacing(#""905""#, with: #""6""#)
        #expect(try object(caller.stop()) == object(stop))
    }

    @Test func bridgeUnderstandsCaller() {
        var caller = TwilioCallerWriter(accountSID: "AC1", callSID: "CA\"1", streamSID: "MZ\\/é")
        var harness = TwilioHarness()
        #expect(harness.handle(caller.connected()) == .none)
        guard case .started(let start, _) = harness.handle(caller.start(parameters: ["ñ\n": "\"/"]))
        else {
            Issue.record("the stream did not start")
            return
        }
        #expect(start.streamSID.text == "MZ\\/é")
        #expect(start.callSID.text == "CA\"1")
        #expect(start.parameters == ["ñ\n": "\"/"])
        let voice = (0..<160).map { UInt8($0) }
        guard case .audio = harness.handle(caller.media(voice, timestampMilliseconds: 0)) else {
            Issue.record("the voice was not heard")
            return
        }
        #expect(harness.audio == voice)
        #expect(harness.handle(caller.mark("a/b")) == .mark(MarkName(text: "a/b")))
        #expect(harness.handle(caller.stop()) == .stopped)
        #expect(harness.stream.counters.faults == 0)
    }
}
