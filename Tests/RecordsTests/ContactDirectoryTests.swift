import Foundation
import Records
import Synchronization
import Testing

/// Who calls, by sources that answer, fail and are slow.
@Suite struct ContactDirectoryTests {
    private static let number = "+34600111222"
    private let time = WallClock()
    private static let ana = ContactFacts(
        externalID: "7", name: "Ana Ruiz", fields: ["plan": "gold"])

    private func makeDirectory(
        _ store: any RecordStore, _ sources: [ScriptedSource],
        adjust: (inout ContactDirectory.Settings) -> Void = { _ in },
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) -> ContactDirectory {
        var settings = ContactDirectory.Settings()
        adjust(&settings)
        return ContactDirectory(
            store: store, sources: sources, settings: settings, now: { [time] in time.now },
            report: report)
    }

    private func pass(_ seconds: Double) { time.pass(seconds) }

    /// All that is known in the end.
    private func known(_ directory: ContactDirectory) async throws -> KnownCaller? {
        let number = try #require(CallerNumber(Self.number))
        var latest: KnownCaller?
        for await known in await directory.caller(number) { latest = known }
        // What was learnt is written once nobody waits for it.
        await directory.settle()
        return latest
    }

    @Test func anAnswerIsGoodForADayAcrossRestarts() async throws {
        try await withDatabasePath { path in
            let source = ScriptedSource("crm", .success(Self.ana))
            var id: String?
            for (pause, asked) in [(0.0, 1), (86_399, 1), (2, 2)] {
                pass(pause)
                let store = try SQLiteStore(.init(.file(path)))
                let caller = try #require(try await known(makeDirectory(store, [source])))
                #expect(caller.facts == Self.ana)
                #expect(source.asked.count == asked)
                id = id ?? caller.contactID
                #expect(id != nil && caller.contactID == id)
                let contact = try #require(try await store.contact(number: Self.number))
                #expect(contact.id == id)
                #expect(contact.name == "Ana Ruiz")
                #expect(contact.source == "crm")
                #expect(contact.externalIDs == ["crm": "7"])
                #expect(contact.attributes == ["plan": "gold"])
                try await store.close()
            }
        }
    }

    @Test func thatNobodyIsKnownIsGoodForAWhile() async throws {
        try await withStore { store, _ in
            let source = ScriptedSource("crm", .success(nil))
            let directory = makeDirectory(store, [source])
            let stranger = try await known(directory)
            #expect(stranger == nil)
            pass(599)
            let again = try await known(directory)
            #expect(again == nil)
            #expect(source.asked.count == 1)
            pass(1)
            source.answer(.success(Self.ana))
            let name = try await known(directory)?.facts.name
            #expect(name == "Ana Ruiz")
            #expect(source.asked == [Self.number, Self.number])
            let kept = try await store.contact(number: Self.number)?.name
            #expect(kept == "Ana Ruiz")
            #expect(await directory.counts["crm"]?[.unknown] == 1)
            #expect(await directory.counts["crm"]?[.kept] == 1)
        }
    }

    @Test func whatIsKnownIsToldBeforeAllHaveAnswered() async throws {
        try await withStore { store, _ in
            let slow = ScriptedSource(
                "slow", .success(ContactFacts(name: "A. Ruiz", fields: ["skin_type": "Seca"])),
                waits: true)
            let directory = makeDirectory(store, [slow, ScriptedSource("crm", .success(Self.ana))])
            let number = try #require(CallerNumber(Self.number))
            var callers = await directory.caller(number).makeAsyncIterator()
            #expect(await callers.next()?.facts.name == "Ana Ruiz")
            // Whoever asks meanwhile joins, and hears what is known by now.
            var others = await directory.caller(number).makeAsyncIterator()
            #expect(await others.next()?.facts.fields == ["plan": "gold"])
            slow.open()
            var latest: KnownCaller?
            while let next = await callers.next() { latest = next }
            // The most trusted source wins, and every field is there.
            #expect(latest?.facts.name == "A. Ruiz")
            #expect(latest?.facts.fields == ["plan": "gold", "skin_type": "Seca"])
            while let next = await others.next() { latest = next }
            #expect(latest?.facts.name == "A. Ruiz")
            #expect(slow.asked.count == 1)
        }
    }

    @Test(arguments: [
        ContactSourceError.refused(status: 401), .limited(wait: .seconds(5)), .timedOut,
        .failed(reason: "garbage"),
    ])
    func aSourceThatFailsCostsNothingElse(failure: ContactSourceError) async throws {
        try await withStore { store, _ in
            let broken = ScriptedSource("broken", .failure(failure))
            let directory = makeDirectory(
                store, [broken, ScriptedSource("crm", .success(Self.ana))])
            let first = try await known(directory)?.facts
            #expect(first == Self.ana)
            let second = try await known(directory)?.facts
            #expect(second == Self.ana)
            let counts = await directory.counts
            #expect(counts["crm"] == [.found: 1, .kept: 1])
            // Asked again while it may answer; left alone where it said so.
            let isLeftAlone: Bool =
                switch failure {
                case .refused, .limited: true
                default: false
                }
            #expect(broken.asked.count == (isLeftAlone ? 1 : 2))
            #expect((counts["broken"]?[.skipped] ?? 0) == (isLeftAlone ? 1 : 0))
        }
    }

    @Test func anOldAnswerStandsInForASourceThatFails() async throws {
        try await withStore { store, _ in
            let source = ScriptedSource("crm", .success(Self.ana))
            let directory = makeDirectory(store, [source])
            _ = try await known(directory)
            pass(2 * day)
            source.answer(.failure(.timedOut))
            #expect(try await known(directory)?.facts == Self.ana)
            // Still asked again: nothing of today was kept.
            _ = try await known(directory)
            #expect(source.asked.count == 3)
        }
    }

    @Test func ourOwnRecordsComeFirstAndAreLeftAlone() async throws {
        try await withStore { store, _ in
            var own = Contact(id: "k", phoneNumber: Self.number)
            own.name = "Anita"
            try await store.keep(own, at: moment())
            let caller = try await known(
                makeDirectory(store, [ScriptedSource("crm", .success(Self.ana))]))
            #expect(caller?.facts.name == "Anita")
            #expect(caller?.facts.fields == ["plan": "gold"])
            #expect(caller?.sources == ["store", "crm"])
            let contact = try #require(try await store.contact(number: Self.number))
            #expect(contact.name == "Anita" && contact.attributes.isEmpty && contact.source == nil)
            #expect(contact.externalIDs == ["crm": "7"])
        }
    }

    @Test func nothingIsWrittenWhereNumbersMayNotBe() async throws {
        try await withStore { store, _ in
            let source = ScriptedSource("crm", .success(Self.ana))
            let directory = makeDirectory(store, [source], adjust: { $0.usesRecords = false })
            #expect(try await known(directory)?.facts == Self.ana)
            #expect(try await known(directory)?.facts == Self.ana)
            #expect(source.asked.count == 1)
            let kept = try await store.contactLookups(of: Self.number)
            #expect(kept.contact == nil && kept.lookups.isEmpty)
            #expect(try await directory.forget(try #require(CallerNumber(Self.number))))
            _ = try await known(directory)
            #expect(source.asked.count == 2)
        }
    }

    @Test func aWrongKeyIsToldOnce() async throws {
        try await withStore { store, _ in
            let told = Mutex<[String]>([])
            let source = ScriptedSource("crm", .failure(.refused(status: 401)))
            let directory = makeDirectory(
                store, [source], report: { text in told.withLock { $0.append(text) } })
            for _ in 0..<3 {
                let caller = try await known(directory)
                #expect(caller == nil)
                pass(100)
            }
            #expect(source.asked.count == 3)
            let warning = "contacts of crm: it refuses us (401): check its key"
            #expect(told.withLock { $0 } == [warning])
            // Whoever checks is told at any time, and nobody else.
            let lacks = await directory.check()
            #expect(lacks.map(\.source) == ["crm"])
            #expect(lacks[0].lack == "it refuses us (401): check its key")
            source.answer(.success(nil))
            #expect(await directory.check()[0].lack == nil)
            source.answer(.failure(.refused(status: 403)))
            _ = await directory.check()
            #expect(told.withLock { $0 } == [warning])
        }
    }

    @Test func customersAreFoundByWhatTheyAreCalled() async throws {
        try await withStore { store, _ in
            let crm = ScriptedSource("crm", .success(nil))
            let shop = ScriptedSource("shop", .success(Self.ana))
            let directory = makeDirectory(store, [crm, shop])
            #expect(try await directory.customer("7")?.facts == Self.ana)
            #expect(crm.asked == ["7"] && shop.asked == ["7"])
            let byNumber = try #require(try await directory.customer("+34 600 111 222"))
            await directory.settle()
            // Our own id leads to the number.
            let id = try #require(byNumber.contactID)
            #expect(try await directory.customer(id)?.facts == Self.ana)
            shop.answer(.success(nil))
            #expect(try await directory.customer("8") == nil)
            crm.answer(.failure(.timedOut))
            await #expect(throws: ContactSourceError.timedOut) {
                try await directory.customer("9")
            }
        }
    }

    @Test func tooManyAtOnceAreNotLookedUp() async throws {
        try await withStore { store, _ in
            let slow = ScriptedSource("crm", .success(Self.ana), waits: true)
            let directory = makeDirectory(store, [slow], adjust: { $0.mostAtOnce = 1 })
            let first = await directory.caller(try #require(CallerNumber("+34600000001")))
            let second = await directory.caller(try #require(CallerNumber("+34600000002")))
            var count = 0
            for await _ in second { count += 1 }
            #expect(count == 0)
            #expect(await directory.overloads == 1)
            slow.open()
            for await _ in first { count += 1 }
            #expect(count > 0)
            await directory.settle()
        }
    }
}

/// A wall clock that a test sets.
private final class WallClock: Sendable {
    private let time = Mutex(moment())

    var now: Date { time.withLock { $0 } }
    func pass(_ seconds: Double) { time.withLock { $0 += seconds } }
}
