internal import Foundation
internal import GRDB

/// The conditions of a list, the latest first, and where its page begins.
///
/// A page begins after the last record of the one before, by time and id, so that records which come
/// or go meanwhile neither repeat nor hide any.
struct PagedQuery: Sendable {
    let time: String
    let limit: Int
    private(set) var conditions = ["1"]
    private(set) var values: [String: String] = [:]

    /// Begins with the page alone; `time` is the column of the time, which is text.
    init(time: String, _ page: PageRequest) {
        self.time = time
        limit = page.limit
        guard let (last, id) = Self.place(of: page.cursor) else { return }
        conditions.append("(\(time), id) < (:lastTime, :lastID)")
        values["lastTime"] = last
        values["lastID"] = id
    }

    /// Adds a condition on a value; `nil` matches everything.
    mutating func add(_ condition: String, _ name: String, _ value: String?) {
        guard let value else { return }
        conditions.append(condition)
        values[name] = value
    }

    static func cursor(time: String, id: String) -> String {
        Data("\(time)|\(id)".utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func place(of cursor: String?) -> (time: String, id: String)? {
        guard let cursor else { return nil }
        let padding = String(repeating: "=", count: (4 - cursor.utf8.count % 4) % 4)
        let base64 = cursor.replacing("-", with: "+").replacing("_", with: "/") + padding
        guard let octets = Data(base64Encoded: base64) else { return nil }
        let parts = String(decoding: octets, as: UTF8.self)
            .split(separator: "|", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
}

extension SQLiteStore {
    /// A key as text; comparing turns it back into what the column holds.
    private static func key(of row: Row) -> String {
        let value: DatabaseValue = row["id"]
        return Int64.fromDatabaseValue(value).map(String.init)
            ?? String.fromDatabaseValue(value) ?? ""
    }

    /// One page of a table whose key is `id`.
    func page<Record: Sendable>(
        of table: String, _ query: PagedQuery,
        _ record: @escaping @Sendable (Row) throws -> Record
    ) async throws(RecordStoreError) -> RecordPage<Record> {
        try await read { database in
            // One more than asked for tells whether there is a next page.
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM \(table) WHERE \(query.conditions.joined(separator: " AND "))
                    ORDER BY \(query.time) DESC, id DESC LIMIT \(query.limit + 1)
                    """, arguments: StatementArguments(query.values))
            let shown = rows.prefix(query.limit)
            let next = rows.count > query.limit ? shown.last : nil
            return RecordPage(
                records: try shown.map(record),
                next: next.map { PagedQuery.cursor(time: $0[query.time], id: Self.key(of: $0)) })
        }
    }
}
