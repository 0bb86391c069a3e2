import Foundation
import Testing

@testable import MediaBridge

/// Holds a running gateway against its OpenAPI document with Schemathesis, which makes up requests,
/// good and bad ones, for every route.
@Suite(.tags(.integration), .serialized) struct SchemathesisTests {
    private static let program = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: ".engines/schemathesis/bin/schemathesis")
    private static let isInstalled = FileManager.default.isExecutableFile(
        atPath: program.path(percentEncoded: false))

    @Test(
        .enabled(if: isInstalled, "Schemathesis is missing: run script/fetch-schemathesis"),
        .timeLimit(.minutes(2)))
    func theGatewayDoesWhatItsDocumentSays() async throws {
        let key = "a-key-that-tests-know-well"
        try await GatewayUnderTest.run(
            settings: ["requestsPerSecond": "0"],
            environment: [
                "MEDIABRIDGE_ADMIN_KEY": key, "MEDIABRIDGE_VAPI_WEBHOOK_SECRET": key,
            ]
        ) { gateway in
            // It keeps its examples in the working directory.
            let directory = FileManager.default.temporaryDirectory
                .appending(path: "schemathesis-\(UUID().uuidString)", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(
                at: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: directory) }
            let process = Process()
            process.executableURL = Self.program
            process.currentDirectoryURL = directory
            process.arguments = [
                "run", "http://127.0.0.1:\(gateway.ports.api)/openapi.json",
                "--header", "X-API-Key: \(key)", "--header", "X-Vapi-Secret: \(key)",
                "--generation-with-security-parameters", "false",
                "--phases", "examples,coverage,fuzzing", "--max-examples", "4",
                "--checks",
                "not_a_server_error,status_code_conformance,content_type_conformance,"
                    + "response_schema_conformance,unsupported_method,negative_data_rejection",
                "--generation-deterministic", "--no-color", "--request-timeout", "10",
                // Whatever is not signed by ElevenLabs is refused.
                "--exclude-path-regex", "/events$|/elevenlabs$",
            ]
            let output = Pipe()
            process.standardOutput = output
            process.standardError = output
            try process.run()
            let text = String(
                decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(text.suffix(6_000))")
            // It did ask, and was let in.
            #expect(text.contains("Test cases:"), "\(text.suffix(2_000))")
            #expect(!text.contains("Authentication failed"))
        }
    }
}
