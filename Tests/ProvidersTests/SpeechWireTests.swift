import Codecs
import Pipeline
import Testing

@testable import Providers

/// The providers' sockets as machines: texts in, texts and news out.
struct SpeechWireTests {
    private let start = MonotonicTime(sinceStart: .zero)

    private func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func aContextIsOpenedFilledAndClosed() {
        var settings = ElevenLabsRequest.VoiceSettings()
        settings.stability = 0.5
        settings.similarityBoost = 0.75
        var wire = ElevenLabsContexts(
            voice: settings, source: SpeechSource(.muLaw, hertz: 8_000))
        #expect(wire.opening().isEmpty)
        #expect(
            wire.begin(1, "Hola \"Ana\"", at: start) == [
                #"{"context_id":"c1","text":" ","voice_settings":{"similarity_boost":0.75,"stability":0.5}}"#,
                #"{"context_id":"c1","flush":true,"text":"Hola \"Ana\" "}"#,
                #"{"close_context":true,"context_id":"c1"}"#,
            ])
        #expect(wire.keepAlive() == [#"{"text":""}"#])
        #expect(wire.closing() == [#"{"close_socket":true}"#])
    }

    /// Times are relative to their own piece; words go over the border of pieces.
    @Test func wordsAreTimedFromTheStartOfTheText() {
        var wire = ElevenLabsContexts(
            voice: nil, source: SpeechSource(.muLaw, hertz: 8_000))
        _ = wire.begin(1, "Si no", at: start)
        let first = wire.take(
            text: octets(
                #"""
                {"audio":"AAAAAAAAAAA=","isFinal":null,"contextId":"c1","new":{},
                "alignment":{"chars":["S","i"," ","n"],"charStartTimesMs":[0,0.25,0.5,0.75],
                "charDurationsMs":[1,1,1,1]}}
                """#))
        #expect(
            first.news == [
                .audio(
                    1, [UInt8](repeating: 0, count: 8),
                    [WordTiming(word: "Si", start: .zero)])
            ])
        let second = wire.take(
            text: octets(
                #"""
                {"audio":"AAAA","context_id":"c1","alignment":
                {"chars":["o"," "],"charStartTimesMs":[0,2],"charsDurationsMs":[1,1]}}
                """#))
        #expect(
            second.news == [
                .audio(1, [0, 0, 0], [WordTiming(word: "no", start: .microseconds(750))])
            ])
        #expect(
            wire.take(text: octets(#"{"is_final":true,"contextId":"c1"}"#)).news == [.done(1)])
        #expect(
            wire.take(text: octets(#"{"audio":"AAAA","contextId":"c1"}"#)).news.isEmpty,
            "what comes late is dropped")
    }

    @Test(arguments: [
        (#"{"message":"x","error":"quota_exceeded","code":1008}"#, ProviderFailure.unauthorised),
        (#"{"message":"x","error":"input_timeout_exceeded","code":1008}"#, .closedEarly),
        (#"{"message":"x","error":"voice_not_found","code":1008}"#, .rejected(status: 404)),
        (#"{"message":"x","error":"system_busy","code":1008}"#, .overloaded),
        (
            #"{"message":"x","error":"too_many_concurrent_requests","code":1008}"#,
            .rateLimited(retryAfter: nil)
        ),
        (#"{"message":"Something went wrong","code":1008}"#, .server(status: 500)),
        ("<html>", .garbage), (#"{"audio":"*"}"#, .garbage), ("[]", .garbage),
    ])
    func elevenLabsErrors(message: String, failure: ProviderFailure) {
        var contexts = ElevenLabsContexts(
            voice: nil, source: SpeechSource(.muLaw, hertz: 8_000))
        #expect(contexts.take(text: octets(message)).end == failure)
        var stream = ElevenLabsStream(voice: nil, source: SpeechSource(.muLaw, hertz: 8_000))
        #expect(stream.take(text: octets(message)).end == failure)
    }

    /// An error that names a context is that context's alone.
    @Test func oneContextMayFail() {
        var wire = ElevenLabsContexts(
            voice: nil, source: SpeechSource(.muLaw, hertz: 8_000))
        _ = wire.begin(1, "uno", at: start)
        let reply = wire.take(text: octets(#"{"error":"system_busy","contextId":"c1"}"#))
        #expect(reply == SpeechWireReply(news: [.failed(1, .overloaded)]))
    }

    @Test func aStreamServesOneTextAndIsKeptAliveWithASpace() {
        var wire = ElevenLabsStream(voice: nil, source: SpeechSource(.muLaw, hertz: 8_000))
        #expect(wire.opening() == [#"{"text":" "}"#])
        #expect(wire.keepAlive() == [#"{"text":" "}"#])
        #expect(wire.admits(at: start))
        #expect(
            wire.begin(1, "Hola", at: start) == [
                #"{"flush":true,"text":"Hola "}"#, #"{"text":""}"#,
            ])
        #expect(!wire.admits(at: start))
        #expect(wire.cancel(1).end == .closedEarly)
    }

    @Test func auraSpeaksFlushesAndClears() {
        var wire = AuraWire()
        #expect(
            wire.begin(1, "a/b \"c\"", at: start) == [
                #"{"text":"a/b \"c\"","type":"Speak"}"#, #"{"type":"Flush"}"#,
            ])
        #expect(wire.take(audio: [1, 2]).news == [.audio(1, [1, 2], [])])
        #expect(wire.take(text: octets(#"{"type":"Flushed","sequence_id":0}"#)).news == [.done(1)])
        _ = wire.begin(2, "dos", at: start)
        #expect(wire.cancel(2).send == [#"{"type":"Clear"}"#])
        #expect(!wire.admits(at: start))
        #expect(wire.take(audio: [3]).news.isEmpty)
        #expect(wire.take(text: octets(#"{"type":"Flushed","sequence_id":1}"#)).news.isEmpty)
        #expect(wire.take(text: octets(#"{"type":"Cleared","sequence_id":2}"#)).news == [.done(2)])
        #expect(wire.admits(at: start))
        #expect(wire.take(text: octets("no JSON")).end == .garbage)
    }

    /// The provider allows 20 within 60 s.
    @Test func auraKeepsWithinItsFlushes() {
        var wire = AuraWire()
        var count = 0
        while wire.admits(at: start), count < 30 {
            count += 1
            _ = wire.begin(count, "x", at: start)
            _ = wire.take(text: octets(#"{"type":"Flushed"}"#))
        }
        #expect(count == 18)
        #expect(wire.admits(at: start.advanced(by: .seconds(60))))
    }

    @Test func longTextsAreCutBetweenWords() {
        var wire = AuraWire()
        let text = String(repeating: "palabra ", count: 600)
        let sent = wire.begin(1, text, at: start)
        #expect(sent.count == 4)
        #expect(sent.dropLast().allSatisfy { $0.utf8.count < 2_050 && $0.contains(#"palabra ""#) })
    }

    @Test(arguments: [
        ("https://api.elevenlabs.io/", "wss://api.elevenlabs.io"),
        ("wss://api.deepgram.com/v1", "wss://api.deepgram.com"),
        ("http://127.0.0.1:8080", "ws://127.0.0.1:8080"),
        ("api.eu.deepgram.com", "wss://api.eu.deepgram.com"),
    ])
    func bases(written: String, expected: String) {
        #expect(WebSocketBase.normalized(written) == expected)
    }

    @Test(arguments: [
        ("https://api.openai.com/v1", "https://api.openai.com/v1/audio/speech"),
        ("http://host:8880/", "http://host:8880/v1/audio/speech"),
        ("http://host/v1/", "http://host/v1/audio/speech"),
    ])
    func speechAddresses(base: String, expected: String) {
        #expect(ProviderAddress.url("audio/speech", below: base) == expected)
    }
}
