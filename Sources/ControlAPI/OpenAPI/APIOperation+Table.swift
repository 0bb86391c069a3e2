internal import HTTPTypes
internal import Records

extension APIOperation {
    /// Every route that is described; a test holds it against the routes that there are.
    static let table: [APIOperation] =
        probes + calls + outbound + carrier + steering + live + webhooks + conversations
        + analytics(under: "/api/v1/analytics")
        + analytics(under: "/api/v1/vapi/analytics") + mappings(under: "/api/v1/mappings")
        + mappings(under: "/api/v1/vapi/mappings") + administration + remoteCalls

    private static let span: [Parameter] = [
        .time("from", "At this time or later."), .time("to", "Before this time."),
    ]
    static let page: [Parameter] = [
        .number("limit", "Records of a page.", in: 1...1_000, default: 100),
        .text("cursor", "The `next` of the page before.", atMost: 500),
    ]

    private static let probes: [APIOperation] = [
        APIOperation(.get, "/healthz", "probes", "The process is up.", answer: "Health"),
        APIOperation(
            .get, "/readyz", "probes", "Whether a call could be served now.", answer: "Readiness",
            problems: [503]),
        APIOperation(.get, "/metrics", "probes", "Figures for Prometheus."),
        APIOperation(.get, "/openapi.json", "probes", "This document.", answer: "Anything"),
    ]

    private static let calls: [APIOperation] = [
        APIOperation(
            .get, "/api/v1/calls", "calls", "Calls, the latest first.",
            query: [
                .choice("status", "How the call stands.", CallSummary.Status.self),
                .choice("direction", "Who called.", CallDirection.self),
                .choice("source", "Who runs the call.", CallSource.self),
                .text("number", "Either side's, as it is kept.", atMost: 64),
            ] + span + page, answer: "CallList"),
        APIOperation(
            .get, "/api/v1/calls/:id", "calls",
            "One call with its turns, tools, transcript, recording and cost.",
            answer: "CallDetail", problems: [404]),
        APIOperation(
            .get, "/api/v1/calls/:id/events", "calls",
            "What happened in a call, waiting for news if asked to.",
            query: [
                .number(
                    "after", "The last `seq` that is known.", in: 0...Int(Int32.max), default: 0),
                .number("wait_ms", "Milliseconds to wait.", in: 0...30_000, default: 0),
            ], answer: "EventPage", problems: [404]),
    ]

    private static let conversations: [APIOperation] = [
        APIOperation(
            .post, "/conversations", "conversations", "Begins a conversation.",
            body: "NewConversation", answer: "Conversation", status: 201),
        APIOperation(
            .get, "/conversations/:id", "conversations", "One conversation.",
            answer: "Conversation", problems: [404]),
        APIOperation(
            .post, "/conversations/:id/end", "conversations",
            "Ends a conversation with its calls; answers with its final figures.",
            answer: "ConversationMetrics", problems: [404, 503, 504]),
        APIOperation(
            .get, "/conversations/:id/metrics", "conversations", "Averages over the turns.",
            answer: "ConversationMetrics", problems: [404]),
        APIOperation(
            .get, "/metrics/summary", "conversations", "Averages over the last conversations.",
            query: [.number("limit", "Conversations.", in: 1...10_000, default: 100)],
            answer: "MetricsSummary"),
    ]

    private static func analytics(under base: String) -> [APIOperation] {
        [
            APIOperation(
                .get, "\(base)/calls", "analytics",
                "Calls, mean duration and success per day or week.",
                query: span + [
                    .choice("status", "How the calls stand.", CallSummary.Status.self),
                    .choice("period", "`day` unless said.", AnalyticsPeriod.self),
                ], answer: "CallFigures"),
            APIOperation(
                .get, "\(base)/tools", "analytics", "Uses, success and latency of each tool.",
                query: span + [.text("tool_name", "Only this one.", atMost: 200)],
                answer: "ToolFigures"),
            APIOperation(
                .get, "\(base)/learnings", "analytics",
                "Mappings per week, searches that still fail, suggestions that wait.",
                query: span + [
                    .choice("status", "Of the mappings.", MappingStatus.self)
                ], answer: "LearningFigures"),
        ]
    }

    private static func mappings(under base: String) -> [APIOperation] {
        [
            APIOperation(
                .get, base, "mappings", "Search terms and what they mean, the latest first.",
                query: [.flag("active", "Only those in force: true unless said.")] + page,
                answer: "MappingList"),
            APIOperation(
                .post, base, "mappings", "Keeps a mapping and puts it in force.",
                body: "NewMapping", answer: "Mapping", status: 201, problems: [409]),
            APIOperation(
                .put, "\(base)/:id/review", "mappings", "Approves or rejects a mapping.",
                body: "Review", answer: "Mapping", problems: [404, 409]),
        ]
    }

    private static let administration: [APIOperation] = [
        APIOperation(
            .get, "/api/v1/contacts/:number", "contacts",
            "What is kept of the person with a number.", answer: "Contact", problems: [404]),
        APIOperation(
            .delete, "/api/v1/contacts/:number", "contacts",
            "Forgets the person with a number.", status: 204, problems: [404]),
        APIOperation(
            .put, "/api/v1/tool-logs/:id/feedback", "mappings",
            "Notes what a human thinks of a tool's result.", body: "ToolFeedback",
            answer: "ToolFeedbackKept", problems: [404]),
        APIOperation(
            .get, "/api/v1/keys", "administration", "Keys of this API, without their secrets.",
            answer: "KeyList"),
        APIOperation(
            .post, "/api/v1/keys", "administration",
            "Makes a key; this answer is the only one that shows it.", body: "NewKey",
            answer: "KeyMade", status: 201),
        APIOperation(
            .delete, "/api/v1/keys/:id", "administration", "Takes a key out of use for good.",
            answer: "Key", problems: [404]),
        APIOperation(
            .get, "/api/v1/audit", "administration", "Who did what, the latest first.",
            query: page, answer: "AuditList"),
    ]
}
