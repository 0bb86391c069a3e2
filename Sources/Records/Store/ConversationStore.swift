package import Foundation

/// Conversations, by telephone or in writing, and what was found out about them.
///
/// A call is a conversation with the call's id unless its start names another, such as one that
/// `create` has begun.
package protocol ConversationStore: Sendable {
    func create(_ conversation: NewConversation, at now: Date) async throws(RecordStoreError)
        -> Conversation
    func conversation(_ id: String) async throws(RecordStoreError) -> Conversation?
    /// Ends one that is not over; `nil` for an unknown one, and the unchanged one if it was over.
    func endConversation(_ id: String, at now: Date) async throws(RecordStoreError) -> Conversation?
    /// Averages over the turns; `nil` for an unknown conversation.
    func metrics(ofConversation id: String) async throws(RecordStoreError) -> ConversationMetrics?
    /// The same over the last `limit` conversations.
    func metricsSummary(limit: Int) async throws(RecordStoreError) -> MetricsSummary

    func add(_ analysis: ConversationAnalysis) async throws(RecordStoreError)
    /// The latest first.
    func analyses(ofConversation id: String) async throws(RecordStoreError)
        -> [ConversationAnalysis]
    /// One text message through the orchestrator.
    func add(_ log: ConversationLog) async throws(RecordStoreError)
    /// The latest first.
    func conversationLogs(ofUser id: String, limit: Int) async throws(RecordStoreError)
        -> [ConversationLog]
}

package struct NewConversation: Equatable, Sendable {
    package var userID: String?
    package var agentID: String?
    package var phoneNumber: String?

    package init(userID: String? = nil, agentID: String? = nil, phoneNumber: String? = nil) {
        self.userID = userID
        self.agentID = agentID
        self.phoneNumber = phoneNumber
    }
}

package struct Conversation: Equatable, Sendable {
    package var id: String
    package var userID: String?
    package var agentID: String?
    package var twilioCallSID: String?
    /// Who said what, one line each; there once the conversation is over.
    package var transcript: String?
    package var durationSeconds: Double?
    package var cost: Double?
    /// `live`, `ended` or `interrupted`.
    package var status: String
    package var phoneNumber: String?
    package var direction: String?
    package var created: Date
    package var ended: Date?
}

/// What `GET /conversations/{id}/metrics` tells; averages are `nil` where no turn has the figure.
package struct ConversationMetrics: Equatable, Sendable, Encodable {
    package var conversationID: String
    package var figures: TurnAverages

    private enum CodingKeys: String, CodingKey {
        case conversationID = "conversation_id"
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(conversationID, forKey: .conversationID)
        try figures.encode(to: encoder)
    }
}

/// What `GET /metrics/summary` tells.
package struct MetricsSummary: Equatable, Sendable, Encodable {
    /// Conversations looked at.
    package var conversationsCount: Int
    package var figures: TurnAverages

    private enum CodingKeys: String, CodingKey {
        case conversationsCount = "conversations_count"
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(conversationsCount, forKey: .conversationsCount)
        try figures.encode(to: encoder)
    }
}

/// Means over turns in milliseconds; JSON says `null` where no turn has the figure.
package struct TurnAverages: Equatable, Sendable, Encodable {
    package var totalTurns: Int
    package var sttLatency: Double?
    package var llmLatency: Double?
    package var ttsLatency: Double?
    package var totalLatency: Double?
    /// −1 to 1.
    package var sentimentScore: Double?
    package var interruptionsCount: Int

    private enum CodingKeys: String, CodingKey {
        case totalTurns = "total_turns"
        case sttLatency = "avg_stt_latency_ms"
        case llmLatency = "avg_llm_latency_ms"
        case ttsLatency = "avg_tts_latency_ms"
        case totalLatency = "avg_total_latency_ms"
        case sentimentScore = "avg_sentiment_score"
        case interruptionsCount = "interruptions_count"
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(totalTurns, forKey: .totalTurns)
        try object.encode(sttLatency, forKey: .sttLatency)
        try object.encode(llmLatency, forKey: .llmLatency)
        try object.encode(ttsLatency, forKey: .ttsLatency)
        try object.encode(totalLatency, forKey: .totalLatency)
        try object.encode(sentimentScore, forKey: .sentimentScore)
        try object.encode(interruptionsCount, forKey: .interruptionsCount)
    }
}

package struct ConversationAnalysis: Equatable, Sendable {
    package var id: String
    package var conversationID: String
    package var analysisType: String
    /// JSON.
    package var programmaticResults: String?
    /// JSON or text.
    package var aiInsights: String?
    /// 0 to 1.
    package var confidence: Double?
    package var cost: Double?
    package var created: Date

    package init(
        id: String, conversationID: String, analysisType: String,
        programmaticResults: String? = nil, aiInsights: String? = nil, confidence: Double? = nil,
        cost: Double? = nil, created: Date
    ) {
        self.id = id
        self.conversationID = conversationID
        self.analysisType = analysisType
        self.programmaticResults = programmaticResults
        self.aiInsights = aiInsights
        self.confidence = confidence
        self.cost = cost
        self.created = created
    }
}

package struct ConversationLog: Equatable, Sendable {
    package var id: String
    package var userID: String
    package var message: String
    package var intent: String?
    /// JSON.
    package var entities: String?
    package var action: String?
    package var nluResponse: String?
    package var llmResponse: String?
    /// JSON.
    package var apiCalls: String?
    package var processingMilliseconds: Double?
    package var success: Bool
    package var time: Date

    package init(id: String, userID: String, message: String, success: Bool, time: Date) {
        self.id = id
        self.userID = userID
        self.message = message
        self.success = success
        self.time = time
    }
}
