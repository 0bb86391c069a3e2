internal import HTTPTypes
internal import Records

// Routes that make live calls, steer and follow them, and tell others of them.
extension APIOperation {
    static let outbound: [APIOperation] = [
        APIOperation(
            .post, "/api/v1/calls", "calls", "Calls somebody, who then talks to the agent.",
            body: "OutboundCall", answer: "CallMade", status: 201, problems: [409, 502, 503, 504]),
        APIOperation(
            .post, "/api/v1/calls/test", "calls",
            "Calls the operator's mobile, says a sentence, and tells how it went.",
            body: "TestCall", answer: "Anything", problems: [409, 502, 503, 504]),
    ]

    static let carrier: [APIOperation] = [
        carrier("voice-webhook", "A call has come in: what Twilio is to do with it."),
        carrier("voice", "The same, under the other name it is known by."),
        carrier("after-stream", "The agent's stream is over: what comes next."),
        carrier("dial-status", "The human's leg is over."),
        carrier("status", "How a call fares."), carrier("stream-status", "How a stream fares."),
        carrier("amd", "Who answered a call that we made."),
        carrier("whisper/:id", "What a human hears before the call is theirs."),
    ]

    private static func carrier(_ name: String, _ summary: String) -> APIOperation {
        APIOperation(
            .post, "/api/twilio/\(name)", "twilio", summary, problems: [403, 404])
    }

    static let steering: [APIOperation] =
        ["/api/v1/calls/:id", "/api/v1/vapi/call/:id"].flatMap { base in
            [
                steering(
                    "\(base)/inject", "Has the agent say something, or know it.",
                    body: "Injection"),
                steering("\(base)/mute", "Keeps the agent silent; it goes on listening."),
                steering("\(base)/unmute", "Lets the agent speak again."),
                steering("\(base)/end", "Ends the call."),
                steering(
                    "\(base)/context", "Tells the model something nobody hears.",
                    body: "CallContext"),
                steering("\(base)/transfer", "Hands the caller to a human.", body: "Transfer"),
                steering("\(base)/dtmf", "Sends keys down the caller's line.", body: "Tones"),
                steering(
                    "\(base)/agent", "Changes the prompt or its variables.", body: "AgentChange"),
            ]
        }

    private static func steering(
        _ path: String, _ summary: String, body: String? = nil
    ) -> APIOperation {
        APIOperation(
            .post, path, "steering", summary, body: body, answer: "SteeringAnswer",
            problems: [404, 409, 503, 504])
    }

    static let live: [APIOperation] = [
        APIOperation(
            .get, "/ws/events", "live", "What happens in calls, as a WebSocket.",
            query: [
                .text("call", "Only this call.", atMost: 128),
                .text("conversation", "Only this conversation.", atMost: 128),
                .number(
                    "after", "The last `position` that is known.", in: 0...Int(Int32.max),
                    default: 0),
                .number(
                    "after_seq", "The last `seq` of the call that is known.",
                    in: 0...Int(Int32.max), default: 0),
                .text("from", "`now` or `start`.", atMost: 5),
            ], status: 101, problems: [426, 503]),
        APIOperation(
            .get, "/ws/metrics", "live", "The dashboard's figures, as a WebSocket.", status: 101,
            problems: [426]),
    ]

    static let webhooks: [APIOperation] = [
        APIOperation(
            .get, "/webhooks", "webhooks", "Who is told of events.", answer: "WebhookList"),
        APIOperation(
            .post, "/webhooks", "webhooks", "Has an address told of events.", body: "NewWebhook",
            answer: "Webhook", status: 201, problems: [409]),
        APIOperation(
            .delete, "/webhooks/:id", "webhooks", "Tells an address no more.", answer: "Deleted",
            problems: [404]),
        APIOperation(
            .patch, "/webhooks/:id/toggle", "webhooks", "Switches a webhook off, or on again.",
            answer: "Webhook", problems: [404]),
        APIOperation(
            .post, "/webhooks/test/:id", "webhooks", "Sends a test at once.", answer: "Delivery",
            problems: [404]),
        APIOperation(
            .get, "/webhooks/:id/deliveries", "webhooks", "The latest attempts.",
            query: [.number("limit", "Attempts.", in: 1...1_000, default: 100)],
            answer: "DeliveryList", problems: [404]),
        APIOperation(
            .get, "/webhooks/:id/dead", "webhooks", "Events that could not be delivered.",
            query: page, answer: "DeadList", problems: [404]),
        APIOperation(
            .post, "/webhooks/:id/redeliver", "webhooks",
            "Tries one of those again, or all.", body: "Redelivery", answer: "Redelivered",
            problems: [404]),
    ]
}
