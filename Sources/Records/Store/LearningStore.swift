package import Foundation

/// Search terms that mean other terms, learned from calls.
package protocol LearningStore: Sendable {
    /// Keeps a mapping and puts it in force.
    ///
    /// - Throws: `conflict` when the term has an active mapping.
    func add(_ mapping: NewMapping, at now: Date) async throws(RecordStoreError)
        -> SearchTermMapping
    /// The latest first; `activeOnly` leaves out those that were rejected.
    func mappings(activeOnly: Bool, page: PageRequest) async throws(RecordStoreError)
        -> RecordPage<SearchTermMapping>
    /// The one in force for a term; case and surrounding blanks do not matter.
    func activeMapping(of term: String) async throws(RecordStoreError) -> SearchTermMapping?
    /// Counts a use; the confidence of an unreviewed one follows its successes.
    func used(mapping id: String, successfully: Bool, at now: Date) async throws(RecordStoreError)
        -> Bool
    /// A human's verdict: approved ones are trusted, others are out of force; `nil` for an unknown.
    func review(mapping id: String, approved: Bool, by reviewer: String, at now: Date)
        async throws(RecordStoreError) -> SearchTermMapping?
}

package struct NewMapping: Equatable, Sendable {
    package var searchTerm: String
    package var mappedTerms: [String]
    package var source: MappingSource
    package var learnedFromCallID: String?
    /// 0 to 1.
    package var confidence = 0.5

    package init(
        searchTerm: String, mappedTerms: [String], source: MappingSource,
        learnedFromCallID: String? = nil
    ) {
        self.searchTerm = searchTerm
        self.mappedTerms = mappedTerms
        self.source = source
        self.learnedFromCallID = learnedFromCallID
    }
}

package enum MappingSource: String, Sendable, Codable, CaseIterable {
    case manual
    case autoLearned = "auto_learned"
    case aiSuggested = "ai_suggested"
}

package struct SearchTermMapping: Equatable, Sendable, Encodable {
    package var id: String
    package var searchTerm: String
    package var mappedTerms: [String]
    package var source: MappingSource
    package var learnedFromCallID: String?
    /// 0 to 1.
    package var confidence: Double
    package var timesUsed: Int
    package var timesSuccessful: Int
    package var isActive: Bool
    package var reviewedBy: String?
    package var reviewedAt: String?
    package var createdAt: String
    package var updatedAt: String

    private enum CodingKeys: String, CodingKey {
        case id
        case searchTerm = "search_term"
        case mappedTerms = "mapped_terms"
        case source
        case learnedFromCallID = "learned_from_call_id"
        case confidence = "confidence_score"
        case timesUsed = "times_used"
        case timesSuccessful = "times_successful"
        case isActive = "is_active"
        case reviewedBy = "reviewed_by"
        case reviewedAt = "reviewed_at"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}
