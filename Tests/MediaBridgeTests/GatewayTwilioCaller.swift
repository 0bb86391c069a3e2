import Foundation
import Synchronization
import Testing

@testable import MediaBridge

/// Twilio's side of one media stream, as "Media Streams WebSocket messages" describes it.
final class GatewayTwilioCaller: GatewayCaller {
    let streamSID: String
    let callSID: String
    private var sequenceNumber = 0
    /// Every stream has a name of its own.
    private static let lastNumber = Atomic(0)

    /// Connects and says `connected`; `start` is the caller's to say.
    convenience init(_ gateway: GatewayUnderTest) throws {
        try self.init(mediaPort: gateway.ports.media)
    }

    init(mediaPort: Int, signature: String = "c2lnbmF0dXJl") throws {
        let number = Self.lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        streamSID = "MZ" + Self.hex(number)
        callSID = "CA" + Self.hex(number)
        let wire = try WireClient(
            port: mediaPort, maskSeed: UInt32(truncatingIfNeeded: number))
        try wire.upgrade(
            path: "/twilio", headers: ["X-Twilio-Signature: \(signature)", "User-Agent: TmeWs"])
        super.init(wire)
        try wire.send(text: #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#)
    }

    /// A call that has started.
    static func started(_ gateway: GatewayUnderTest) throws -> GatewayTwilioCaller {
        let caller = try GatewayTwilioCaller(gateway)
        try caller.sendStart()
        return caller
    }

    /// A call whose greeting was heard to its end.
    static func greeted(_ gateway: GatewayUnderTest) throws -> GatewayTwilioCaller {
        let caller = try started(gateway)
        try #require(try caller.hearsTheAnswer(), "no greeting")
        return caller
    }

    func sendStart(
        encoding: String = "audio/x-mulaw", rate: Int = 8_000, parameters: String = "{}"
    ) throws {
        try wire.send(
            text: """
                {"event":"start","sequenceNumber":"\(nextSequenceNumber())",\
                "streamSid":"\(streamSID)","start":{"accountSid":"AC\(Self.hex(1))",\
                "streamSid":"\(streamSID)","callSid":"\(callSID)","tracks":["inbound"],\
                "mediaFormat":{"encoding":"\(encoding)","sampleRate":\(rate),"channels":1},\
                "customParameters":\(parameters)}}
                """)
    }

    func sendDTMF(_ digit: String) throws {
        try wire.send(
            text: """
                {"event":"dtmf","streamSid":"\(streamSID)",\
                "sequenceNumber":"\(nextSequenceNumber())",\
                "dtmf":{"track":"inbound_track","digit":"\(digit)"}}
                """)
    }

    func sendStop() throws {
        try wire.send(
            text: """
                {"event":"stop","sequenceNumber":"\(nextSequenceNumber())",\
                "streamSid":"\(streamSID)","stop":{"accountSid":"AC\(Self.hex(1))",\
                "callSid":"\(callSID)"}}
                """)
    }

    /// A media message; what is not told is as it should be.
    func media(
        payload: String? = nil, sequenceNumber: Int? = nil, chunk: Int, timestamp: Int? = nil
    ) -> String {
        """
        {"event":"media","sequenceNumber":"\(sequenceNumber ?? nextSequenceNumber())",\
        "streamSid":"\(streamSID)","media":{"track":"inbound","chunk":"\(chunk)",\
        "timestamp":"\(timestamp ?? (chunk - 1) * 20)",\
        "payload":"\(payload ?? Self.payload(isVoiced: false))"}}
        """
    }

    /// Hears audio that begins after now, to its last mark.
    func hearsTheAnswer() throws -> Bool {
        let before = audioOctets
        return try run { self.audioOctets > before }
            && run { !self.isPlaying && self.entries.last?.isMark == true }
    }

    /// Speaks, and waits for the first audio of the answer.
    func asksAndIsAnswered() throws -> Bool {
        let before = audioOctets
        try say(frames: 15)
        return try run { self.audioOctets > before }
    }

    /// µ-law that is spoken next, before anything else.
    var speech: [UInt8] = []

    override func sendFrame(isVoiced: Bool, number: Int) throws {
        guard speech.isEmpty else {
            let payload = Data(speech.prefix(160)).base64EncodedString()
            speech.removeFirst(min(160, speech.count))
            return try wire.send(text: media(payload: payload, chunk: number))
        }
        try wire.send(text: media(payload: Self.payload(isVoiced: isVoiced), chunk: number))
    }

    override func returnMark(_ name: String, isPlayed: Bool) throws {
        try wire.send(
            text: """
                {"event":"mark","sequenceNumber":"\(nextSequenceNumber())",\
                "streamSid":"\(streamSID)","mark":{"name":"\(name)"}}
                """)
    }

    override func take(text: String) throws {
        let message = try jsonObject(text)
        guard message["streamSid"] as? String == streamSID else {
            return violations.append("streamSid: \(text.prefix(120))")
        }
        switch message["event"] as? String {
        case "media":
            guard Set(message.keys) == ["event", "streamSid", "media"],
                let media = message["media"] as? [String: Any], Array(media.keys) == ["payload"],
                let payload = media["payload"] as? String,
                let audio = Data(base64Encoded: payload), !audio.isEmpty
            else { return violations.append("media: \(text.prefix(120))") }
            heard([UInt8](audio), lasting: .microseconds(audio.count * 125))
        case "mark":
            guard Set(message.keys) == ["event", "streamSid", "mark"],
                let mark = message["mark"] as? [String: Any], Array(mark.keys) == ["name"],
                let name = mark["name"] as? String
            else { return violations.append("mark: \(text.prefix(120))") }
            marked(name)
        case "clear":
            guard Set(message.keys) == ["event", "streamSid"] else {
                return violations.append("clear: \(text)")
            }
            try cleared()
        default: violations.append("event: \(text.prefix(120))")
        }
    }

    /// Twilio logs a warning for it and ignores it.
    override func take(binary octets: [UInt8]) throws { violations.append("a binary message") }

    private func nextSequenceNumber() -> Int {
        sequenceNumber += 1
        return sequenceNumber
    }

    /// 20 ms of µ-law: silence, or 500 Hz at ±15 996 of 32 124 (ITU-T G.711, table 2a).
    private static func payload(isVoiced: Bool) -> String { isVoiced ? voice : silence }
    private static let silence = Data(repeating: 0xFF, count: 160).base64EncodedString()
    private static let voice = Data(
        (0..<160).map { ($0 / 8).isMultiple(of: 2) ? 0x90 : 0x10 } as [UInt8]
    ).base64EncodedString()

    private static func hex(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
