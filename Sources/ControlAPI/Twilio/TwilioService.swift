internal import Events
package import Logging
package import Records
internal import Synchronization

/// Everything between the gateway and Twilio but the audio: what calls are to do, who may send
/// audio for them, what becomes of them, and calls that we make.
package final class TwilioService: Sendable {
    package struct Counters: Equatable, Sendable {
        package var signaturesMissing = 0
        package var signaturesRefused = 0
        package var callsAdmitted = 0
        /// Sent straight to a human: over capacity or not ready.
        package var callsForwarded = 0
    }

    package let settings: TwilioSettings
    package let tokens = StreamTokens()
    /// `nil`: the account is not configured.
    package let client: TwilioClient?
    let signature: TwilioSignature
    let journal: EventJournal
    let log: CarrierLog
    private let contacts: ContactDirectory?
    let canServe: @Sendable () async -> Bool
    let logger: Logger
    let whispers = Whispers()
    let counters = Mutex(Counters())
    private let outcomes = Mutex(Outcomes())

    /// - Parameters:
    ///   - settings: how calls are handled.
    ///   - signature: knows Twilio's requests.
    ///   - client: of the REST API; `nil` without an account.
    ///   - journal: where the carrier's reports go.
    ///   - contacts: who is asked whose call is about to come; `nil`: nobody.
    ///   - canServe: whether an agent could take one more call now.
    ///   - logger: for refusals and failures; never told numbers.
    package init(
        settings: TwilioSettings, signature: TwilioSignature, client: TwilioClient?,
        journal: EventJournal, contacts: ContactDirectory? = nil,
        canServe: @escaping @Sendable () async -> Bool, logger: Logger
    ) {
        self.settings = settings
        self.signature = signature
        self.client = client
        self.journal = journal
        self.contacts = contacts
        self.canServe = canServe
        self.logger = logger
        log = CarrierLog(journal: journal)
    }

    /// Adds the webhooks, and the calls that we make.
    func addRoutes(to router: ControlRouter, bodyOctetLimit: Int) {
        TwilioRoutes(service: self, bodyOctetLimit: bodyOctetLimit).add(to: router)
        OutboundCallRoutes(service: self, bodyOctetLimit: bodyOctetLimit).add(to: router)
    }

    /// Begins to look up who is on a call whose stream is still to come.
    func expect(_ call: VoiceRequest) async {
        guard let number = call.person.flatMap({ CallerNumber($0) }) else { return }
        await contacts?.expect(number)
    }

    // MARK: The media socket

    /// Whether an upgrade to the media stream may go on.
    ///
    /// - Parameters:
    ///   - header: `X-Twilio-Signature`.
    ///   - host: of the request, in place of a URL that is not configured.
    ///   - path: of the request.
    /// - Returns: `true` also where nothing is checked.
    package func admitsUpgrade(_ header: String?, host: String?, path: String) -> Bool {
        guard settings.checksRequests else { return true }
        let url =
            settings.publicURL == nil && settings.streamURL == nil
            ? "wss://\(host ?? "")\(path)" : settings.streamURL(base: settings.publicURL ?? "")
        return count(signature.judge(header, of: .init(url: url))) == .valid
    }

    /// Whether a stream that has started belongs to a call that its webhook admitted.
    package func admitsStream(token: String?, callSID: String) -> Bool {
        settings.checksRequests ? tokens.redeem(token, for: callSID) : true
    }

    /// The agent's part of a call is over, and its stream is about to be closed.
    ///
    /// Where the carrier can be told through its API, it cuts the stream itself; whoever owns the
    /// stream closes it all the same when that takes more than a few seconds.
    ///
    /// - Returns: whether the stream is left for the carrier to cut.
    package func streamEnds(callSID: String, _ outcome: StreamOutcome) -> Bool {
        outcomes.withLock { $0.note(outcome, of: callSID) }
        guard let client, settings.afterStream == .dial else { return false }
        switch outcome {
        case .failed: return false
        case .served:
            Task { [logger] in
                do throws(CarrierError) { try await client.hangUp(callSID) } catch {
                    logger.warning("a call was not hung up", metadata: ["why": "\(error)"])
                }
            }
            return true
        case .handedOver(let wanted):
            guard let destination = wanted ?? settings.mobileNumber?.text,
                settings.publicURL != nil
            else { return false }
            Task { [logger] in
                do {
                    try await self.transfer(callSID: callSID, to: destination, summary: nil)
                } catch {
                    logger.warning("a call was not handed over", metadata: ["why": "\(error)"])
                }
            }
            return true
        }
    }

    /// What `streamEnds` was told; the carrier asks once, but may repeat itself.
    func outcome(of callSID: String) -> StreamOutcome? {
        outcomes.withLock { $0.latest[callSID] }
    }

    // MARK: Steering calls

    /// Hands a live call to a human, who first hears what it is about.
    ///
    /// - Parameters:
    ///   - callSID: the carrier's name for it.
    ///   - destination: a number or SIP address.
    ///   - summary: in the call's language; `nil`: made from what the journal knows.
    /// - Throws: `CarrierError`.
    package func transfer(
        callSID: String, to destination: String, summary: String?
    ) async throws(CarrierError) {
        guard let client else { throw .notConfigured(Self.accountAdvice) }
        guard let base = settings.publicURL else { throw .notConfigured(Self.publicURLAdvice) }
        let call = await journal.call(callSID)
        let language = call?.summary.language ?? settings.language
        let text = summary ?? Whispers.summary(of: call?.turns ?? [], language: language)
        let id = whispers.keep(.init(text: text, language: language))
        let document = VoiceAnswer(settings: settings, base: base)
            .transfer(to: destination, whisper: id, language: language)
        try await client.redirect(callSID, to: document)
    }

    package func hangUp(callSID: String) async throws(CarrierError) {
        guard let client else { throw .notConfigured(Self.accountAdvice) }
        outcomes.withLock { $0.note(.served, of: callSID) }
        try await client.hangUp(callSID)
    }

    static let accountAdvice =
        "No Twilio account is configured: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."
    static let publicURLAdvice =
        "Twilio cannot reach this gateway: set MEDIABRIDGE_PUBLIC_URL to its public address."

    func count(_ verdict: TwilioSignature.Verdict) -> TwilioSignature.Verdict {
        counters.withLock {
            switch verdict {
            case .valid: break
            case .missing: $0.signaturesMissing += 1
            case .mismatch, .bodyMismatch: $0.signaturesRefused += 1
            }
        }
        return verdict
    }

    /// What it counted, for `/metrics`.
    package func metrics() async -> [Metric] {
        let counted = counters.withLock { $0 }
        let tokens = tokens.counters
        let (taken, repeated) = (await log.taken, await log.repeated)
        func samples(_ values: [(String, Int)]) -> Metric.Samples {
            .counter(values.map { .init(UInt64(max(0, $0.1)), [.init("kind", $0.0)]) })
        }
        return [
            Metric(
                "mediabridge_twilio_requests_refused_total",
                help: "Webhooks and upgrades that Twilio did not sign.",
                samples([
                    ("missing", counted.signaturesMissing), ("wrong", counted.signaturesRefused),
                ])),
            Metric(
                "mediabridge_twilio_stream_tokens_total",
                help: "One-time tokens of media streams, by what became of them.",
                samples([
                    ("issued", tokens.issued), ("redeemed", tokens.redeemed),
                    ("refused", tokens.refused),
                ])),
            Metric(
                "mediabridge_twilio_calls_total",
                help: "Calls that Twilio asked about: given to the agent, or to a human at once.",
                samples([
                    ("admitted", counted.callsAdmitted), ("forwarded", counted.callsForwarded),
                ])),
            Metric(
                "mediabridge_twilio_reports_total", help: "The carrier's callbacks.",
                samples([("taken", taken), ("repeated", repeated)])),
        ]
    }
}

/// How the latest streams ended.
private struct Outcomes {
    private(set) var latest: [String: StreamOutcome] = [:]
    private var order: [String] = []

    mutating func note(_ outcome: StreamOutcome, of callSID: String) {
        if latest.updateValue(outcome, forKey: callSID) == nil {
            order.append(callSID)
            if order.count > 10_000 { latest[order.removeFirst()] = nil }
        }
    }
}
