/// One family of figures as Prometheus reads it: plain values, copied from wherever they are kept.
package struct Metric: Equatable, Sendable {
    /// One label, for instance `stage="stt"`.
    package struct Label: Equatable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            precondition(
                Metric.isName(name, colonsAllowed: false) && !name.hasPrefix("__"),
                "\(name) is no name for a label")
            self.name = name
            self.value = value
        }
    }

    /// A figure and the labels that tell it from others of its family.
    package struct Sample<Value: Equatable & Sendable>: Equatable, Sendable {
        package let labels: [Label]
        package let value: Value

        package init(_ value: Value, _ labels: [Label] = []) {
            self.labels = labels
            self.value = value
        }
    }

    package enum Samples: Equatable, Sendable {
        /// Only grows while the process lives; its name ends in `_total`.
        case counter([Sample<UInt64>])
        case gauge([Sample<Double>])
        case histogram([Sample<HistogramValue>])
    }

    package let name: String
    package let help: String
    package let samples: Samples

    /// Names a family; within one answer each name comes once, and each set of labels once per name.
    ///
    /// - Parameters:
    ///   - name: letters, digits, `_` and `:`, no digit first; with its unit, as `_seconds`.
    ///   - help: one sentence for whoever reads the dashboard.
    ///   - samples: the figures.
    package init(_ name: String, help: String, _ samples: Samples) {
        precondition(Metric.isName(name, colonsAllowed: true), "\(name) is no name for a metric")
        self.name = name
        self.help = help
        self.samples = samples
    }

    /// Of the Prometheus data model: `[a-zA-Z_:][a-zA-Z0-9_:]*`, labels without colons.
    private static func isName(_ name: String, colonsAllowed: Bool) -> Bool {
        for (index, octet) in name.utf8.enumerated() {
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "_"):
                break
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if index == 0 { return false }
            case UInt8(ascii: ":"):
                if !colonsAllowed { return false }
            default: return false
            }
        }
        return !name.isEmpty
    }
}

/// Takes a copy of all figures; called once per request of `/metrics`.
package typealias MetricsSnapshot = @Sendable () async -> [Metric]
