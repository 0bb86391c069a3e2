import Pipeline
import Testing

@testable import MediaBridge

/// Milliseconds since the test began.
func time(_ milliseconds: Int) -> MonotonicTime {
    MonotonicTime(sinceStart: .milliseconds(milliseconds))
}

/// A Twilio stream fed with strings, and what it decoded.
struct TwilioHarness {
    var stream: TwilioStream
    private(set) var audio: [UInt8] = []

    init(limits: TwilioLimits = TwilioLimits()) {
        stream = TwilioStream(limits: limits, openedAt: time(0))
    }

    /// A stream that has had `connected` and `start` for the documents' identifiers.
    static func live() -> Self {
        var harness = Self()
        _ = harness.handle(TwilioGolden.connected)
        _ = harness.handle(TwilioGolden.start)
        return harness
    }

    mutating func handle(_ text: String, at now: MonotonicTime = time(0)) -> TwilioStream.Outcome {
        handle(Array(text.utf8), at: now)
    }

    mutating func handle(
        _ octets: [UInt8], at now: MonotonicTime = time(0), capacity: Int = 65_536
    ) -> TwilioStream.Outcome {
        var outcome = TwilioStream.Outcome.none
        audio = [UInt8](capacity: capacity) {
            outcome = stream.handle(octets.span, at: now, into: &$0)
        }
        return outcome
    }
}

/// The examples of Twilio's "Media Streams WebSocket messages", word for word.
enum TwilioGolden {
    static let connected = #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#
    static let start = """
        {
          "event":"start",
          "sequenceNumber":"1",
          "streamSid":"MZ00000000000000000000000000000001",
          "start":{
            "accountSid":"AC00000000000000000000000000000001",
            "streamSid":"MZ00000000000000000000000000000001",
            "callSid":"CA00000000000000000000000000000001",
            "tracks":["inbound"],
            "mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},
            "customParameters":{"token":"one-time-random-value","session":"s-42"}
          }
        }
        """
    static let media = """
        {
          "event":"media","sequenceNumber":"3","streamSid":"MZ00000000000000000000000000000001",
          "media":{"track":"inbound","chunk":"1","timestamp":"20","payload":"f39/f39/f38="}
        }
        """
    static let dtmf = """
        {"event":"dtmf","streamSid":"MZ00000000000000000000000000000001","sequenceNumber":"57",
         "dtmf":{"track":"inbound_track","digit":"5"}}
        """
    static let mark = """
        {"event":"mark","sequenceNumber":"61","streamSid":"MZ00000000000000000000000000000001",\
        "mark":{"name":"utt-7"}}
        """
    static let stop = """
        {"event":"stop","sequenceNumber":"905","streamSid":"MZ00000000000000000000000000000001",
         "stop":{"accountSid":"AC00000000000000000000000000000001","callSid":"CA00000000000000000000000000000001"}}
        """
    static let all = [connected, start, media, dtmf, mark, stop]

    static let mediaToTwilio =
        #"{"event":"media","streamSid":"MZ00000000000000000000000000000001","media":{"payload":"//////////8="}}"#
    static let markToTwilio =
        #"{"event":"mark","streamSid":"MZ00000000000000000000000000000001","mark":{"name":"utt-7"}}"#
    static let clearToTwilio =
        #"{"event":"clear","streamSid":"MZ00000000000000000000000000000001"}"#

    /// Media of the documents' stream, 20 ms of silence.
    static func media(
        sequence: Int, chunk: Int? = nil, timestamp: Int? = nil, track: String = "inbound",
        payload: String? = nil
    ) -> String {
        var members = [#""track":"\#(track)""#]
        if let chunk { members.append(#""chunk":"\#(chunk)""#) }
        if let timestamp { members.append(#""timestamp":"\#(timestamp)""#) }
        // 160 times FF: 53 groups of "////" and "/w==".
        let silence = String(repeating: "////", count: 53) + "/w=="
        members.append(#""payload":"\#(payload ?? silence)""#)
        return #"{"event":"media","sequenceNumber":"\#(sequence)","#
            + #""streamSid":"MZ00000000000000000000000000000001","#
            + #""media":{\#(members.joined(separator: ","))}}"#
    }
}

/// A small generator whose sequence its seed decides (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// `valid` with a few octets changed, dropped, doubled or cut off.
    mutating func mutation(of valid: [UInt8]) -> [UInt8] {
        var octets = valid
        let telling = Array("\"\\{}[]:,u0-e.\u{0}\u{1F}".utf8) + [0xFF, 0xC0, 0xED, 0xF4, 0x80]
        for _ in 0..<Int.random(in: 1...4, using: &self) where !octets.isEmpty {
            let index = Int.random(in: octets.indices, using: &self)
            switch Int.random(in: 0..<6, using: &self) {
            case 0: octets[index] = UInt8.random(in: 0...255, using: &self)
            case 1: octets[index] = telling.randomElement(using: &self) ?? 0
            case 2: octets.remove(at: index)
            case 3: octets.insert(telling.randomElement(using: &self) ?? 0, at: index)
            case 4: octets.removeLast(octets.count - index)
            default: octets.insert(contentsOf: octets[index...].prefix(40), at: index)
            }
        }
        return octets
    }
}
