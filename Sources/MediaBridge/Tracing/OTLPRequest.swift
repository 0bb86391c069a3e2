internal import Foundation
internal import Tracing

/// A request to export spans, in the JSON of OTLP (opentelemetry.io/docs/specs/otlp,
/// "JSON Protobuf Encoding"): ids are hexadecimal, 64-bit integers are texts, enums are numbers.
struct OTLPRequest: Encodable {
    private let resourceSpans: [ResourceSpans]

    init(_ spans: [EndedSpan], serviceName: String) {
        let resource = Resource(attributes: [
            Attribute(key: "service.name", value: .text(serviceName))
        ])
        let scope = ScopeSpans(scope: Scope(name: "mediabridge"), spans: spans.map(Span.init))
        resourceSpans = [ResourceSpans(resource: resource, scopeSpans: [scope])]
    }

    /// The body of the request.
    var octets: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return Array("{}".utf8) }
        return [UInt8](data)
    }

    private struct ResourceSpans: Encodable {
        let resource: Resource
        let scopeSpans: [ScopeSpans]
    }

    private struct Resource: Encodable {
        let attributes: [Attribute]
    }

    private struct Scope: Encodable {
        let name: String
    }

    private struct ScopeSpans: Encodable {
        let scope: Scope
        let spans: [Span]
    }

    private struct Span: Encodable {
        let traceId: String
        let spanId: String
        let parentSpanId: String?
        let name: String
        let kind: Int
        let startTimeUnixNano: String
        let endTimeUnixNano: String
        let attributes: [Attribute]
        let status: Status

        init(_ span: EndedSpan) {
            traceId = span.identity.trace.hexadecimal
            spanId = span.identity.spanHexadecimal
            parentSpanId =
                span.parent.map {
                    SpanIdentity(trace: span.identity.trace, span: $0).spanHexadecimal
                }
            name = span.name
            kind = span.kind.otlp
            startTimeUnixNano = String(span.startNanoseconds)
            endTimeUnixNano = String(span.endNanoseconds)
            attributes = span.attributes.map {
                Attribute(key: $0.name, value: $0.value)
            }
            status = Status(code: span.isError ? 2 : nil)
        }
    }

    private struct Status: Encodable {
        /// 2: error; left out: unset.
        let code: Int?
    }

    private struct Attribute: Encodable {
        let key: String
        let value: EndedSpan.Attribute.Value

        private enum Key: CodingKey { case key, value }
        private enum ValueKey: CodingKey { case stringValue, intValue, doubleValue, boolValue }

        func encode(to encoder: any Encoder) throws {
            var object = encoder.container(keyedBy: Key.self)
            try object.encode(key, forKey: .key)
            var inner = object.nestedContainer(keyedBy: ValueKey.self, forKey: .value)
            switch value {
            case .text(let text): try inner.encode(text, forKey: .stringValue)
            case .integer(let number): try inner.encode(String(number), forKey: .intValue)
            case .number(let number):
                // JSON has no others; protobuf's own JSON writes them as texts.
                if number.isFinite {
                    try inner.encode(number, forKey: .doubleValue)
                } else {
                    try inner.encode(number.isNaN ? "NaN" : "Infinity", forKey: .doubleValue)
                }
            case .flag(let flag): try inner.encode(flag, forKey: .boolValue)
            }
        }
    }
}

extension SpanKind {
    /// `Span.SpanKind` of opentelemetry-proto, trace.proto.
    fileprivate var otlp: Int {
        switch self {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}
