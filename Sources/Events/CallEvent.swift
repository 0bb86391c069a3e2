package import Foundation

/// One thing that happened in a call, as journal, dashboard, webhooks and CRM receive it.
///
/// JSON: `{"id","call_id","seq","type","time","seconds_from_start","data"}`; `seq` counts from 1
/// without gaps within a call.
package struct CallEvent: Equatable, Sendable, Codable {
    package let id: UUID
    package let callID: String
    package let seq: Int
    /// Wall clock, for records only; JSON carries ISO 8601 in UTC with milliseconds.
    package let time: Date
    /// Since the call was answered; millisecond precision in JSON.
    package let secondsFromStart: Double
    package let body: EventBody

    package init(
        id: UUID, callID: String, seq: Int, time: Date, secondsFromStart: Double, body: EventBody
    ) {
        self.id = id
        self.callID = callID
        self.seq = seq
        self.time = time
        self.secondsFromStart = secondsFromStart
        self.body = body
    }

    private enum Key: String, CodingKey {
        case id
        case callID = "call_id"
        case seq, type, time
        case secondsFromStart = "seconds_from_start"
        case data
    }

    private static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(id.uuidString.lowercased(), forKey: .id)
        try object.encode(callID, forKey: .callID)
        try object.encode(seq, forKey: .seq)
        try object.encode(body.type, forKey: .type)
        // The style cuts digits off; half a millisecond more makes that rounding.
        try object.encode(
            time.addingTimeInterval(0.000_5).formatted(Self.timeStyle), forKey: .time)
        try object.encode((secondsFromStart * 1_000).rounded() / 1_000, forKey: .secondsFromStart)
        try body.encodeData(to: object.superEncoder(forKey: .data))
    }

    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        id = try object.decode(UUID.self, forKey: .id)
        callID = try object.decode(String.self, forKey: .callID)
        seq = try object.decode(Int.self, forKey: .seq)
        let text = try object.decode(String.self, forKey: .time)
        guard let time = try? Date(text, strategy: Self.timeStyle) else {
            throw DecodingError.dataCorruptedError(
                forKey: .time, in: object, debugDescription: "No ISO 8601 time in UTC")
        }
        self.time = time
        secondsFromStart = try object.decode(Double.self, forKey: .secondsFromStart)
        body = try EventBody(
            type: object.decode(EventType.self, forKey: .type),
            data: object.superDecoder(forKey: .data))
    }
}
