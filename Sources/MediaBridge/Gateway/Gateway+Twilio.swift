internal import ControlAPI
internal import Logging
internal import Pipeline
internal import Providers
internal import Records

extension Gateway {
    /// The side of Twilio that is not audio.
    func twilioService(
        _ journal: EventJournal, http: ProviderHTTP, contacts: ContactDirectory?,
        canServe: @escaping @Sendable () async -> Bool
    ) -> TwilioService {
        let twilio = configuration.twilio
        let settings = twilio.settings(language: configuration.language.rawValue)
        let isLocal = ["127.0.0.1", "::1", "localhost"].contains(configuration.bind)
        if !settings.checksRequests, !isLocal {
            logger.warning("anybody may call as Twilio: set TWILIO_AUTH_TOKEN to check who it is")
        }
        if settings.checksRequests, settings.publicURL == nil {
            logger.notice(
                "set MEDIABRIDGE_PUBLIC_URL to the address Twilio uses, if it is not that of the host it asks for"
            )
        }
        return TwilioService(
            settings: settings,
            signature: TwilioSignature(authTokens: [twilio.authToken?.value].compactMap(\.self)),
            client: twilio.account.map {
                TwilioClient($0, transport: ProviderCarrierTransport(http: http))
            },
            journal: journal, contacts: contacts, canServe: canServe, logger: logger)
    }
}
