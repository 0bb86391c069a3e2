import Foundation
import GRDB
import Records
import Testing

private func key(_ id: String, _ role: AccessRole = .viewer, name: String = "n") -> NewAPIKey {
    NewAPIKey(id: id, name: name, role: role, digest: Data(id.utf8))
}

@Test func keysAreKeptAndRevokedOnce() async throws {
    try await withStore { store, _ in
        let made = try await store.add(key("a", .operator, name: "Ana's desk"), at: moment())
        #expect(made.role == .operator)
        #expect(made.digest == Data("a".utf8))
        #expect(made.revoked == nil)
        _ = try await store.add(key("b"), at: moment(1))
        #expect(try await store.apiKeys().map(\.id) == ["a", "b"])

        #expect(try await store.revokeAPIKey("a", at: moment(5))?.revoked == moment(5))
        #expect(try await store.revokeAPIKey("a", at: moment(9))?.revoked == moment(5))
        #expect(try await store.revokeAPIKey("c", at: moment(9)) == nil)
        #expect(try await store.apiKeys().map(\.revoked) == [moment(5), nil])
        await #expect(throws: RecordStoreError.self) {
            try await store.add(key("a"), at: moment(10))
        }
    }
}

/// A command may use the file while a gateway has it.
@Test func aRunningGatewaysFileIsShared() async throws {
    try await withStore { store, path in
        var configuration = SQLiteStore.Configuration(.file(path))
        configuration.isShared = true
        let visitor = try SQLiteStore(configuration)
        _ = try await visitor.add(key("a"), at: moment())
        try await visitor.close()
        #expect(try await store.apiKeys().map(\.id) == ["a"])
        // The gateway's lock outlives the visit.
        #expect(throws: RecordStoreError.inUse(place: path)) {
            try SQLiteStore(.init(.file(path)))
        }
    }
}

@Test func actionsAreReadBackInPagesAndGoAfterAYear() async throws {
    try await withStore { store, _ in
        let actions = (0..<5).map { number in
            AuditEntry(
                time: moment(Double(number)), actor: "key:a", role: .admin,
                action: "POST /x/:id", target: number == 0 ? nil : "c\(number)", status: 200,
                requestID: "r\(number)")
        }
        try await store.add(actions)
        let first = try await store.auditEntries(page: PageRequest(limit: 3))
        #expect(first.records.map(\.requestID) == ["r4", "r3", "r2"])
        let rest = try await store.auditEntries(page: PageRequest(limit: 3, cursor: first.next))
        #expect(rest.records.map(\.target) == ["c1", nil])
        #expect(rest.next == nil)
        #expect(try await store.purge(RetentionPolicy(), at: moment(364 * day)) == 0)
        #expect(try await store.purge(RetentionPolicy(), at: moment(366 * day)) == 5)
    }
}
