internal import HTTPTypes

// Routes that those who run calls elsewhere ask.
extension APIOperation {
    static let remoteCalls: [APIOperation] = [
        APIOperation(
            .post, VapiRoutes.path, "remote calls",
            "What Vapi tells and asks of its calls, with its secret or signature.",
            body: "VapiMessage", answer: "Anything", problems: [401, 429, 503]),
        APIOperation(
            .post, ElevenLabsRoutes.path, "remote calls",
            "A call that ElevenLabs has run, with its signature.", body: "PostCallEvent",
            answer: "PostCallAnswer", problems: [401, 429, 503]),
    ]
}
