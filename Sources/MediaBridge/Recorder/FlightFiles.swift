internal import Foundation
internal import SystemPackage

/// The folder of flight records: `<call id>.flight`, readable by their owner only.
struct FlightFiles {
    static let suffix = ".flight"

    private let directory: FilePath
    private let retention: FlightRetention

    init(folder: String, retention: FlightRetention) {
        directory = FilePath(folder)
        self.retention = retention
    }

    /// Appends a block to its call's file.
    ///
    /// The file is not kept open, so that no number of calls holds descriptors.
    func append(_ block: FlightBlock) throws {
        guard let name = FilePath.Component(Self.name(of: block.callID)) else { return }
        let path = directory.appending(name)
        let options: FileDescriptor.OpenOptions =
            block.isFirst ? [.append, .create, .exclusiveCreate] : [.append]
        let file = try FileDescriptor.open(
            path, .writeOnly, options: options, permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(block.octets) }
    }

    /// Deletes what is not to be kept; what cannot be deleted stays.
    func expire(at now: Date = Date()) {
        let folder = URL(filePath: directory.string, directoryHint: .isDirectory)
        let keys: Set<URLResourceKey> = [.contentModificationDateKey, .fileSizeKey]
        let urls =
            (try? FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: Array(keys))) ?? []
        let files = urls.filter { $0.lastPathComponent.hasSuffix(Self.suffix) }.compactMap { url in
            (try? url.resourceValues(forKeys: keys)).map { values in
                FlightRetention.File(
                    name: url.lastPathComponent, octetCount: values.fileSize ?? 0,
                    age: .seconds(now.timeIntervalSince(values.contentModificationDate ?? now)))
            }
        }
        for file in retention.expired(files) {
            try? FileManager.default.removeItem(
                at: folder.appending(path: file.name, directoryHint: .notDirectory))
        }
    }

    /// Call ids are ours, but no id shall ever leave the folder.
    static func name(of callID: String) -> String {
        let safe = callID.unicodeScalars.map { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_": String(scalar)
            default: "%" + String(scalar.value, radix: 16, uppercase: true)
            }
        }
        return safe.joined() + suffix
    }
}
