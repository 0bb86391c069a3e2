internal import ControlAPI
internal import Foundation

/// Who may use the control API; secrets come from the environment or from files.
struct AccessConfiguration: Sendable {
    private(set) var settings = AccessSettings()
    /// An admin key is a password that nobody remembers; shorter ones can be guessed.
    private static let shortestKey = 24
    /// Of HMAC with SHA-256 (RFC 7518 §3.2).
    private static let shortestSecret = 32

    init() {}

    init(_ reader: SettingReader) throws(ConfigurationError) {
        settings.adminKey = try reader.secret("ADMIN_KEY", setting: "adminKey")?.value
        settings.tokenSecret = try reader.secret("JWT_SECRET", setting: "jwtSecret")?.value
        if let path = reader.text("jwtKeySet") {
            guard let keySet = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw .value("jwtKeySet", path, "a file that can be read, with public keys")
            }
            settings.tokenKeySet = keySet
        }
        settings.tokenIssuer = reader.text("jwtIssuer")
        settings.tokenAudience = reader.text("jwtAudience")
        settings.corsOrigins = reader.list("corsOrigins") ?? []
        settings.requestsPerSecond =
            try reader.number("requestsPerSecond", in: 0...1_000_000) ?? settings.requestsPerSecond
        settings.requestBurst =
            try reader.number("requestBurst", in: 1...1_000_000)
            ?? max(settings.requestBurst, 2 * settings.requestsPerSecond)
        try check()
    }

    private func check() throws(ConfigurationError) {
        if let key = settings.adminKey, key.utf8.count < Self.shortestKey {
            throw .value(
                "ADMIN_KEY", "<secret>",
                "\(Self.shortestKey) characters or more; `openssl rand -base64 32` makes some")
        }
        if let secret = settings.tokenSecret, secret.utf8.count < Self.shortestSecret {
            throw .value("JWT_SECRET", "<secret>", "\(Self.shortestSecret) characters or more")
        }
        for origin in settings.corsOrigins where origin != "*" {
            let url = URL(string: origin)
            guard let url, ["http", "https"].contains(url.scheme), url.host() != nil,
                url.path().isEmpty
            else {
                throw .value(
                    "corsOrigins", origin, "origins such as https://dashboard.example.com, or *")
            }
        }
    }
}
