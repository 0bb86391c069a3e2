/// A part of a list, the latest first.
package struct RecordPage<Record: Sendable>: Sendable {
    package var records: [Record]
    /// The `cursor` of the next request; `nil` at the end of the list.
    package var next: String?

    package init(records: [Record], next: String?) {
        self.records = records
        self.next = next
    }
}

extension RecordPage: Equatable where Record: Equatable {}

/// Which part of a list is wanted.
package struct PageRequest: Equatable, Sendable {
    /// Records at most, 1 to 1,000.
    package let limit: Int
    /// As the page before gave it; `nil` begins, and so does an unknown one.
    package let cursor: String?

    package init(limit: Int = 100, cursor: String? = nil) {
        self.limit = min(max(limit, 1), 1_000)
        self.cursor = cursor
    }
}
