internal import Foundation
internal import GRDB
internal import Synchronization

/// The store in SQLite: a file in WAL mode with one writer, or memory.
///
/// A transaction that has been committed survives the death of the process; of a power cut it may
/// lose the last moments, never a part of a transaction (`synchronous = NORMAL`).
package final class SQLiteStore: RecordStore {
    package enum Place: Equatable, Sendable {
        /// Gone when the store is.
        case memory
        /// Created with its directory if it is not there; readable by its owner only.
        case file(String)
    }

    package struct Configuration: Sendable {
        package var place: Place
        package var redaction = Redaction()
        package var sinks: [OutboxSink] = []
        /// A gateway has its file to itself; a command that looks or changes a little shares it.
        package var isShared = false

        package init(_ place: Place = .memory) { self.place = place }
    }

    let writer: any DatabaseWriter
    let redaction: Redaction
    /// Who takes which events; read and changed in write transactions only.
    let destinations: OutboxDestinations
    private let lock: Mutex<StoreLock?>

    /// Opens the store and brings its tables up to date.
    package init(_ configuration: Configuration = Configuration()) throws(RecordStoreError) {
        redaction = configuration.redaction
        destinations = OutboxDestinations(sinks: configuration.sinks)
        switch configuration.place {
        case .memory:
            lock = Mutex(nil)
            do {
                writer = try DatabaseQueue(configuration: Self.connection)
                try SQLiteSchema.migrator.migrate(writer)
            } catch {
                throw .cannotOpen(place: "in memory", reason: Self.reason(of: error))
            }
        case .file(let path):
            try Self.prepareFile(path)
            lock = Mutex(configuration.isShared ? nil : try StoreLock(of: path))
            do {
                writer = try DatabasePool(path: path, configuration: Self.connection)
            } catch {
                throw .cannotOpen(place: path, reason: Self.reason(of: error))
            }
            try Self.migrate(writer, path)
        }
    }

    package func close() async throws(RecordStoreError) {
        do { try writer.close() } catch { throw .failed(reason: Self.reason(of: error)) }
        lock.withLock { $0 = nil }
    }

    private static var connection: GRDB.Configuration {
        var connection = GRDB.Configuration()
        connection.label = "records"
        // Reports may read at any time; whoever writes from outside must be quick.
        connection.busyMode = .timeout(5)
        connection.maximumReaderCount = 4
        return connection
    }

    /// What callers say is nobody else's business on this machine.
    private static func prepareFile(_ path: String) throws(RecordStoreError) {
        let files = FileManager.default
        let directory = URL(filePath: path).deletingLastPathComponent()
        do {
            try files.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            throw .cannotOpen(place: path, reason: "its directory cannot be created")
        }
        guard !files.fileExists(atPath: path) else { return }
        let created = files.createFile(
            atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        guard created else { throw .cannotOpen(place: path, reason: "it cannot be created") }
    }

    private static func migrate(
        _ writer: any DatabaseWriter, _ path: String
    ) throws(RecordStoreError) {
        let migrator = SQLiteSchema.migrator
        let isNewer: Bool
        do {
            isNewer = try writer.read { try migrator.hasBeenSuperseded($0) }
            if !isNewer { try migrator.migrate(writer) }
        } catch {
            throw .cannotOpen(place: path, reason: reason(of: error))
        }
        if isNewer { throw .newer(place: path) }
    }
}

// MARK: Transactions

extension SQLiteStore {
    /// Runs `body` in a transaction of the one writer.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(RecordStoreError) -> Value {
        do { return try await writer.write(body) } catch { throw Self.told(error) }
    }

    /// Runs `body` on a snapshot that later writes do not change.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(RecordStoreError) -> Value {
        do { return try await writer.read(body) } catch { throw Self.told(error) }
    }

    private static func told(_ error: any Error) -> RecordStoreError {
        if let error = error as? RecordStoreError { return error }
        guard let error = error as? DatabaseError else {
            return error is CancellationError
                ? .failed(reason: "cancelled") : .unreadable(what: "\(type(of: error))")
        }
        return error.resultCode == .SQLITE_CONSTRAINT
            ? .conflict(reason: error.message ?? "a constraint of the database")
            : .failed(reason: reason(of: error))
    }

    /// Without statement and arguments: those hold what people said.
    private static func reason(of error: any Error) -> String {
        guard let error = error as? DatabaseError else { return "\(type(of: error))" }
        return error.message ?? "SQLite error \(error.resultCode.rawValue)"
    }
}

extension Row {
    /// A time that this program wrote.
    func time(_ column: String) throws -> Date {
        guard let time = try optionalTime(column) else {
            throw RecordStoreError.unreadable(what: column)
        }
        return time
    }

    func optionalTime(_ column: String) throws -> Date? {
        guard let text = self[column] as String? else { return nil }
        guard let time = Date(recordText: text) else {
            throw RecordStoreError.unreadable(what: column)
        }
        return time
    }

    /// A value of an enumeration whose names are what the column holds.
    func choice<Choice: RawRepresentable>(_ column: String) throws -> Choice
    where Choice.RawValue == String {
        guard let choice = Choice(rawValue: self[column]) else {
            throw RecordStoreError.unreadable(what: column)
        }
        return choice
    }
}
