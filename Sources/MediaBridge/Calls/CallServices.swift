internal import Codecs
internal import ControlAPI
internal import Pipeline

/// What every call of the gateway shares.
struct CallServices: Sendable {
    let engines: CallEngines
    /// `nil`: our own conversation leads every call.
    var agent: (any SpeechAgent)?
    let workers: CallWorkers
    let fillers: FillerLibrary
    let detection: VoiceDetection
    /// The agent's own voice, come back over a carrier's line, is not to be taken for the caller's.
    let protectsFromEcho: Bool
    let defaultLanguage: Language
    /// `nil`: no call is recorded.
    let flights: FlightRecording?
    /// `nil`: what calls cost is not known.
    var prices: PriceTable?
    /// Who may stream for which call; `nil`: anybody.
    var twilio: TwilioService?
    /// `nil`: nobody asks who calls.
    var callers: CallerLookup?
    /// Adjusts the defaults to the configuration.
    let configure: @Sendable (inout ConversationSettings) -> Void

    /// What finds out who calls and tells `post`; `nil` when there is nobody to look up.
    func identify(
        _ opening: CallOpening, _ post: @escaping @Sendable (Conversation.Event) -> Void
    ) -> (@Sendable () async -> Void)? {
        guard let callers, let number = callers.number(of: opening) else { return nil }
        return { await callers.tell(number, post) }
    }

    func conversationSettings(for opening: CallOpening) -> ConversationSettings {
        var settings = ConversationSettings(
            language: opening.language, octetsPerSecond: opening.outbound.octetsPerSecond)
        if case .silero = detection { settings.speech = .neural }
        settings.interimsAreStable = engines.recognizer.interimsAreStable
        configure(&settings)
        opening.adjust(&settings.voicemail)
        settings.fillers = fillers.waiting(in: opening.language, format: opening.outbound)
        settings.apology = fillers.apology(in: opening.language, format: opening.outbound)
        return settings
    }
}
