import Foundation
import Testing

@testable import MediaBridge

/// What `doctor` and the start say of engines that need a folder or a face.
@Suite struct LocalModelConfigurationTests {
    private static func lacks(_ environment: [String: String]) async throws -> [String] {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "models-\(UUID().uuidString).yaml")
        try "bind: 127.0.0.1\n".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let path = file.path(percentEncoded: false)
        return try await GatewayConfiguration.load(file: path, environment: environment).lacks
    }

    @Test func aFolderIsAskedForByItsVariable() async throws {
        let names = ["MEDIABRIDGE_STT": "sherpa", "MEDIABRIDGE_TTS": "sherpa"]
        #expect(
            try await Self.lacks(names) == [
                "sherpa has no model: set MEDIABRIDGE_SHERPA_STT_MODEL to the folder of one",
                "sherpa has no model: set MEDIABRIDGE_SHERPA_TTS_MODEL to the folder of one",
            ])
        let folders = [
            "MEDIABRIDGE_SHERPA_STT_MODEL": "/ear", "MEDIABRIDGE_SHERPA_TTS_MODEL": "/voice",
        ]
        #expect(try await Self.lacks(names.merging(folders) { $1 }) == [])
    }

    @Test(arguments: [("3", true), ("0", true), ("-1", false), ("bella", false)])
    func aSpeakerIsANumber(voice: String, isTaken: Bool) async throws {
        let lacks = try await Self.lacks([
            "MEDIABRIDGE_TTS": "sherpa", "MEDIABRIDGE_SHERPA_TTS_MODEL": "/voice",
            "MEDIABRIDGE_SHERPA_TTS_VOICE_ES": voice,
        ])
        #expect(lacks.isEmpty == isTaken, "\(lacks)")
    }
}
