internal import Foundation
internal import Pipeline

/// Deepgram Aura's socket: one text at a time, its audio as binary messages, its end as `Flushed`.
///
/// `fresh → speaking → idle → speaking …`; a text that nobody listens to any more is `clearing`
/// until `Cleared`, and what comes until then is dropped.
struct AuraWire: SpeechWire {
    private enum State: Equatable {
        case idle
        case speaking(Int)
        case clearing(Int)
    }
    private struct Message: Decodable {
        let type: String
        let code: String?
        let description: String?
    }

    /// The provider takes 20 `Flush` within 60 s; two are kept back.
    private static let flushLimit = 18
    private static let flushWindow = Duration.seconds(60)
    /// Characters of one `Speak`.
    private static let textLimit = 2_000

    let capacity = 1
    private var state = State.idle
    private var flushes: [MonotonicTime] = []

    mutating func opening() -> [String] { [] }

    func admits(at now: MonotonicTime) -> Bool {
        state == .idle
            && flushes.count { $0.duration(to: now) < Self.flushWindow } < Self.flushLimit
    }

    mutating func begin(_ request: Int, _ text: String, at now: MonotonicTime) -> [String] {
        state = .speaking(request)
        flushes.removeAll { $0.duration(to: now) >= Self.flushWindow }
        flushes.append(now)
        return Self.pieces(text).map(Self.speak) + [#"{"type":"Flush"}"#]
    }

    mutating func cancel(_ request: Int) -> SpeechWireReply {
        guard state == .speaking(request) else { return SpeechWireReply() }
        state = .clearing(request)
        return SpeechWireReply(send: [#"{"type":"Clear"}"#])
    }

    mutating func take(audio octets: [UInt8]) -> SpeechWireReply {
        guard case .speaking(let request) = state, !octets.isEmpty else {
            return SpeechWireReply()
        }
        return SpeechWireReply(news: [.audio(request, octets, [])])
    }

    mutating func take(text octets: [UInt8]) -> SpeechWireReply {
        guard let message = try? JSONDecoder().decode(Message.self, from: Data(octets)) else {
            return SpeechWireReply(end: .garbage)
        }
        switch (message.type, state) {
        case ("Flushed", .speaking(let request)):
            state = .idle
            return SpeechWireReply(news: [.done(request)])
        case ("Cleared", .clearing(let request)):
            state = .idle
            return SpeechWireReply(news: [.done(request)])
        case ("Error", _): return SpeechWireReply(end: .server(status: 500))
        default: return SpeechWireReply()  // Metadata, Warning and what is new
        }
    }

    /// None is documented; the pool opens a new connection when this one has gone.
    func keepAlive() -> [String] { [] }

    func closing() -> [String] { [#"{"type":"Close"}"#] }

    private static func speak(_ text: String) -> String {
        struct Speak: Encodable {
            let type = "Speak"
            let text: String
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(Speak(text: text)) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    /// Cut between words where it can be.
    private static func pieces(_ text: String) -> [String] {
        var result: [String] = []
        var rest = text[...]
        while rest.count > textLimit {
            let limit = rest.index(rest.startIndex, offsetBy: textLimit)
            let space = rest[..<limit].lastIndex(of: " ")
            let end = space.map { rest.index(after: $0) } ?? limit
            result.append(String(rest[..<end]))
            rest = rest[end...]
        }
        result.append(String(rest))
        return result
    }
}
