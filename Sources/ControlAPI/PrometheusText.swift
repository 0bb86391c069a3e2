/// The text exposition format of Prometheus, version 0.0.4.
///
/// Source: prometheus.io/docs/instrumenting/exposition_formats, "Text format details".
enum PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    static func render(_ metrics: [Metric]) -> String {
        var text = ""
        for metric in metrics {
            text += "# HELP \(metric.name) \(escapedHelp(metric.help))\n"
            text += "# TYPE \(metric.name) "
            switch metric.samples {
            case .counter(let samples):
                text += "counter\n"
                for sample in samples {
                    text += line(metric.name, sample.labels, String(sample.value))
                }
            case .gauge(let samples):
                text += "gauge\n"
                for sample in samples {
                    text += line(metric.name, sample.labels, number(sample.value))
                }
            case .histogram(let samples):
                text += "histogram\n"
                for sample in samples {
                    text += lines(metric.name, sample.labels, sample.value)
                }
            }
        }
        return text
    }

    private static func lines(
        _ name: String, _ labels: [Metric.Label], _ histogram: HistogramValue
    ) -> String {
        var text = ""
        var cumulative: UInt64 = 0
        let bounds = histogram.bounds.map(number) + ["+Inf"]
        for (bound, count) in zip(bounds, histogram.counts) {
            cumulative += count
            text += line(
                name + "_bucket", labels + [Metric.Label("le", bound)], String(cumulative))
        }
        text += line(name + "_sum", labels, number(histogram.sum))
        text += line(name + "_count", labels, String(cumulative))
        return text
    }

    private static func line(_ name: String, _ labels: [Metric.Label], _ value: String) -> String {
        guard !labels.isEmpty else { return "\(name) \(value)\n" }
        let pairs = labels.map { "\($0.name)=\"\(escapedLabel($0.value))\"" }
        return "\(name){\(pairs.joined(separator: ","))} \(value)\n"
    }

    /// As Go's `ParseFloat` takes it.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return String(value)
    }

    private static func escapedHelp(_ text: String) -> String {
        escaped(text, quotes: false)
    }

    private static func escapedLabel(_ text: String) -> String {
        escaped(text, quotes: true)
    }

    /// By scalar: the character `"\r\n"` holds a line feed too.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\"" where quotes: result.append(contentsOf: "\\\"".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
