internal import Pipeline
internal import Records

extension Gateway {
    /// The service that warns; `nil` when the configuration wants none.
    func alertService(
        _ records: RecordMetrics, _ loops: [MediaLoop<GatewayLoop>], _ engines: EngineSet
    ) -> AlertService? {
        guard configuration.alerts.isOn else { return nil }
        return AlertService(
            watch: AlertWatch(configuration.alerts.rules), journal: records.journal,
            store: records.store,
            gauges: {
                AlertRules.Gauges(
                    providers: engines.servingProviders,
                    ticks: loops.reduce(0) { $0 + $1.counters[.ticks] },
                    lateTicks: loops.reduce(0) { $0 + $1.counters[.ticksLate] })
            }, logger: logger)
    }
}

extension EngineSet {
    /// Of stages with more than one provider: alone, a provider is asked whatever it does.
    fileprivate var servingProviders: [AlertRules.Gauges.Provider] {
        health().sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { stage, all in
            all.map { provider in
                let isServing = if case .closed = provider.breaker { true } else { false }
                return .init(name: "\(stage.rawValue)/\(provider.name)", isServing: isServing)
            }
        }
    }
}
