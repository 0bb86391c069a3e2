import Foundation
import Testing

@testable import MediaBridge

/// A subscriber of `/ws/events` or `/ws/metrics`, for integration tests.
final class LiveFollower {
    let wire: WireClient
    let head: [String]

    init(
        _ gateway: GatewayUnderTest, _ path: String = "/ws/events", headers: [String] = [],
        isNarrow: Bool = false
    ) throws {
        wire = try WireClient(port: gateway.ports.api, isNarrow: isNarrow)
        head = try wire.upgrade(path: path, headers: headers)
    }

    /// The next message; fails after `limit`.
    func message(within limit: Duration = .seconds(15)) throws -> [String: Any] {
        let frame = try #require(
            try wire.nextFrame(before: .now.advanced(by: limit)), "no message within \(limit)")
        try #require(frame.opcode == 1, "\(frame)")
        return try jsonObject(frame.text)
    }

    /// Reads the snapshot.
    func snapshot() throws -> [String: Any] {
        let message = try message()
        try #require(message["type"] as? String == "snapshot")
        return message
    }

    /// Events up to the one that `isLast` picks; each has its place, and places grow.
    func events(until isLast: ([String: Any]) -> Bool) throws -> [[String: Any]] {
        var events: [[String: Any]] = []
        while true {
            let message = try message()
            try #require(message["type"] as? String == "events")
            for event in try #require(message["events"] as? [[String: Any]]) {
                let position = try #require(event["position"] as? Int)
                if let last = events.last?["position"] as? Int { #expect(position > last) }
                events.append(event)
            }
            if let last = events.last, isLast(last) { return events }
        }
    }
}
