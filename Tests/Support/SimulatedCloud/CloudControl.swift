internal import Foundation
internal import ProviderSimulators

/// The port over which the simulated cloud is told what is to go wrong, and tells what it saw.
///
/// `POST /fault` takes a `FaultOrder`, `POST /reset` ends all faults and empties the log,
/// `GET /log` gives it.
struct CloudControl: Sendable {
    let listeners: [CloudService: CloudListener]
    let parts: CloudParts

    /// - Throws: when the port cannot be bound.
    func serve(port: Int) async throws -> SimulatedServer {
        try await SimulatedServer(
            port: port,
            http: { request, exchange in
                switch (request.method, request.path) {
                case ("POST", "/fault"):
                    do {
                        let order = try JSONDecoder().decode(
                            FaultOrder.self, from: Data(request.body))
                        await take(order)
                        try await exchange.answer(json: "{}")
                    } catch let error as DecodingError {
                        try await exchange.answer(status: 400, body: "\(error)\n")
                    }
                case ("POST", "/reset"):
                    parts.board.clear()
                    for listener in listeners.values { await listener.comeBack() }
                    parts.log.clear()
                    try await exchange.answer(json: "{}")
                case ("GET", "/log"): try await exchange.answer(json: parts.log.json)
                default:
                    try await exchange.answer(
                        status: 404, body: "POST /fault, POST /reset or GET /log\n")
                }
            })
    }

    private func take(_ order: FaultOrder) async {
        let listener = listeners[order.provider]
        switch order.kind {
        case .refused:
            parts.log.note(order.provider, "fault", order.kind.rawValue)
            let seconds = order.seconds ?? 1
            await listener?.goAway(for: seconds > 0 ? .seconds(seconds) : nil)
        case .cut:
            parts.log.note(order.provider, "fault", order.kind.rawValue)
            await listener?.goAway(for: .zero)
        case .unauthorised, .rateLimited, .serverError, .overloaded, .stallBeforeFirst,
            .stallMidStream, .garbage, .closeMidWord, .halfClosed:
            parts.board.add(order)
            if order.cut == true { await listener?.goAway(for: .zero) }
        }
    }
}

extension SimulatedExchange {
    fileprivate func answer(json: String) async throws {
        try await answer(
            status: 200, headers: [("Content-Type", "application/json")], body: json)
    }
}
