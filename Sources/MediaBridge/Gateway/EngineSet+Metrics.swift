internal import ControlAPI
internal import Pipeline
internal import Providers

/// What the engines of all calls add up to, as Prometheus reads it.
extension EngineSet {
    func metrics() -> [Metric] {
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
