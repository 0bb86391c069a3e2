package import Foundation
internal import GRDB

extension SQLiteStore {
    package func add(
        _ mapping: NewMapping, at now: Date
    ) async throws(RecordStoreError) -> SearchTermMapping {
        let id = UUID().uuidString.lowercased()
        let term = Self.normal(mapping.searchTerm)
        return try await write { database in
            let isTaken = try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM search_term_mappings WHERE search_term = ? AND is_active)
                    """, arguments: [term])
            if isTaken == true {
                throw RecordStoreError.conflict(
                    reason: "the term has an active mapping; review or reject that one first")
            }
            try database.execute(
                sql: """
                    INSERT INTO search_term_mappings (
                        id, search_term, mapped_terms, source, learned_from_call_id,
                        confidence_score, created_at, updated_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, term, try JSONText.encode(mapping.mappedTerms), mapping.source.rawValue,
                    mapping.learnedFromCallID, mapping.confidence, now.recordText, now.recordText,
                ])
            return try Self.mapping(id, in: database)
        }.unwrapped("search_term_mappings")
    }

    package func mappings(
        activeOnly: Bool, page: PageRequest
    ) async throws(RecordStoreError) -> RecordPage<SearchTermMapping> {
        var query = PagedQuery(time: "created_at", page)
        query.add("is_active = CAST(:active AS INTEGER)", "active", activeOnly ? "1" : nil)
        return try await self.page(of: "search_term_mappings", query, SearchTermMapping.init(row:))
    }

    package func activeMapping(
        of term: String
    ) async throws(RecordStoreError) -> SearchTermMapping? {
        try await read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT * FROM search_term_mappings WHERE search_term = ? AND is_active",
                arguments: [Self.normal(term)]
            ).map(SearchTermMapping.init(row:))
        }
    }

    package func used(
        mapping id: String, successfully: Bool, at now: Date
    ) async throws(RecordStoreError) -> Bool {
        try await write { database in
            // Laplace's rule of succession: 0.5 before the first use, then towards the share.
            try database.execute(
                sql: """
                    UPDATE search_term_mappings SET
                        times_used = times_used + 1,
                        times_successful = times_successful + :success,
                        confidence_score = CASE WHEN reviewed_at IS NULL
                            THEN (times_successful + :success + 1.0) / (times_used + 3.0)
                            ELSE confidence_score END,
                        updated_at = :now
                    WHERE id = :id
                    """,
                arguments: ["success": successfully ? 1 : 0, "now": now.recordText, "id": id])
            return database.changesCount > 0
        }
    }

    package func review(
        mapping id: String, approved: Bool, by reviewer: String, at now: Date
    ) async throws(RecordStoreError) -> SearchTermMapping? {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE search_term_mappings SET is_active = :approved,
                        confidence_score = CASE WHEN :approved THEN 1 ELSE 0 END,
                        reviewed_by = :reviewer, reviewed_at = :now, updated_at = :now
                    WHERE id = :id
                    """,
                arguments: [
                    "approved": approved, "reviewer": reviewer, "now": now.recordText, "id": id,
                ])
            return try Self.mapping(id, in: database)
        }
    }

    /// Terms are compared without case and surrounding blanks.
    static func normal(_ term: String) -> String {
        term.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
    }

    private static func mapping(_ id: String, in database: Database) throws -> SearchTermMapping? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM search_term_mappings WHERE id = ?", arguments: [id]
        ).map(SearchTermMapping.init(row:))
    }
}

extension SearchTermMapping {
    init(row: Row) throws {
        id = row["id"]
        searchTerm = row["search_term"]
        mappedTerms = try JSONText.decode([String].self, from: row["mapped_terms"])
        source = try row.choice("source")
        learnedFromCallID = row["learned_from_call_id"]
        confidence = row["confidence_score"]
        timesUsed = row["times_used"]
        timesSuccessful = row["times_successful"]
        isActive = row["is_active"]
        reviewedBy = row["reviewed_by"]
        reviewedAt = row["reviewed_at"]
        createdAt = row["created_at"]
        updatedAt = row["updated_at"]
    }
}
