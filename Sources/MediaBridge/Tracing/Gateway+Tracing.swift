internal import ControlAPI
internal import ServiceLifecycle
internal import Tracing

extension Gateway {
    /// The service that exports spans, with the process's tracer set up; `nil`: nobody traces.
    func tracing() -> OTLPExporter? {
        guard let url = configuration.tracing.url else { return nil }
        var settings = OTLPExporter.Settings(url: url)
        settings.headers = configuration.tracing.headers
        settings.serviceName = configuration.tracing.serviceName
        return OTLPExporter(
            settings: settings, queue: OTLPTracer.bootstrapped.queue, logger: logger)
    }

    /// Stopped after everything that they watch.
    func observers(
        _ alerts: AlertService?, _ exporter: OTLPExporter?
    ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
        if let exporter {
            services.append(.init(service: exporter, successTerminationBehavior: .ignore))
        }
        if let alerts {
            services.append(.init(service: alerts, successTerminationBehavior: .ignore))
        }
        return services
    }
}

extension OTLPTracer {
    /// The process's own; a process can be told of its tracer once.
    static let bootstrapped: OTLPTracer = {
        let tracer = OTLPTracer(queue: SpanQueue())
        InstrumentationSystem.bootstrap(tracer)
        return tracer
    }()
}

extension SpanQueue {
    var metrics: [Metric] {
        let counts = counts
        return [
            Metric(
                "mediabridge_spans_total", help: "Spans of traces by what became of them.",
                .counter([
                    .init(UInt64(counts.exported), [.init("outcome", "exported")]),
                    .init(UInt64(counts.dropped), [.init("outcome", "dropped")]),
                ])),
            Metric(
                "mediabridge_spans_waiting", help: "Spans that are still to be exported.",
                .gauge([.init(Double(counts.waiting))])),
        ]
    }
}
