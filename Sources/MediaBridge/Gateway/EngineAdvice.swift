internal import Pipeline

/// Says what to do when a provider's check failed: which setting to look at.
struct EngineAdvice: Sendable {
    let provider: CloudProvider
    let stage: EngineStage

    /// Anything but a `ProviderFailure` tells by itself.
    func error(_ error: any Error) -> EngineError {
        guard let failure = error as? ProviderFailure else { return EngineError(error) }
        let name = provider.rawValue
        switch failure {
        case .unauthorised:
            let key = provider.keyVariable
            return .unavailable(
                "\(name) refuses the key: check \(key), what it may be used for and its credit")
        case .rejected(let status):
            let choices = stage == .speech ? "_VOICE and \(variable("_MODEL"))" : "_MODEL"
            return .unavailable(
                "\(name) refuses the request (\(status)): check \(variable(choices))"
                    + (stage == .recognition ? " and the language" : ""))
        case .dns, .refused:
            return .unavailable(
                "no connection to \(name): is it running? check \(variable("_BASE_URL"))")
        case .rateLimited, .overloaded:
            return .overloaded("\(name) takes no more requests now; calls will try again")
        case .timedOut, .stalledBeforeFirst, .stalledMidStream:
            return .timedOut("\(name) did not answer in time; calls will try again")
        case .server, .garbage, .closedEarly:
            return .failed(
                "\(name) failed (\(failure.name)); calls will try again. If it is another server: "
                    + "check \(variable("_BASE_URL"))")
        }
    }

    private func variable(_ setting: String) -> String {
        let stage =
            self.stage == provider.mainStage ? "" : "_\(self.stage.rawValue.uppercased())"
        return "MEDIABRIDGE_\(provider.rawValue.uppercased())\(stage)\(setting)"
    }
}
