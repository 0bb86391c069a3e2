internal import Events
internal import Foundation

/// One call's events on disk: one JSON object per line, whole lines only.
///
/// A write has reached the operating system when it returns, so it outlives the process; a
/// failed one is cut off again, so that a reader never meets half an event.
struct JournalFile {
    private let url: URL
    private var handle: FileHandle?

    init(callID: String, in directory: URL) {
        url = directory.appending(
            path: Self.fileName(for: callID), directoryHint: .notDirectory)
    }

    mutating func append(_ events: some Collection<CallEvent>) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines = Data()
        for event in events {
            lines.append(try encoder.encode(event))
            lines.append(0x0A)
        }
        let open = try handle ?? self.open()
        handle = open
        let end = try open.seekToEnd()
        do {
            try open.write(contentsOf: lines)
        } catch {
            try? open.truncate(atOffset: end)
            close()
            throw error
        }
    }

    mutating func close() {
        try? handle?.close()
        handle = nil
    }

    private func open() throws -> FileHandle {
        let path = url.path(percentEncoded: false)
        if !FileManager.default.fileExists(atPath: path) {
            // What callers say is nobody else's business on this machine.
            let created = FileManager.default.createFile(
                atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
            guard created else { throw CocoaError(.fileWriteUnknown) }
        }
        return try FileHandle(forWritingTo: url)
    }

    /// Letters, digits, `-` and `_` as they are; other octets as `%XX`, so that no id can leave the
    /// directory.
    static func fileName(for callID: String) -> String {
        var name = ""
        for octet in callID.utf8 {
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                name.unicodeScalars.append(Unicode.Scalar(octet))
            default:
                let digits = String(octet, radix: 16, uppercase: true)
                name += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return name + ".jsonl"
    }
}
