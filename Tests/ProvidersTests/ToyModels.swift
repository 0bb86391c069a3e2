import Foundation
import Glibc
import Testing

/// sherpa-onnx's library and toy models for it, for integration tests; `make.py` says what they do.
enum ToyModels {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Where `script/fetch-sherpa` puts the library.
    static let library = root.appending(path: ".engines/sherpa-onnx").path(percentEncoded: false)

    static let isFetched = FileManager.default.isReadableFile(
        atPath: "\(library)/lib/libsherpa-onnx-c-api.so")

    static let howToFetch: Comment = "sherpa-onnx's library is missing: run script/fetch-sherpa"

    /// A folder with `transducer`, `ctc`, `letters` and `piper` in it, made once.
    static let folder = Result { try make() }

    static func path(_ name: String) throws -> String { try "\(folder.get())/\(name)" }

    private static func make() throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "toy-models-\(ProcessInfo.processInfo.processIdentifier)")
            .path(percentEncoded: false)
        let script = root.appending(path: "Tests/Support/ToyModels/make.py")
        // Foundation's Process waits for ever on a thread of Swift's pool.
        let command = "python3 -B '\(script.path(percentEncoded: false))' '\(folder)'"
        try #require(unsafe system(command) == 0, "make.py failed")
        return folder
    }

    /// A copy of a model's folder that may be spoilt.
    static func copy(_ name: String) throws -> String {
        let copy = FileManager.default.temporaryDirectory
            .appending(path: "spoilt-\(UUID().uuidString)").path(percentEncoded: false)
        try FileManager.default.copyItem(atPath: path(name), toPath: copy)
        return copy
    }
}

/// A sine at 8 kHz, or silence at 0 Hz.
func toneSamples(_ hertz: Double, milliseconds: Int) -> [Int16] {
    (0..<8 * milliseconds).map { index in
        Int16(9_000 * sin(2 * .pi * hertz * Double(index) / 8_000))
    }
}
