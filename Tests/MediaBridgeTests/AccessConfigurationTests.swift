import ControlAPI
import Foundation
import Logging
import Testing

@testable import MediaBridge

/// Settings of the control API's access, and what the gateway does without them.
@Suite struct AccessConfigurationTests {
    @Test func settingsAreRead() async throws {
        let access = try await GatewayUnderTest.configuration(
            ["corsOrigins": "https://a.example.com, http://localhost:5173", "jwtIssuer": "us"],
            "requestsPerSecond: 1000\n",
            ["MEDIABRIDGE_ADMIN_KEY": "a-key-that-tests-know-well"]
        ).access.settings
        #expect(access.adminKey == "a-key-that-tests-know-well")
        #expect(access.corsOrigins == ["https://a.example.com", "http://localhost:5173"])
        #expect(access.tokenIssuer == "us")
        #expect(access.requestsPerSecond == 1_000)
        #expect(access.requestBurst == 2_000)
    }

    /// The text names the setting, and never a secret.
    @Test(arguments: [
        ("", "MEDIABRIDGE_ADMIN_KEY", "short-key", "ADMIN_KEY"),
        ("", "JWT_SECRET", "short-secret", "JWT_SECRET"),
        ("adminKey: in-a-file-that-others-may-read\n", "X", "", "ADMIN_KEY"),
        ("corsOrigins: desk.example.com\n", "X", "", "corsOrigins"),
        ("corsOrigins: https://desk.example.com/page\n", "X", "", "corsOrigins"),
        ("jwtKeySet: /no/such/file\n", "X", "", "jwtKeySet"),
        ("requestBurst: 0\n", "X", "", "requestBurst"),
    ])
    func badSettings(yaml: String, name: String, value: String, setting: String) async throws {
        await #expect {
            _ = try await GatewayUnderTest.configuration([:], yaml, [name: value])
        } throws: { error in
            "\(error)".contains(setting) && !"\(error)".contains("short-")
                && !"\(error)".contains("in-a-file")
        }
    }

    @Test func aNetworkNeedsAKeyBeforeAnythingStarts() async throws {
        var gateway = Gateway(
            configuration: try await GatewayUnderTest.configuration(["bind": "0.0.0.0"]),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        gateway.shutdownSignals = []
        await #expect(throws: ControlServerError.needsKey(host: "0.0.0.0")) {
            try await gateway.run()
        }
    }
}
