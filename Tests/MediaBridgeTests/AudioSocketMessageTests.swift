import Codecs
import Foundation
import Testing

@testable import MediaBridge

@Suite struct AudioSocketMessageTests {
    private func parse(_ text: String) throws(AudioSocketError) -> AudioSocketMessage {
        try AudioSocketMessage(parsing: Array(text.utf8).span)
    }

    @Test func sessionStart() throws {
        guard case .sessionStart(let request) = try parse(AudioSocketGolden.start) else {
            Issue.record("not a session.start")
            return
        }
        #expect(request.version == 1)
        #expect(request.token == "ot-1")
        #expect(request.session == "s-42")
        let wish = AudioSocketWish(encoding: "pcm_s16le", rate: 16_000, packetMilliseconds: 20)
        #expect(request.input == wish)
        #expect(request.output == wish)
        #expect(request.metadata == ["from": "+447700900123", "to": "agent"])
        #expect(request.events == AudioSocketTopic.usual)
    }

    @Test(arguments: [
        (
            #"{"type":"dtmf","digit":"5","duration_ms":120}"#,
            AudioSocketMessage.dtmf("5", durationMilliseconds: 120)
        ),
        (
            #"{"type":"marked","name":"u7.3","state":"played","played_ms":1840}"#,
            .marked(MarkName(text: "u7.3"), isPlayed: true, playedMilliseconds: 1_840)
        ),
        (
            #"{"state":"cleared","name":"u7.4","type":"marked"}"#,
            .marked(MarkName(text: "u7.4"), isPlayed: false, playedMilliseconds: nil)
        ),
        (
            #"{"type":"cleared","epoch":4,"played_ms":1620,"dropped_ms":900}"#,
            .cleared(epoch: 4, playedMilliseconds: 1_620, droppedMilliseconds: 900)
        ),
        (#"{"type":"interrupt"}"#, .interrupt),
        (#"{"type":"ping","t":1793702521000}"#, .ping("1793702521000")),
        (#"{"type":"ping","t":-1.5e3}"#, .ping("-1.5e3")),
        (#"{"type":"stop","reason":"user-hangup"}"#, .stop(reason: "user-hangup")),
        (#" { "new":{"a":[1]}, "type" : "stop" } "#, .stop(reason: nil)),
    ])
    func control(text: String, expected: AudioSocketMessage) throws {
        #expect(try parse(text) == expected)
    }

    @Test(arguments: [
        ("{", AudioSocketError.json(.syntax(at: 1))),
        (#"{"typ":"stop"}"#, .missing(.type)),
        (#"{"type":"weather"}"#, .unknownType),
        (#"{"type":"audio","data":7}"#, .missing(.data)),
        (#"{"type":"dtmf"}"#, .missing(.digit)),
        (#"{"type":"dtmf","digit":"x"}"#, .invalid(.digit)),
        (#"{"type":"dtmf","digit":"5","duration_ms":-1}"#, .invalid(.duration)),
        (#"{"type":"marked","name":"a"}"#, .missing(.state)),
        (#"{"type":"marked","name":"a","state":"lost"}"#, .invalid(.state)),
        (#"{"type":"cleared"}"#, .missing(.epoch)),
        (#"{"type":"cleared","epoch":1.5}"#, .invalid(.epoch)),
        (#"{"type":"ping","t":"now"}"#, .missing(.time)),
        (#"{"type":"session.start","version":"one"}"#, .invalid(.version)),
        (#"{"type":"session.start","input":{"rate":1e9}}"#, .invalid(.input)),
        (#"{"type":"session.start","output":{"ptime":99999999999}}"#, .invalid(.output)),
    ])
    func broken(text: String, expected: AudioSocketError) {
        #expect(throws: expected) { try parse(text) }
    }

    private static let wideband = AudioFormat(.linear16, .hz16000)

    @Test(arguments: [
        ("pcm_s16le", 16_000, 20, wideband, 20),
        ("pcm_s16le", 8_000, 5, AudioFormat(.linear16, .hz8000), 10),
        ("pcm_s16le", 44_100, 45, AudioFormat(.linear16, .hz48000), 40),
        ("pcmu", 16_000, 500, AudioFormat(.muLaw, .hz8000), 100),
        ("pcma", 8_000, 20, AudioFormat(.aLaw, .hz8000), 20),
        ("opus", 16_000, 20, AudioFormat(.opus, .hz48000), 20),
        ("mp3", 44_100, 20, nil, 0),
        ("PCMU", 8_000, 20, nil, 0),
    ])
    func negotiation(
        encoding: String, rate: Int, wished: Int, expected: AudioFormat?, packet: Int
    ) {
        let wish = AudioSocketWish(encoding: encoding, rate: rate, packetMilliseconds: wished)
        let format = AudioSocketFormat(wish, among: AudioSocketFormat.all)
        #expect(format?.audio == expected)
        if expected != nil { #expect(format?.packetMilliseconds == packet) }
        #expect(AudioSocketFormat(wish, among: []) == nil)
    }

    @Test(arguments: [
        ("bridge.audio.v1", AudioSocketVariant.binary), ("bridge.audio.v1.json", .json),
        ("chat, bridge.audio.v1.json,bridge.audio.v1", .json), ("", nil), ("bridge.audio.v2", nil),
    ])
    func subprotocols(header: String, expected: AudioSocketVariant?) {
        #expect(AudioSocketVariant(offered: header) == expected)
    }

    /// The documents' examples, word for word.
    @Test(arguments: [
        (
            AudioSocketReply.mark(MarkName(text: "u7.3"), epoch: 3),
            #"{"type":"mark","name":"u7.3","epoch":3}"#
        ),
        (.clear(epoch: 4), #"{"type":"clear","epoch":4}"#),
        (
            .event(name: "transcript", data: "{}"),
            #"{"type":"event","name":"transcript","data":{}}"#
        ),
        (.pong("1793702521000"), #"{"type":"pong","t":1793702521000}"#),
        (
            .error(code: "bad_message", message: "unknown encoding", isFatal: false),
            #"{"type":"error","code":"bad_message","message":"unknown encoding","fatal":false}"#
        ),
        (.stop(reason: "completed"), #"{"type":"stop","reason":"completed"}"#),
        (.interrupt, #"{"type":"interrupt"}"#),
        (
            .sentiment("frustrated", score: -0.7),
            #"{"type":"sentiment","sentiment":"frustrated","score":-0.7}"#
        ),
        (
            .transcript(.user, "a \"b\"", isFinal: false),
            #"{"type":"transcript","speaker":"user","text":"a \"b\"","is_final":false}"#
        ),
        (.state(.agentSpeaking), #"{"type":"state","state":"agent_speaking"}"#),
    ])
    func replies(reply: AudioSocketReply, expected: String) {
        #expect(String(decoding: reply.serialized(), as: UTF8.self) == expected)
    }

    @Test func audioAsJSON() {
        let audio = [UInt8](repeating: 0xFF, count: 8)
        let count = AudioSocketWriter.audioOctetCount(audioOctetCount: 8)
        let message = [UInt8](capacity: count) {
            AudioSocketWriter.serializeAudio(audio.span, into: &$0)
        }
        #expect(message.count == count)
        #expect(
            String(decoding: message, as: UTF8.self) == #"{"type":"audio","data":"//////////8="}"#)
        #expect(
            String(
                decoding: AudioSocketWriter.audioChunk(audio.span, text: "Hola"), as: UTF8.self)
                == #"{"type":"audio_chunk","audio":"//////////8=","text":"Hola"}"#)
    }
}
