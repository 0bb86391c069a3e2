internal import Foundation

/// People in a table of Supabase (PostgREST; protocols/crm.md §3.1).
package struct SupabaseContacts: ContactSource {
    package struct Settings: Equatable, Sendable {
        package var table = "contacts"
        /// The column with the numbers, as E.164 or its digits.
        package var phoneColumn = "phone_number"
        package var nameColumn = "name"
        package var idColumn = "id"
        package var fields: [ContactField] = []

        package init() {}
    }

    package let name = "supabase"
    package let advice = "check SUPABASE_URL, SUPABASE_SERVICE_KEY and supabase.contactTable"
    private let connection: CRMConnection
    private let settings: Settings

    package init(_ connection: CRMConnection, settings: Settings = Settings()) {
        self.connection = connection
        self.settings = settings
    }

    package func person(
        with number: CallerNumber
    ) async throws(ContactSourceError) -> ContactFacts? {
        let forms = [number.text, String(number.text.dropFirst())]
        let rows = try await rows(settings.phoneColumn, among: forms)
        return number.owner(among: rows) { row in
            [row[settings.phoneColumn]?.words].compactMap(\.self)
        }.map(facts)
    }

    package func person(
        called id: String
    ) async throws(ContactSourceError) -> ContactFacts? {
        guard !id.isEmpty, id.count <= 100 else { return nil }
        do throws(ContactSourceError) {
            let rows = try await rows(settings.idColumn, among: [id])
            return rows.count == 1 ? facts(rows[0]) : nil
        } catch {
            // A text that the column's type has no value for is nobody's id.
            if error == .failed(reason: "it answered 400") { return nil }
            throw error
        }
    }

    private func rows(
        _ column: String, among values: [String]
    ) async throws(ContactSourceError) -> [JSONTree] {
        let columns =
            [settings.idColumn, settings.phoneColumn, settings.nameColumn]
            + settings.fields.map(\.source)
        var unique: [String] = []
        for column in columns where !unique.contains(column) { unique.append(column) }
        let listed = values.map { "\"" + $0.filter { $0 != "\"" && $0 != "\\" } + "\"" }
        let filter = "in.(\(listed.joined(separator: ",")))"
        let answer = try await connection.look(
            "GET",
            "/\(settings.table)?select=\(unique.joined(separator: ","))"
                + "&\(column)=\(filter.queryValue)&limit=3")
        guard answer.isSuccess else { throw ContactSourceError(answer) }
        guard let rows = JSONTree(parsing: answer.body)?.list else {
            throw .failed(reason: "it answered no rows")
        }
        return rows
    }

    private func facts(_ row: JSONTree) -> ContactFacts {
        ContactFacts(
            externalID: row[settings.idColumn]?.words, name: row[settings.nameColumn]?.text,
            fields: settings.fields.values { row[$0]?.words })
    }
}

extension String {
    /// As the value of a parameter of a URL.
    var queryValue: String {
        let plain = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "!"..."~"))
            .union(CharacterSet(charactersIn: "-._~"))
        return addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}
