import Foundation
import Testing

@testable import MediaBridge

@Suite struct SpeechAgentConfigurationTests {
    private static func load(
        _ environment: [String: String]
    ) async throws -> GatewayConfiguration {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "agents-\(UUID().uuidString).yaml")
        try "bind: 127.0.0.1\n".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await .load(file: file.path(percentEncoded: false), environment: environment)
    }

    @Test func ourOwnConversationLeadsCallsByDefault() async throws {
        let configuration = try await Self.load([:])
        #expect(configuration.speechAgent.choice == .none)
        #expect(configuration.lacks.isEmpty)
    }

    /// What is missing, by the variable that has it; the key is not asked for twice.
    @Test(arguments: [
        (["MEDIABRIDGE_SPEECH_AGENT": "elevenlabs"], "MEDIABRIDGE_ELEVENLABS_AGENT_ID"),
        (
            ["MEDIABRIDGE_SPEECH_AGENT": "elevenlabs", "MEDIABRIDGE_ELEVENLABS_AGENT_ID": "a"],
            "ELEVENLABS_API_KEY"
        ), (["MEDIABRIDGE_SPEECH_AGENT": "openai"], "OPENAI_API_KEY"),
    ])
    func aLackNamesItsVariable(environment: [String: String], variable: String) async throws {
        let lacks = try await Self.load(environment).lacks
        #expect(lacks.count == 1)
        #expect(lacks.first?.contains(variable) == true, "\(lacks)")
    }

    @Test(arguments: [
        [
            "MEDIABRIDGE_SPEECH_AGENT": "elevenlabs", "MEDIABRIDGE_ELEVENLABS_AGENT_ID": "a",
            "MEDIABRIDGE_ELEVENLABS_AGENT_PUBLIC": "true",
        ],
        [
            "MEDIABRIDGE_SPEECH_AGENT": "elevenlabs", "MEDIABRIDGE_ELEVENLABS_AGENT_ID": "a",
            "ELEVENLABS_API_KEY": "k",
        ], ["MEDIABRIDGE_SPEECH_AGENT": "openai", "OPENAI_API_KEY": "k"],
    ])
    func nothingIsMissing(environment: [String: String]) async throws {
        #expect(try await Self.load(environment).lacks == [])
    }

    @Test func anUnknownAgentIsRefused() async {
        await #expect(throws: ConfigurationError.self) {
            _ = try await Self.load(["MEDIABRIDGE_SPEECH_AGENT": "nobody"])
        }
    }
}
