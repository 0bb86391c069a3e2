internal import Pipeline

extension EngineSocketEnd {
    /// Why a recogniser's connection is over.
    var recognitionFailure: ProviderFailure {
        switch self {
        case .impossible: .refused
        case .unreachable(let reason): reason.hasPrefix("no address") ? .dns : .refused
        case .refused(let status): ProviderFailure(status: status)
        // Audio that is not what we said it is, a message it does not take or one too big for it.
        case .peerClosed(let code) where [1_003, 1_008, 1_009].contains(code):
            .rejected(status: Int(code))
        case .peerClosed, .vanished, .closedHere: .closedEarly
        case .misbehaved: .garbage
        }
    }
}

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
