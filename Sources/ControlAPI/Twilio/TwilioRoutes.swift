internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Synchronization

/// What Twilio asks and tells at `/api/twilio`; every request must carry its signature.
struct TwilioRoutes: Sendable {
    /// A webhook that Twilio has sent.
    private struct Webhook {
        let fields: FormFields
        /// Of the control API as Twilio sees it, without a slash at its end.
        let base: String
        /// ISO 639-1: of the URL's `language`, or the settings'.
        let language: String
    }

    let service: TwilioService
    let bodyOctetLimit: Int

    func add(to router: ControlRouter) {
        for path in ["/api/twilio/voice-webhook", "/api/twilio/voice"] {
            router.route(path, .post) { request, _ in try await opening(request) }
        }
        router.route("/api/twilio/after-stream", .post) { request, _ in
            try await afterStream(request)
        }
        router.route("/api/twilio/dial-status", .post) { request, _ in
            try await dialStatus(request)
        }
        router.route("/api/twilio/status", .post) { request, _ in
            try await take(request) { CarrierReport(status: $0) }
        }
        router.route("/api/twilio/stream-status", .post) { request, _ in
            try await take(request) { CarrierReport(stream: $0) }
        }
        router.route("/api/twilio/amd", .post) { request, _ in
            try await take(request) { CarrierReport(answer: $0) }
        }
        router.route("/api/twilio/whisper/:id", .post) { request, context in
            try await whisper(request, id: context.id("id", orElse: .notFound("summary")))
        }
    }

    /// A call has come in, or one that we made was answered.
    private func opening(_ request: Request) async throws -> Response {
        let webhook = try await received(request)
        let call = try call(webhook)
        let canServe = await service.canServe()
        service.counters.withLock {
            if canServe { $0.callsAdmitted += 1 } else { $0.callsForwarded += 1 }
        }
        if canServe {
            await service.expect(call)
        } else {
            service.logger.warning("a call was sent straight to a human")
        }
        let token =
            canServe && service.settings.checksRequests
            ? service.tokens.issue(for: call.callSID) : nil
        return .twiML(
            answer(webhook).opening(
                call, language: webhook.language, token: token, canServe: canServe))
    }

    /// The agent's stream is over, and the carrier asks what comes next.
    private func afterStream(_ request: Request) async throws -> Response {
        let webhook = try await received(request)
        let call = try call(webhook)
        return .twiML(
            answer(webhook).afterStream(
                call, language: webhook.language, service.outcome(of: call.callSID)))
    }

    /// The human's leg is over: Twilio asks what comes next, or only tells.
    private func dialStatus(_ request: Request) async throws -> Response {
        let webhook = try await received(request)
        guard let report = CarrierReport(dial: webhook.fields) else {
            guard let report = CarrierReport(status: webhook.fields) else {
                throw Problem.badRequest("A callback names its CallSid and its status.")
            }
            await service.log.take(report, language: webhook.language)
            return Response(status: .noContent)
        }
        await service.log.take(report, language: webhook.language)
        return .twiML(
            answer(webhook).afterDial(
                report.status, wasBridged: webhook.fields["DialBridged"].map { $0 != "false" },
                language: webhook.language))
    }

    /// What a human hears before the call is theirs.
    private func whisper(_ request: Request, id: String) async throws -> Response {
        _ = try await received(request)
        // Without a word they are joined all the same.
        guard let whisper = service.whispers.whisper(id) else { return .twiML(TwiML([])) }
        return .twiML(TwiML([.say(whisper.text, language: whisper.language)]))
    }

    private func take(
        _ request: Request, _ read: (FormFields) -> CarrierReport?
    ) async throws -> Response {
        let webhook = try await received(request)
        guard let report = read(webhook.fields) else {
            throw Problem.badRequest("A callback names its CallSid and its status.")
        }
        await service.log.take(report, language: webhook.language)
        return Response(status: .noContent)
    }

    private func answer(_ webhook: Webhook) -> VoiceAnswer {
        VoiceAnswer(settings: service.settings, base: webhook.base)
    }

    private func call(_ webhook: Webhook) throws(Problem) -> VoiceRequest {
        guard let call = VoiceRequest(webhook.fields) else {
            throw .badRequest("A voice webhook names its CallSid.")
        }
        return call
    }

    /// Reads a webhook and holds its signature against it.
    private func received(_ request: Request) async throws -> Webhook {
        let octets = try await request.octets(upTo: bodyOctetLimit)
        let base = service.settings.publicURL ?? "https://\(request.head.authority ?? "")"
        let contentType = request.headers[.contentType]
        if service.settings.checksRequests {
            let signed = TwilioSignature.SignedRequest(
                url: base + (request.head.path ?? "/"), body: octets, contentType: contentType)
            let verdict = service.count(
                service.signature.judge(request.twilioSignature, of: signed))
            guard verdict == .valid else {
                service.logger.warning(
                    "a webhook was refused", metadata: ["signature": "\(verdict)"])
                throw Problem(
                    status: .forbidden,
                    detail:
                        "Only Twilio may ask here. If it did, MEDIABRIDGE_PUBLIC_URL is not the "
                        + "address it was given, or TWILIO_AUTH_TOKEN not its account's.")
            }
        }
        let asked = request.uri.queryParameters["language"].map {
            String($0.prefix(2)).lowercased()
        }
        let isLanguage =
            asked?.count == 2 && asked?.allSatisfy { $0.isASCII && $0.isLetter } == true
        return Webhook(
            fields: FormFields(parsing: octets), base: base,
            language: isLanguage ? asked ?? service.settings.language : service.settings.language)
    }
}

extension Request {
    fileprivate var twilioSignature: String? {
        headers.first { $0.name.canonicalName == "x-twilio-signature" }?.value
    }

    /// The whole body.
    ///
    /// - Throws: `Problem` 413; what the connection throws.
    func octets(upTo limit: Int) async throws -> [UInt8] {
        var octets: [UInt8] = []
        for try await part in body {
            octets += part.readableBytesView
            guard octets.count <= limit else { throw Problem.bodyTooLarge(limit: limit) }
        }
        return octets
    }
}

extension Response {
    fileprivate static func twiML(_ document: TwiML) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/xml; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: document.text)))
    }
}
