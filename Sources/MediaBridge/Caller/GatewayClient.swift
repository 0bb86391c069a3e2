internal import Events
internal import Foundation
internal import FoundationNetworking

/// Asks a gateway's control API about a call: its events while it lasts, its turns at the end.
struct GatewayClient: Sendable {
    /// `http://127.0.0.1:8080`.
    let base: URL

    struct EventPage: Decodable, Sendable {
        let events: [CallEvent]
        let next: Int
        let ended: Bool
    }

    struct CallDetail: Decodable, Sendable {
        let turns: [TurnRecord]
    }

    /// Events after `seq`, waiting for one up to ten seconds; `nil` when there is no such API.
    func events(of callID: String, after seq: Int) async -> EventPage? {
        await get("api/v1/calls/\(callID)/events?after=\(seq)&wait_ms=10000")
    }

    /// The call's turns; `nil` when the gateway does not tell.
    func turns(of callID: String) async -> [TurnRecord]? {
        let detail: CallDetail? = await get("api/v1/calls/\(callID)")
        return detail?.turns
    }

    private func get<Answer: Decodable>(_ path: String) async -> Answer? {
        guard let url = URL(string: path, relativeTo: base.appendingPathComponent("/")),
            let (body, response) = try? await URLSession.shared.data(from: url),
            (response as? HTTPURLResponse)?.statusCode == 200
        else { return nil }
        return try? JSONDecoder().decode(Answer.self, from: body)
    }
}
