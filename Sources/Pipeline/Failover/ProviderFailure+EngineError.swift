extension ProviderFailure {
    /// What an engine's error says of its provider, where the engine says no more.
    ///
    /// Engines that can tell throw `ProviderFailure` itself; both may come out of their streams.
    ///
    /// - Parameters:
    ///   - error: as it was thrown.
    ///   - hasDelivered: something had come before.
    package init(_ error: any Error, hasDelivered: Bool) {
        switch error {
        case let failure as ProviderFailure: self = failure
        case let error as EngineError:
            switch error {
            case .unavailable: self = .unauthorised
            case .overloaded: self = .overloaded
            case .timedOut: self = hasDelivered ? .stalledMidStream : .timedOut
            case .failed: self = .closedEarly
            }
        default: self = .closedEarly
        }
    }
}

extension EngineError {
    /// For a request that no provider of the chain could serve.
    ///
    /// - Parameters:
    ///   - failure: of the last one.
    ///   - stage: what they were to do.
    package init(exhausted failure: ProviderFailure, _ stage: EngineStage) {
        self = .failed("no \(stage.rawValue) provider could answer: \(failure.name)")
    }
}
