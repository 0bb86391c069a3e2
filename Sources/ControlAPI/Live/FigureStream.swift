internal import Foundation
internal import Hummingbird
internal import Records
internal import ServiceLifecycle

/// One subscriber of `/ws/metrics`: the gateway's figures, once a second.
struct FigureStream: Sendable {
    let figures: DashboardFigures
    private static let interval = Duration.seconds(1)

    /// Runs until the subscriber leaves or the gateway shuts down.
    ///
    /// - Throws: what the connection throws once it is gone.
    @concurrent func run(
        _ writer: inout any ResponseBodyWriter, reading messages: RequestBody
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { for try await _ in messages {} } catch {}
            }
            // A peer that is gone is found out when the next message cannot be written.
            repeat {
                try await writer.send(await figures.latest())
            } while await hasWaited()
            try await writer.close(1_001, "the gateway shuts down")
            try await group.waitForAll()
        }
    }

    /// Whether a second has passed; the gateway's end comes before.
    private func hasWaited() async -> Bool {
        await cancelWhenGracefulShutdown {
            (try? await Task.sleep(for: Self.interval)) != nil
        }
    }
}

/// The figures of `/metrics` for a dashboard, taken once however many watch.
actor DashboardFigures {
    struct Message: Encodable, Sendable {
        let type = "metrics"
        let time: String
        /// By series, as `/metrics` names them: counters and gauges.
        let values: [String: Double]
        let histograms: [String: Histogram]

        private enum CodingKeys: String, CodingKey { case type, time, values, histograms }
    }

    /// Since the gateway started.
    struct Histogram: Encodable, Sendable {
        let count: UInt64
        let sum: Double
        /// The bound of the bucket in which it lies; `nil`: none, or above all bounds.
        let p50: Double?
        let p99: Double?
    }

    private static let lifetime = Duration.milliseconds(500)
    private let metrics: MetricsSnapshot
    private var kept: (message: Message, taken: ContinuousClock.Instant)?

    init(metrics: @escaping MetricsSnapshot) { self.metrics = metrics }

    func latest() async -> Message {
        if let kept, kept.taken.duration(to: .now) < Self.lifetime { return kept.message }
        let taken = ContinuousClock.now
        let message = Self.message(await metrics(), at: Date())
        kept = (message, taken)
        return message
    }

    static func message(_ metrics: [Metric], at time: Date) -> Message {
        var values: [String: Double] = [:]
        var histograms: [String: Histogram] = [:]
        for metric in metrics {
            switch metric.samples {
            case .counter(let samples):
                for sample in samples {
                    values[series(metric.name, sample.labels)] = Double(sample.value)
                }
            case .gauge(let samples):
                for sample in samples where sample.value.isFinite {
                    values[series(metric.name, sample.labels)] = sample.value
                }
            case .histogram(let samples):
                for sample in samples {
                    histograms[series(metric.name, sample.labels)] = Histogram(
                        count: sample.value.count, sum: sample.value.sum,
                        p50: sample.value.quantile(0.5), p99: sample.value.quantile(0.99))
                }
            }
        }
        return Message(time: time.recordText, values: values, histograms: histograms)
    }

    private static func series(_ name: String, _ labels: [Metric.Label]) -> String {
        guard !labels.isEmpty else { return name }
        return name + "{" + labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",") + "}"
    }
}

extension HistogramValue {
    /// The least bound that so many of the values do not exceed.
    fileprivate func quantile(_ part: Double) -> Double? {
        guard count > 0 else { return nil }
        var below: UInt64 = 0
        for (bound, count) in zip(bounds, counts) {
            below += count
            if Double(below) >= part * Double(self.count) { return bound }
        }
        return nil
    }
}
