package import Events
package import Foundation

/// Calls as they are found afterwards, and while they run.
package protocol CallStore: Sendable {
    /// By our id or the carrier's; of several calls with the carrier's id the latest.
    func call(_ id: String) async throws(RecordStoreError) -> CallRecord?
    /// The latest start first.
    func calls(matching filter: CallFilter, page: PageRequest) async throws(RecordStoreError)
        -> RecordPage<CallRecord>
    /// Calls without an end, the latest start first.
    func openCalls() async throws(RecordStoreError) -> [CallRecord]
    /// The turns of a call in order; empty for an unknown call.
    func turns(of callID: String) async throws(RecordStoreError) -> [TurnRecord]
    /// The tools a call used, in order of their start; empty for an unknown call.
    func toolLogs(of callID: String) async throws(RecordStoreError) -> [ToolLog]

    /// Notes what the gateway or an operator learns about a call; `false` for an unknown one.
    func update(_ callID: String, _ change: CallChange) async throws(RecordStoreError) -> Bool
    /// Notes what a human thinks of a tool's result; `false` for an unknown log.
    func judge(toolLog id: String, _ feedback: ToolFeedback?, correctionApplied: Bool)
        async throws(RecordStoreError) -> Bool
}

/// Which calls are wanted; what is `nil` does not matter.
package struct CallFilter: Equatable, Sendable {
    package var status: CallSummary.Status?
    package var direction: CallDirection?
    package var source: CallSource?
    /// Started at this time or later.
    package var from: Date?
    /// Started before this time.
    package var to: Date?
    /// Either side's, as it is kept.
    package var number: String?

    package init() {}
}

package enum CallDirection: String, Sendable, Codable, CaseIterable {
    case inbound, outbound
}

/// Who runs a call's media and conversation.
package enum CallSource: String, Sendable, Codable, CaseIterable {
    case gateway, vapi, elevenlabs

    /// By the name `call_started` gives as its carrier.
    package init(carrier: String) { self = Self(rawValue: carrier) ?? .gateway }
}

package enum UserSentiment: String, Sendable, Codable, CaseIterable {
    case positive, neutral, negative, frustrated
}

package enum ToolFeedback: String, Sendable, Codable, CaseIterable {
    case helpful
    case notHelpful = "not_helpful"
}

/// Something learned about a call that no event tells.
package enum CallChange: Equatable, Sendable {
    case sentiment(UserSentiment)
    /// How positive the caller was in a turn, −1 to 1.
    case turnSentiment(turn: Int, score: Double)
    /// A human acted on the call once more.
    case intervened
    case liveTranscript(enabled: Bool)
    /// Where the recording is: a path or URL.
    case recording(String)
    /// What the call costs in all, for calls that are run elsewhere.
    case cost(micros: Int64, currency: String)
}

/// One call as it is kept.
package struct CallRecord: Equatable, Sendable {
    package var summary: CallSummary
    package var source: CallSource
    package var conversationID: String
    package var direction: CallDirection
    package var liveTranscriptEnabled: Bool
    package var toolCallsCount: Int
    package var toolErrorsCount: Int
    package var errorsCount: Int
    package var userSentiment: UserSentiment?
    /// Human actions during the call.
    package var interventionCount: Int
    package var recording: String?
    /// In millionths of `currency`.
    package var costMicros: Int64?
    package var currency: String?
    package var lastSeq: Int
}

/// One use of a tool.
package struct ToolLog: Equatable, Sendable {
    package var id: String
    package var callID: String
    package var toolName: String
    package var toolCallID: String
    /// A JSON object.
    package var arguments: String
    /// `nil` while it runs.
    package var success: Bool?
    package var result: String?
    package var errorMessage: String?
    package var started: Date
    package var durationMilliseconds: Double?
    package var userFeedback: ToolFeedback?
    package var correctionApplied: Bool
}
