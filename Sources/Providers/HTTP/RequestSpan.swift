internal import AsyncHTTPClient
internal import NIOHTTP1
internal import Tracing

/// The span of one request to a provider, up to the head of its answer.
///
/// There is one only within a traced piece of work, as a call's. It names the host, and nothing
/// that stands behind it: addresses of webhooks are secrets, and queries may hold anything.
struct RequestSpan {
    private let span: any Span

    /// Begins it, and tells the receiver of it (`traceparent`); `nil`: nobody traces.
    init?(of message: inout HTTPClientRequest) {
        guard let context = ServiceContext.current, !context.isEmpty else { return nil }
        let tracer = InstrumentationSystem.tracer
        let span = tracer.startSpan(
            message.method.rawValue, context: context, ofKind: .client)
        span.attributes["http.request.method"] = message.method.rawValue
        span.attributes["server.address"] = Self.host(of: message.url)
        tracer.inject(span.context, into: &message.headers, using: HeaderInjector())
        self.span = span
    }

    func answered(_ status: Int) {
        span.attributes["http.response.status_code"] = status
        if status >= 400 { span.setStatus(SpanStatus(code: .error)) }
    }

    /// Also of a request that nobody answered; ending twice does nothing.
    func end() { span.end() }

    private static func host(of url: String) -> String {
        let rest = url.components(behind: "://")
        let authority = rest.prefix { !"/?#".contains($0) }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] }
        return String((host ?? authority).prefix { $0 != ":" })
    }

    private struct HeaderInjector: Injector {
        func inject(_ value: String, forKey key: String, into carrier: inout HTTPHeaders) {
            carrier.replaceOrAdd(name: key, value: value)
        }
    }
}

extension String {
    /// What follows the first `mark`; all of it where there is none.
    fileprivate func components(behind mark: String) -> Substring {
        firstRange(of: mark).map { self[$0.upperBound...] } ?? self[...]
    }
}
