import Codecs
import Pipeline
import Testing

@testable import Providers

/// Deepgram's messages as its documentation prints them, and what we ask it for.
@Suite struct DeepgramMessageTests {
    private static func parse(_ text: String) -> DeepgramMessage? {
        DeepgramMessage(parsing: Array(text.utf8))
    }

    @Test func results() throws {
        let text = """
            {"type":"Results","channel_index":[0,1],"start":4.32,"duration":1.58,
             "is_final":true,"speech_final":true,"from_finalize":false,
             "channel":{"alternatives":[{"transcript":"Quiero cambiar mi cita.","confidence":0.981,
               "languages":["es"],
               "words":[{"word":"quiero","start":4.40,"end":4.72,"confidence":0.99,
                 "punctuated_word":"Quiero","speaker":0,"language":"es"}]}]},
             "metadata":{"request_id":"6f0c","model_uuid":"1dbd"},"entities":[]}
            """
        guard case .results(let results) = try #require(Self.parse(text)) else {
            Issue.record("no results")
            return
        }
        #expect(results.transcript == "Quiero cambiar mi cita.")
        #expect(results.startSeconds == 4.32 && results.durationSeconds == 1.58)
        #expect(results.isFinal && results.isSpeechFinal && !results.isFromFinalize)
        #expect(
            results.words
                == [DeepgramResults.Word("Quiero", startSeconds: 4.40, endSeconds: 4.72)])
    }

    @Test func otherMessages() {
        #expect(
            Self.parse(#"{"type":"SpeechStarted","channel":[0,1],"timestamp":4.31}"#)
                == .speechStarted(seconds: 4.31))
        #expect(
            Self.parse(#"{"type":"UtteranceEnd","channel":[0,1],"last_word_end":5.90}"#)
                == .utteranceEnd(lastWordEndSeconds: 5.90))
        #expect(Self.parse(#"{"type":"Metadata","duration":61.2,"channels":1}"#) == .metadata)
        #expect(
            Self.parse(#"{"type":"Error","variant":"SchemaError","description":"no"}"#)
                == .error("no"))
        #expect(Self.parse(#"{"type":"FromTheFuture","x":1}"#) == .other)
    }

    @Test(arguments: [
        "", "<html>502</html>", "[]", "{}", #"{"type":7}"#, #"{"type":"Results"}"#,
        #"{"type":"Results","start":-1,"duration":1,"channel":{"alternatives":[]}}"#,
        #"{"type":"Results","start":1e300,"duration":1,"channel":{"alternatives":[]}}"#,
    ])
    func garbage(_ text: String) { #expect(Self.parse(text) == nil) }

    @Test func theAddressSaysWhatIsWanted() {
        var settings = DeepgramRecognizer.Settings(key: "k")
        settings.keyterms = ["Peña & Co", "Peña & Co", ""]
        let endpoint = DeepgramRecognizer(settings: settings).endpoint(
            for: .spanish, format: .telephone, keyterms: settings.keyterms)
        #expect(
            endpoint.url == """
                wss://api.deepgram.com/v1/listen?model=nova-3&language=es-419&encoding=mulaw\
                &sample_rate=8000&channels=1&interim_results=true&endpointing=300\
                &utterance_end_ms=1000&vad_events=true&smart_format=true&no_delay=true\
                &keyterm=Pe%C3%B1a%20%26%20Co
                """)
        #expect(endpoint.headers.map(\.name) == ["Authorization"])
        #expect(endpoint.headers.map(\.value) == ["Token k"])
        settings.model = "nova-2"
        let older = DeepgramRecognizer(settings: settings).endpoint(
            for: .english, format: AudioFormat(.linear16, .hz16000), keyterms: ["x"])
        #expect(older.url.contains("encoding=linear16&sample_rate=16000"))
        #expect(!older.url.contains("keyterm"))
    }
}
