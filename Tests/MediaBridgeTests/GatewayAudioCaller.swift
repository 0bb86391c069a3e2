import Codecs
import Foundation
import Testing

@testable import MediaBridge

/// A client of our `/audio` protocol, version 1, as its document describes it.
final class GatewayAudioCaller: GatewayCaller {
    enum Encoding: String, CaseIterable, Sendable {
        case linear16 = "pcm_s16le"
        case muLaw = "pcmu"
        case opus = "opus"

        var rate: Int {
            switch self {
            case .linear16: 16_000
            case .muLaw: 8_000
            case .opus: 48_000
            }
        }
    }

    let isJSON: Bool
    private let encoding: Encoding
    private var encoder: OpusEncoder?
    private var decoder: OpusDecoder?
    private var epoch = 0
    /// Every text message, by type, in order.
    private(set) var messages: [(type: String, members: [String: Any])] = []
    /// Of everything heard, at the encoding's rate.
    private(set) var samples = 0

    init(_ gateway: GatewayUnderTest, encoding: Encoding = .linear16, isJSON: Bool = false) throws {
        self.encoding = encoding
        self.isJSON = isJSON
        if encoding == .opus {
            encoder = try OpusEncoder(rate: .hz48000)
            decoder = try OpusDecoder(rate: .hz48000)
        }
        let wire = try WireClient(port: gateway.ports.media)
        let name = isJSON ? "bridge.audio.v1.json" : "bridge.audio.v1"
        let head = try wire.upgrade(path: "/audio", headers: ["Sec-WebSocket-Protocol: \(name)"])
        #expect(head.contains { $0.lowercased() == "sec-websocket-protocol: \(name)" })
        super.init(wire)
    }

    func sendStart(
        session: String, events: [String] = [], rate: Int? = nil, avatar: Bool? = nil
    ) throws {
        let format = """
            {"encoding":"\(encoding.rawValue)","rate":\(rate ?? encoding.rate),\
            "channels":1,"ptime":20}
            """
        let wish = avatar.map { "\"avatar\":\($0)," } ?? ""
        let names = events.map { "\"\($0)\"" }.joined(separator: ",")
        try wire.send(
            text: """
                {"type":"session.start","version":1,"session":"\(session)","input":\(format),\
                "output":\(format),"metadata":{"from":"+447700900123","to":"agent"},\
                \(wish)"events":[\(names)]}
                """)
    }

    /// The members of the first message of a type, once it has come.
    func message(_ type: String, after count: Int = 0) throws -> [String: Any] {
        try run { self.messages.count { $0.type == type } > count }
        let all = messages.filter { $0.type == type }
        try #require(all.count > count, "no \(type) came")
        return all[count].members
    }

    override func sendFrame(isVoiced: Bool, number: Int) throws {
        let octets = try frame(isVoiced: isVoiced)
        if isJSON {
            let data = Data(octets).base64EncodedString()
            try wire.send(text: #"{"type":"audio","data":"\#(data)"}"#)
        } else {
            try wire.send(binary: octets)
        }
    }

    override func returnMark(_ name: String, isPlayed: Bool) throws {
        try wire.send(
            text: """
                {"type":"marked","name":"\(name)",\
                "state":"\(isPlayed ? "played" : "cleared")","played_ms":0}
                """)
    }

    override func take(binary octets: [UInt8]) throws {
        if isJSON { violations.append("a binary message on the JSON variant") }
        try hear(octets)
    }

    override func take(text: String) throws {
        let members = try jsonObject(text)
        guard let type = members["type"] as? String else {
            return violations.append("no type: \(text)")
        }
        switch type {
        case "audio":
            guard isJSON, Set(members.keys) == ["type", "data"],
                let data = members["data"] as? String, let audio = Data(base64Encoded: data)
            else { return violations.append("audio: \(text.prefix(120))") }
            return try hear([UInt8](audio))
        case "mark":
            guard Set(members.keys) == ["type", "name", "epoch"],
                let name = members["name"] as? String, members["epoch"] as? Int == epoch
            else { return violations.append("mark: \(text)") }
            marked(name)
        case "clear":
            guard Set(members.keys) == ["type", "epoch"], let next = members["epoch"] as? Int,
                next > epoch
            else { return violations.append("clear: \(text)") }
            epoch = next
            try cleared()
            try wire.send(
                text: #"{"type":"cleared","epoch":\#(next),"played_ms":0,"dropped_ms":0}"#)
        default: break
        }
        messages.append((type, members))
    }

    private func hear(_ octets: [UInt8]) throws {
        switch encoding {
        case .linear16:
            if !octets.count.isMultiple(of: 2) { violations.append("half a sample") }
            hear(octets, octets.count / 2)
        case .muLaw: hear(octets, octets.count)
        case .opus:
            var pcm = [Int16](repeating: 0, count: OpusDecoder.maximumSampleCount(.hz48000))
            var span = pcm.mutableSpan
            hear(octets, try decoder?.decode(octets.span, into: &span) ?? 0)
        }
    }

    private func hear(_ octets: [UInt8], _ count: Int) {
        samples += count
        heard(octets, lasting: .microseconds(count * 1_000_000 / encoding.rate))
    }

    /// 20 ms of silence, or of 500 Hz at about half of full scale.
    private func frame(isVoiced: Bool) throws -> [UInt8] {
        let count = encoding.rate / 50
        let half = encoding.rate / 1_000
        let isHigh = (0..<count).map { ($0 / half).isMultiple(of: 2) }
        switch encoding {
        case .muLaw: return isHigh.map { isVoiced ? ($0 ? 0x90 : 0x10) : 0xFF }
        case .linear16:
            return isHigh.flatMap { high -> [UInt8] in
                let sample = UInt16(bitPattern: isVoiced ? (high ? 16_000 : -16_000) : 0)
                return [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
            }
        case .opus:
            let pcm: [Int16] = isHigh.map { isVoiced ? ($0 ? 16_000 : -16_000) : 0 }
            let capacity = OpusEncoder.maximumPacketOctets
            var failure: OpusError?
            let packet = [UInt8](capacity: capacity) { output in
                do throws(OpusError) {
                    try encoder?.encode(pcm.span, into: &output)
                } catch { failure = error }
            }
            if let failure { throw failure }
            return packet
        }
    }
}
