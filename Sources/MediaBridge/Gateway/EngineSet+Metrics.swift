internal import ControlAPI
internal import Pipeline
internal import Providers

/// What the engines of all calls add up to, as Prometheus reads it.
extension EngineSet {
    func metrics() -> [Metric] { providerMetrics() + cacheMetrics() }

    /// Of stages with more than one provider, whose failures their chain counts.
    private func providerMetrics() -> [Metric] {
        let health = health().sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { stage, all in
            all.map { provider in
                let labels: [Metric.Label] = [
                    .init("stage", stage.rawValue), .init("provider", provider.name),
                ]
                return (provider, labels)
            }
        }
        return [
            Metric(
                "mediabridge_provider_state",
                help: "1 for the state a provider is in: closed is served, open is shut out.",
                .gauge(
                    health.flatMap { provider, labels in
                        ["closed", "open", "probing"].map { state in
                            .init(
                                provider.breaker.name == state ? 1 : 0,
                                labels + [.init("state", state)])
                        }
                    })),
            Metric(
                "mediabridge_provider_first_output_p95_milliseconds",
                help: "Until a provider's first token or octet, over its last requests.",
                .gauge(
                    health.compactMap { provider, labels in
                        provider.firstOutput95.map { .init($0.milliseconds, labels) }
                    })),
            Metric(
                "mediabridge_provider_requests_total", help: "Requests that were begun.",
                .counter(health.map { .init(UInt64(max(0, $0.startedCount)), $1) })),
            Metric(
                "mediabridge_provider_failures_total",
                help: "Requests that a provider failed, or was too slow for.",
                .counter(health.map { .init(UInt64(max(0, $0.failedCount)), $1) })),
        ]
    }

    private func cacheMetrics() -> [Metric] {
        guard let figures = cache?.shared.figures else { return [] }
        return [
            Metric(
                "mediabridge_response_cache_total",
                help: "Look-ups in the response cache and changes of it, for answers and audio.",
                .counter(
                    Self.samples(figures.answers, of: "answer")
                        + Self.samples(figures.speech, of: "speech"))),
            Metric(
                "mediabridge_response_cache_answers", help: "Answers that are kept.",
                .gauge([.init(Double(figures.answerCount))])),
            Metric(
                "mediabridge_response_cache_octets", help: "Texts and audio that are kept.",
                .gauge([.init(Double(figures.octetCount))])),
        ]
    }

    private static func samples(
        _ counters: ResponseCache.Counters, of kind: String
    ) -> [Metric.Sample<UInt64>] {
        [
            ("hit", counters.hits), ("miss", counters.misses), ("expired", counters.expired),
            ("stored", counters.stored), ("evicted", counters.evicted),
            ("invalidated", counters.invalidated),
        ].map { .init(UInt64($0.1), [.init("kind", kind), .init("what", $0.0)]) }
    }
}

extension CircuitBreaker.State {
    /// As metrics carry it.
    fileprivate var name: String {
        switch self {
        case .closed: "closed"
        case .open: "open"
        case .probing: "probing"
        }
    }
}
