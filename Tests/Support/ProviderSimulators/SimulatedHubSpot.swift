internal import Foundation
internal import Synchronization

/// HubSpot's objects API for the integration tests: contacts, calls, searches and associations.
///
/// Source: HubSpot's documentation of calls, search, associations and error handling, as of 2026-11.
package final class SimulatedHubSpot: Sendable {
    fileprivate struct State {
        var contacts: [String: [String: String]] = [:]
        var calls: [String: [String: String]] = [:]
        var associations: Set<String> = []
        var nextID = 500
        var limited = 0
        var cutsAfterCall = false
        var paths: [String] = []
        var delay = Duration.zero
        var brokenStatus: Int?
    }

    private let state = Mutex(State())
    private let token: String
    private let server = Mutex<SimulatedServer?>(nil)

    package var url: String { "http://127.0.0.1:\(server.withLock { $0?.port ?? 0 })" }
    package var contacts: [String: [String: String]] { state.withLock { $0.contacts } }
    package var calls: [String: [String: String]] { state.withLock { $0.calls } }
    /// As `CALL-CONTACT`.
    package var associations: Set<String> { state.withLock { $0.associations } }
    package var paths: [String] { state.withLock { $0.paths } }

    /// So many requests are answered with 429 first.
    package func limit(_ count: Int) { state.withLock { $0.limited = count } }
    /// The next call is made, and the connection cut before anybody is told.
    package func cutAfterNextCall() { state.withLock { $0.cutsAfterCall = true } }

    package func addContact(phone: String) -> String { addContact(["phone": phone]) }

    package func addContact(_ properties: [String: String]) -> String {
        state.withLock { $0.add(properties, to: \.contacts) }
    }

    /// Every answer comes so much later from now on.
    package func delay(_ delay: Duration) { state.withLock { $0.delay = delay } }
    /// Every request is answered with this status from now on, or as it should be.
    package func breakDown(_ status: Int?) { state.withLock { $0.brokenStatus = status } }

    package init(token: String) async throws {
        self.token = token
        let server = try await SimulatedServer(http: { [weak self] request, exchange in
            let delay = self?.state.withLock { $0.delay } ?? .zero
            if delay > .zero { try await Task.sleep(for: delay) }
            let (status, body) = self?.answer(request) ?? (500, [:])
            guard status != 0 else { return await exchange.abort() }
            let headers = [("Content-Type", "application/json")]
            try await exchange.answer(
                status: status, headers: status == 429 ? headers + [("Retry-After", "1")] : headers,
                body: SimulatedJSON.text(body))
        })
        self.server.withLock { $0 = server }
    }

    package func stop() async { await server.withLock { $0 }?.stop() }

    /// - Returns: status 0 cuts the connection.
    private func answer(_ request: SimulatedRequest) -> (Int, [String: Any]) {
        state.withLock { state in
            state.paths.append("\(request.method) \(request.path)")
            guard request.header("Authorization") == "Bearer " + token else {
                return (401, ["status": "error", "category": "INVALID_AUTHENTICATION"])
            }
            if state.limited > 0 {
                state.limited -= 1
                return (429, ["status": "error", "errorType": "RATE_LIMIT"])
            }
            if let status = state.brokenStatus { return (status, ["status": "error"]) }
            let body = SimulatedJSON.object(request.body) ?? [:]
            switch (request.method, request.path) {
            case ("POST", "/crm/v3/objects/contacts/search"):
                return (200, State.search(state.contacts, body))
            case ("POST", "/crm/v3/objects/calls/search"):
                return (200, State.search(state.calls, body))
            case ("POST", "/crm/v3/objects/contacts"):
                return (201, ["id": state.add(State.properties(body), to: \.contacts)])
            case ("POST", "/crm/v3/objects/calls"):
                guard State.properties(body)["hs_timestamp"] != nil else {
                    return (400, ["status": "error", "category": "VALIDATION_ERROR"])
                }
                let id = state.add(State.properties(body), to: \.calls)
                defer { state.cutsAfterCall = false }
                return state.cutsAfterCall ? (0, [:]) : (201, ["id": id])
            default:
                let parts = request.path.split(separator: "/").map(String.init)
                if request.method == "GET", parts.count == 5, parts[3] == "contacts",
                    let contact = state.contacts[parts[4]]
                {
                    let names = request.query("properties").first?.split(separator: ",") ?? []
                    let wanted = contact.filter { names.contains(Substring($0.key)) }
                    return (200, ["id": parts[4], "properties": wanted])
                }
                guard request.method == "PUT", parts.count == 9, parts[5] == "associations" else {
                    return (404, ["status": "error", "category": "OBJECT_NOT_FOUND"])
                }
                state.associations.insert("\(parts[4])-\(parts[8])")
                return (200, ["status": "COMPLETE"])
            }
        }
    }
}

extension SimulatedHubSpot.State {
    fileprivate mutating func add(
        _ properties: [String: String],
        to objects: WritableKeyPath<Self, [String: [String: String]]>
    ) -> String {
        nextID += 1
        self[keyPath: objects]["\(nextID)"] = properties
        return "\(nextID)"
    }

    fileprivate static func properties(_ body: [String: Any]) -> [String: String] {
        body["properties"] as? [String: String] ?? [:]
    }

    /// Filters of a group are AND, groups are OR.
    fileprivate static func search(
        _ objects: [String: [String: String]], _ body: [String: Any]
    ) -> [String: Any] {
        let groups = body["filterGroups"] as? [[String: Any]] ?? []
        let found = objects.filter { _, properties in
            groups.contains { group in
                (group["filters"] as? [[String: String]] ?? []).allSatisfy { filter in
                    let value = filter["value"] ?? ""
                    let name = filter["propertyName"] ?? ""
                    guard filter["operator"] == "CONTAINS_TOKEN" else {
                        return properties[name] == value
                    }
                    // The calculated property: digits of the phone.
                    let digits = (properties["phone"] ?? "").filter(\.isWholeNumber)
                    return digits.hasSuffix(value.drop { $0 == "*" })
                }
            }
        }
        let names = body["properties"] as? [String] ?? []
        return [
            "total": found.count,
            "results": found.map { id, properties in
                let wanted = properties.filter { names.contains($0.key) }
                return ["id": id, "properties": wanted] as [String: Any]
            },
        ]
    }
}
