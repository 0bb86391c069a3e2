import Events
import Foundation
import Records
import Testing

/// Runs `body` with a directory of its own.
private func withDirectory(_ body: (URL) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory
        .appending(path: "journal-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try await body(directory)
}

private func events(in file: URL) throws -> [CallEvent] {
    let text = try String(contentsOf: file, encoding: .utf8)
    try #require(text.isEmpty || text.hasSuffix("\n"))
    return try text.split(separator: "\n")
        .map { try JSONDecoder().decode(CallEvent.self, from: Data($0.utf8)) }
}

@Test func aCallsFileHoldsWhatReadersSee() async throws {
    try await withDirectory { directory in
        let journal = EventJournal(configuration: .init(directory: directory))
        let file = directory.appending(path: "call-1.jsonl")
        try await journal.append(callID: "call-1", [started(), digit()])
        #expect(try events(in: file) == (await journal.events(of: "call-1", after: 0)?.events))
        try await journal.append(callID: "call-1", [digit("2"), ended()])
        try await journal.append(callID: "call-1", [digit("3")])
        #expect(try events(in: file) == (await journal.events(of: "call-1", after: 0)?.events))
        #expect(try events(in: file).map(\.seq) == [1, 2, 3, 4, 5])
        let attributes = try FileManager.default.attributesOfItem(
            atPath: file.path(percentEncoded: false))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
}

@Test(arguments: [
    ("../../etc/passwd", "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd.jsonl"), ("a\u{0}ñ", "a%00%C3%B1.jsonl"),
])
func aFileCannotLeaveItsDirectory(callID: String, name: String) async throws {
    try await withDirectory { directory in
        let journal = EventJournal(configuration: .init(directory: directory))
        try await journal.append(callID: callID, [started()])
        let names = try FileManager.default.contentsOfDirectory(
            atPath: directory.path(percentEncoded: false))
        #expect(names == [name])
    }
}

@Test func aFailingDiskLosesNothing() async throws {
    try await withDirectory { parent in
        let directory = parent.appending(path: "not-there-yet", directoryHint: .isDirectory)
        let journal = EventJournal(configuration: .init(directory: directory))
        await #expect {
            try await journal.append(callID: "a", [started(), digit()])
        } throws: { error in
            guard case .notWritten(callID: "a", _)? = error as? JournalError else { return false }
            return true
        }
        #expect(await journal.events(of: "a", after: 0)?.seqs == [1, 2])
        #expect(await journal.statistics.writesFailed == 1)

        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try await journal.append(callID: "a", [digit()])
        let file = directory.appending(path: "a.jsonl")
        #expect(try events(in: file).map(\.seq) == [1, 2, 3])
        #expect(await journal.statistics.eventsLost == 0)
    }
}

@Test func whatNeitherDiskNorMemoryHoldsIsCounted() async throws {
    var configuration = EventJournal.Configuration(
        directory: URL(filePath: "/nonexistent", directoryHint: .isDirectory))
    configuration.eventsPerCall = 8
    let journal = EventJournal(configuration: configuration)
    try? await journal.append(callID: "a", [started()] + (1...19).map { _ in digit() })
    #expect(await journal.events(of: "a", after: 0)?.seqs == [14, 15, 16, 17, 18, 19, 20])
    #expect(await journal.statistics.eventsLost == 13)
}

/// A full device: opening works and writing does not.
@Test func aFullDiskIsToldAndKeptFromReaders() async throws {
    try await withDirectory { directory in
        try FileManager.default.createSymbolicLink(
            at: directory.appending(path: "a.jsonl"),
            withDestinationURL: URL(filePath: "/dev/full"))
        let journal = EventJournal(configuration: .init(directory: directory))
        await #expect(throws: JournalError.self) {
            try await journal.append(callID: "a", [started()])
        }
        #expect(await journal.events(of: "a", after: 0)?.seqs == [1])
        #expect(await journal.statistics.writesFailed == 1)
    }
}
