/// Decides what Twilio is to do with a call: a pure function of the settings and what is known.
struct VoiceAnswer: Sendable {
    let settings: TwilioSettings
    /// Of the control API as Twilio sees it, without a slash at its end.
    let base: String

    /// For a call that has just come in, or that somebody has answered.
    ///
    /// - Parameters:
    ///   - request: of the carrier.
    ///   - language: ISO 639-1, as the number's webhook URL asks for it.
    ///   - token: lets the stream in; `nil` where none is asked for.
    ///   - canServe: whether an agent could take the call now.
    /// - Returns: the agent's stream with a human behind it, or the human at once.
    func opening(
        _ request: VoiceRequest, language: String, token: String?, canServe: Bool
    ) -> TwiML {
        guard canServe else { return human(request, language: language, isFirst: true) }
        var stream = TwiML.Stream(url: settings.streamURL(base: base))
        stream.statusCallback = callback("stream-status")
        let parameters = [
            ("token", token), ("language", language), ("from", request.from),
            ("to", request.to), ("direction", request.direction),
            ("answeredBy", request.answeredBy),
        ]
        stream.parameters = parameters.compactMap { name, value in
            value.map { .init(name, String($0.prefix(400))) }
        }
        switch settings.afterStream {
        case .ask:
            return TwiML([
                .connect(stream, action: callback("after-stream?language=\(language)"))
            ])
        case .dial:
            // No URL of ours stands in what follows: it runs even when nobody is here to answer.
            return TwiML(
                [.connect(stream, action: nil)] + human(request, language: language).verbs)
        }
    }

    /// For a call whose stream is over; a human is the answer to everything but a good end.
    func afterStream(
        _ request: VoiceRequest, language: String, _ outcome: StreamOutcome?
    ) -> TwiML {
        switch outcome {
        case .served: TwiML([.hangUp])
        case .handedOver(let destination?):
            transfer(to: destination, whisper: nil, language: language)
        case .handedOver(nil), .failed, nil:
            human(request, language: language, asksAfterwards: true)
        }
    }

    /// For a call that was forwarded, when that is over.
    func afterDial(_ status: String?, wasBridged: Bool?, language: String) -> TwiML {
        let isAnswered = status == "completed" || status == "answered"
        guard isAnswered, wasBridged != false else { return apology(language) }
        return TwiML([.hangUp])
    }

    /// Hands a live call to a human who first hears what it is about.
    ///
    /// - Parameters:
    ///   - destination: a number or SIP address.
    ///   - whisper: the id of what is said to the human; `nil`: nothing.
    ///   - language: of the call, ISO 639-1.
    /// - Returns: a document that rings the human.
    func transfer(to destination: String, whisper: String?, language: String) -> TwiML {
        var dial = TwiML.Dial(destination: destination)
        dial.callerID = settings.phoneNumber?.text
        dial.ringSeconds = settings.ringSeconds
        dial.action = callback("dial-status?language=\(language)")
        dial.whisper = whisper.map { callback("whisper/\($0)") }
        return TwiML([.dial(dial)])
    }

    private func human(
        _ request: VoiceRequest, language: String, isFirst: Bool = false,
        asksAfterwards: Bool = false
    ) -> TwiML {
        // A call from or to the mobile would find it busy.
        guard let mobile = settings.mobileNumber, request.from != mobile.text,
            request.to != mobile.text
        else { return apology(language) }
        var dial = TwiML.Dial(destination: mobile.text)
        dial.callerID = settings.phoneNumber?.text
        dial.ringSeconds = settings.ringSeconds
        dial.answersOnBridge = isFirst
        if asksAfterwards {
            dial.action = callback("dial-status?language=\(language)")
        } else {
            dial.statusCallback = callback("dial-status")
        }
        return TwiML([.dial(dial)])
    }

    private func apology(_ language: String) -> TwiML {
        TwiML([.say(Self.apologies[language] ?? Self.english, language: language), .hangUp])
    }

    func callback(_ name: String) -> String { "\(base)/api/twilio/\(name)" }

    private static let english =
        "We are sorry, nobody can take your call right now. Please call again later."
    private static let apologies = [
        "en": english,
        "es": "Lo sentimos, ahora mismo nadie puede atenderle. Por favor, llame más tarde.",
    ]
}

/// How the agent's part of a call ended.
package enum StreamOutcome: Equatable, Sendable {
    /// Nothing is left to do: the agent hung up.
    case served
    /// The caller is to talk to a human: at a number or SIP address, or else at the mobile.
    case handedOver(to: String?)
    case failed
}
