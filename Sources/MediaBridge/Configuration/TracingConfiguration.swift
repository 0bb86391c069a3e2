internal import Foundation

/// Where traces go: by the names of OpenTelemetry's own variables, or ours
/// (opentelemetry.io/docs/specs/otel/protocol/exporter).
struct TracingConfiguration: Sendable {
    /// With the path; `nil`: nobody traces.
    var url: String?
    /// May hold a key.
    var headers: [(name: String, value: String)] = []
    var serviceName = "mediabridge"

    init() {}

    init(_ reader: SettingReader) throws(ConfigurationError) {
        let environment = reader.environment
        if let whole = environment["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"], !whole.isEmpty {
            url = try Self.checked(whole, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
        } else if let base = reader.text("otlp.endpoint")
            ?? environment["OTEL_EXPORTER_OTLP_ENDPOINT"], !base.isEmpty
        {
            let checked = try Self.checked(base, "otlp.endpoint")
            url = checked + (checked.hasSuffix("/") ? "" : "/") + "v1/traces"
        }
        serviceName =
            reader.text("otlp.serviceName") ?? environment["OTEL_SERVICE_NAME"] ?? serviceName
        headers = try Self.headers(environment["OTEL_EXPORTER_OTLP_HEADERS"] ?? "")
    }

    private static func checked(
        _ text: String, _ name: String
    ) throws(ConfigurationError) -> String {
        guard let url = URL(string: text), url.host() != nil,
            ["http", "https"].contains(url.scheme)
        else { throw .value(name, text, "an address such as http://localhost:4318") }
        return text
    }

    /// `name=value` between commas, values percent-encoded where need be.
    private static func headers(
        _ text: String
    ) throws(ConfigurationError) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        for pair in text.split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, !parts[0].isEmpty,
                let value = parts[1].removingPercentEncoding, value.allSatisfy(\.isASCII),
                !value.contains(where: \.isNewline)
            else {
                throw .value(
                    "OTEL_EXPORTER_OTLP_HEADERS", "<secret>", "name=value pairs between commas")
            }
            headers.append((parts[0], value))
        }
        return headers
    }
}
