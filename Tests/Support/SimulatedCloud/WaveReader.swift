internal import Foundation
internal import ProviderSimulators

/// Reads WAV files of 16-bit mono samples, as recordings and forms have them.
enum WaveReader {
    /// - Returns: no samples for anything else.
    static func samples(of file: [UInt8]) -> (samples: [Int16], hertz: Int) {
        guard file.count > 44, file.starts(with: Array("RIFF".utf8)) else { return ([], 8_000) }
        var position = 12
        var hertz = 8_000
        while position + 8 <= file.count {
            let name = String(decoding: file[position..<(position + 4)], as: UTF8.self)
            let length = number(file, at: position + 4)
            let body = position + 8
            let end = min(file.count, body + length)
            switch name {
            case "fmt ": hertz = number(file, at: body + 4)
            case "data":
                let samples = stride(from: body, to: end - 1, by: 2).map {
                    Int16(bitPattern: UInt16(file[$0 + 1]) << 8 | UInt16(file[$0]))
                }
                return (samples, hertz)
            default: break  // chunks nobody needs
            }
            position = end + length % 2
        }
        return ([], hertz)
    }

    private static func number(_ file: [UInt8], at position: Int) -> Int {
        guard position + 4 <= file.count else { return 0 }
        return (0..<4).reduce(0) { $0 | Int(file[position + $1]) << (8 * $1) }
    }
}

extension SimulatedRecordings {
    private struct Manifest: Decodable {
        struct File: Decodable {
            struct Stretch: Decodable {
                let startMilliseconds: Int
                let endMilliseconds: Int

                private enum CodingKeys: String, CodingKey {
                    case startMilliseconds = "start_ms"
                    case endMilliseconds = "end_ms"
                }
            }
            let path: String
            let transcript: String?
            let speech: [Stretch]
        }
        let files: [File]
    }

    /// Knows the caller's lines of the demonstration call.
    ///
    /// - Parameter fixtures: the folder with `manifest.json`.
    /// - Throws: when it cannot be read.
    init(fixtures: String) throws {
        self.init()
        let folder = URL(fileURLWithPath: fixtures)
        let manifest = try JSONDecoder().decode(
            Manifest.self, from: Data(contentsOf: folder.appendingPathComponent("manifest.json")))
        for file in manifest.files where file.path.hasPrefix("demo/") {
            guard let first = file.speech.first, let last = file.speech.last,
                let transcript = file.transcript
            else { continue }
            let data = try Data(contentsOf: folder.appendingPathComponent(file.path))
            add(
                WaveReader.samples(of: [UInt8](data)).samples, transcript: transcript,
                speech: first.startMilliseconds..<last.endMilliseconds)
        }
    }
}
