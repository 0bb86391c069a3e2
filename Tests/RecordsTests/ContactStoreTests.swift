import Foundation
import GRDB
import Records
import Testing

/// What is kept of people, and how it goes.
@Suite struct ContactStoreTests {
    private static let number = "+34600111222"

    private func lookup(_ source: String, _ name: String?, at time: Date) -> ContactLookup {
        ContactLookup(
            source: source, facts: name.map { ContactFacts(externalID: "7", name: $0) },
            fetched: time)
    }

    @Test func answersStayWithTheirSourceAndTime() async throws {
        try await withStore { store, _ in
            var contact = Contact(id: "k", phoneNumber: Self.number)
            contact.name = "Ana"
            contact.source = "hubspot"
            try await store.keep(
                [lookup("hubspot", "Ana", at: moment()), lookup("shopify", nil, at: moment())],
                of: Self.number, contact: contact, at: moment())
            try await store.keep(
                [lookup("shopify", "Ana R.", at: moment(9))], of: Self.number, contact: nil,
                at: moment(9))
            let kept = try await store.contactLookups(of: Self.number)
            #expect(kept.contact == contact)
            #expect(
                Set(kept.lookups.map { "\($0.source) \($0.facts?.name ?? "-")" })
                    == ["hubspot Ana", "shopify Ana R."])
            #expect(
                kept.lookups.first { $0.source == "shopify" }?.fetched == moment(9))
            #expect(try await store.contact(id: "k") == contact)
            #expect(try await store.contactLookups(of: "+1").lookups.isEmpty)
        }
    }

    @Test func conversationsNameTheirContact() async throws {
        try await withStore { store, _ in
            try await store.keep(Contact(id: "k", phoneNumber: Self.number), at: moment())
            _ = try await store.append([call("known", [begun("CA1")])], at: moment())
            #expect(try await store.conversation("known")?.userID == "k")
            // Whoever becomes known in the call is named at its end; the other side of ours, too.
            _ = try await store.append(
                [
                    call("late", [begun("CA2", from: "+34600333444")]),
                    call(
                        "ours",
                        [begun("CA3", from: "+34910000000", to: Self.number, direction: "outbound")]
                    ),
                ], at: moment())
            #expect(try await store.conversation("late")?.userID == nil)
            #expect(try await store.conversation("ours")?.userID == "k")
            try await store.keep(Contact(id: "l", phoneNumber: "+34600333444"), at: moment())
            _ = try await store.append([call("late", [over(at: 5)])], at: moment())
            #expect(try await store.conversation("late")?.userID == "l")
        }
    }

    @Test func aForgottenContactLeavesNothing() async throws {
        try await withStore { store, path in
            try await store.keep(
                [lookup("hubspot", "Ana", at: moment())], of: Self.number,
                contact: Contact(id: "k", phoneNumber: Self.number), at: moment())
            try await store.add(
                Memory(id: "m", contactID: "k", kind: "summary", content: "x", created: moment()))
            _ = try await store.append([call("a", [begun("CA1"), over(at: 5)])], at: moment())
            #expect(try await store.forgetContact(number: Self.number))
            #expect(try await store.forgetContact(number: Self.number) == false)
            let kept = try await store.contactLookups(of: Self.number)
            #expect(kept.contact == nil && kept.lookups.isEmpty)
            #expect(try await store.conversation("a")?.userID == nil)
            let memories = try sql(path) {
                try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM memories")
            }
            #expect(memories == 0)
        }
    }

    @Test func answersAndContactsAge() async throws {
        try await withStore { store, _ in
            var theirs = Contact(id: "k", phoneNumber: Self.number)
            theirs.source = "shopify"
            try await store.keep(
                [lookup("shopify", "Ana", at: moment())], of: Self.number, contact: theirs,
                at: moment())
            try await store.keep(Contact(id: "own", phoneNumber: "+34600333444"), at: moment())
            var policy = RetentionPolicy()
            #expect(try await store.purge(policy, at: moment(6 * day)) == 0)
            #expect(try await store.purge(policy, at: moment(8 * day)) == 1)
            #expect(try await store.purge(policy, at: moment(900 * day)) == 0)
            policy.contactDays = 30
            #expect(try await store.purge(policy, at: moment(29 * day)) == 0)
            #expect(try await store.purge(policy, at: moment(31 * day)) == 1)
            // What somebody put into our own records is theirs to delete.
            #expect(try await store.contact(id: "own") != nil)
        }
    }
}
