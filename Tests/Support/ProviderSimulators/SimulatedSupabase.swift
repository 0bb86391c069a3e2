internal import Foundation
internal import Synchronization

/// Supabase's PostgREST for the integration tests: upserts into tables by their `id`.
///
/// Source: PostgREST's documentation of upserts, and Supabase's of keys, as of 2026-11.
package final class SimulatedSupabase: Sendable {
    private struct State {
        var tables: [String: [String: String]] = [:]
        var requests = 0
        var fails = false
    }

    private let state = Mutex(State())
    private let key: String
    private let server = Mutex<SimulatedServer?>(nil)

    package var url: String { "http://127.0.0.1:\(server.withLock { $0?.port ?? 0 })" }
    package var requests: Int { state.withLock { $0.requests } }

    /// The rows of a table as JSON objects, by id.
    package func rows(of table: String) -> [String: String] {
        state.withLock { $0.tables[table] ?? [:] }
    }

    /// From now on every request is answered with 503, or none.
    package func setFailing(_ fails: Bool) { state.withLock { $0.fails = fails } }

    package init(key: String) async throws {
        self.key = key
        let server = try await SimulatedServer(http: { [weak self] request, exchange in
            let (status, body) = self?.answer(request) ?? (500, "")
            try await exchange.answer(
                status: status, headers: [("Content-Type", "application/json")], body: body)
        })
        self.server.withLock { $0 = server }
    }

    /// Puts a row into a table.
    package func insert(_ row: [String: String], id: String, into table: String) {
        var members: [String: Any] = row
        members["id"] = id
        let text = SimulatedJSON.text(members)
        state.withLock { $0.tables[table, default: [:]][id] = text }
    }

    package func stop() async { await server.withLock { $0 }?.stop() }

    /// Rows one of whose columns has one of some values: `column=in.("a","b")`.
    private static func read(
        _ request: SimulatedRequest, _ tables: [String: [String: String]]
    ) -> (Int, String) {
        let table = String(request.path.dropFirst("/rest/v1/".count))
        guard let rows = tables[table] else {
            return (404, #"{"code":"PGRST205","message":"unknown table"}"#)
        }
        let columns = request.query("select").first?.split(separator: ",").map(String.init) ?? []
        var found: [String] = []
        for row in rows.values.map({ SimulatedJSON.object($0) }) {
            if let column = columns.first(where: { row[$0] == nil }) {
                return (400, #"{"code":"42703","message":"column \#(column) does not exist"}"#)
            }
            let isMeant = columns.contains { column in
                guard let filter = request.query(column).first, filter.hasPrefix("in.(") else {
                    return false
                }
                let values = filter.dropFirst(4).dropLast().split(separator: ",").map {
                    String($0.dropFirst().dropLast())
                }
                return values.contains(row[column] as? String ?? "")
            }
            if isMeant { found.append(SimulatedJSON.text(row.filter { columns.contains($0.key) })) }
        }
        return (200, "[" + found.joined(separator: ",") + "]")
    }

    private func answer(_ request: SimulatedRequest) -> (Int, String) {
        state.withLock { state in
            state.requests += 1
            if state.fails { return (503, #"{"code":"PGRST001","message":"no connection"}"#) }
            guard request.header("apikey") == key, request.header("Authorization") == nil,
                request.header("User-Agent")?.contains("Mozilla") == false
            else { return (401, #"{"message":"Invalid API key"}"#) }
            if request.method == "GET" { return Self.read(request, state.tables) }
            guard request.method == "POST", request.path.hasPrefix("/rest/v1/"),
                request.query("on_conflict") == ["id"],
                request.header("Prefer")?.contains("resolution=merge-duplicates") == true
            else { return (400, #"{"code":"PGRST100","message":"unexpected request"}"#) }
            let value = try? JSONSerialization.jsonObject(with: Data(request.body))
            guard let rows = value as? [[String: Any]], let first = rows.first else {
                return (400, #"{"code":"PGRST102","message":"bad JSON"}"#)
            }
            // All objects of an array have the same keys, and no key comes twice in a command.
            let ids = rows.compactMap { $0["id"] as? String }
            guard rows.allSatisfy({ Set($0.keys) == Set(first.keys) }) else {
                return (400, #"{"code":"PGRST102","message":"All object keys must match"}"#)
            }
            guard ids.count == rows.count, Set(ids).count == ids.count else {
                return (500, #"{"code":"21000","message":"affects row a second time"}"#)
            }
            let table = String(request.path.dropFirst("/rest/v1/".count))
            for (id, row) in zip(ids, rows) {
                state.tables[table, default: [:]][id] = SimulatedJSON.text(row)
            }
            return (201, "")
        }
    }
}
