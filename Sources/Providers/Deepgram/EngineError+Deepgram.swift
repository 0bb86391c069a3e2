internal import Pipeline

extension EngineError {
    /// What a failure of Deepgram means to whoever reads the event or the log.
    init(deepgram failure: ProviderFailure) {
        switch failure {
        case .unauthorised:
            self = .unavailable("Deepgram refuses the key: check DEEPGRAM_API_KEY and its credit")
        case .rejected(let status):
            self = .unavailable(
                "Deepgram refuses the request (\(status)): check the model and the language")
        case .rateLimited, .overloaded:
            self = .overloaded("Deepgram takes no more connections now")
        case .timedOut, .stalledBeforeFirst, .stalledMidStream:
            self = .timedOut("Deepgram gave no final transcript in time")
        case .dns, .refused, .server, .garbage, .closedEarly:
            self = .failed("no connection to Deepgram: \(failure.name)")
        }
    }
}
