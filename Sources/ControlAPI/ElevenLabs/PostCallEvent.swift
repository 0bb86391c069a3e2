internal import Events
internal import Foundation
internal import Records

/// What ElevenLabs tells of a call that its agent has led, once it is over.
struct PostCallEvent: Sendable {
    /// A call as the journal takes it.
    struct Call: Sendable {
        let conversationID: String
        /// From `call_started` on, without the end.
        let entries: [JournalEntry]
        let end: JournalEntry
        /// What the analysis found, as a JSON object.
        var findings: String?
        var summary: String?

        /// Our name for it.
        var id: String { RemoteCallID.uuid(of: conversationID, from: .elevenlabs) }
    }

    enum Kind: Sendable {
        case call(Call)
        /// The recording, which is not kept.
        case audio
        case unknown
    }

    let kind: Kind

    /// - Parameters:
    ///   - body: as it came.
    ///   - settings: what a call costs, and its language where it is not told.
    ///   - now: wall clock.
    /// - Throws: `Problem` 400 for what is no event.
    init(parsing body: Data, _ settings: ElevenLabsSettings, at now: Date) throws(Problem) {
        guard let event = LenientObject.parsed(body), let type = event.word("type") else {
            throw .badRequest(#"The body is a JSON object with "type" and "data"."#)
        }
        let time = event.seconds("event_timestamp").map { min($0, now) } ?? now
        switch type {
        case "post_call_transcription", "call_initiation_failure":
            guard let data = event["data"], let id = data.word("conversation_id") else {
                throw .badRequest("data.conversation_id is missing.")
            }
            guard RemoteCallID.isGood(id) else {
                throw .badRequest("data.conversation_id has 1 to 128 visible characters.")
            }
            kind = .call(
                type == "call_initiation_failure"
                    ? Self.failure(id, data, settings, at: time)
                    : Self.call(id, data, settings, at: time))
        case "post_call_audio": kind = .audio
        default: kind = .unknown  // of another's words
        }
    }

    private static func call(
        _ id: String, _ data: LenientObject, _ settings: ElevenLabsSettings, at time: Date
    ) -> Call {
        let metadata = data["metadata"]
        let duration = min(max(metadata?.number("call_duration_secs") ?? 0, 0), 604_800)
        let started =
            metadata?.seconds("start_time_unix_secs") ?? time.addingTimeInterval(-duration)
        let phone = metadata?["phone_call"]
        let isOutbound = phone?.word("direction") == "outbound"
        let customer = phone?.word("external_number")
        let ours = phone?.word("agent_number")
        var start = CallStarted(
            carrier: CallSource.elevenlabs.rawValue, carrierCallID: id,
            language: language(metadata) ?? settings.language)
        start.from = isOutbound ? ours : customer
        start.to = isOutbound ? customer : ours
        start.direction = (isOutbound ? CallDirection.outbound : .inbound).rawValue
        var script = PostCallScript(
            started: started, lasting: duration, language: start.language)
        script.add(.callStarted(start), at: 0)
        for item in data.objects("transcript") { script.add(item) }
        script.complete()
        var end = CallEnded(
            reason: endReason(data.word("status"), metadata), durationSeconds: duration,
            turns: script.turnCount, interruptions: script.interruptionCount)
        let credits = metadata?.number("cost")
        if let micros = Money.micros(credits.map { $0 * (settings.creditPrice ?? 1) }) {
            end.costMicros = micros
            end.currency = settings.creditPrice == nil ? "credits" : "USD"
        }
        var call = Call(
            conversationID: id, entries: script.entries,
            end: script.entry(.callEnded(end), at: duration))
        let analysis = data["analysis"]
        call.summary = analysis?.word("transcript_summary")
        call.findings = findings(data, metadata, analysis)
        return call
    }

    /// Nobody was reached.
    private static func failure(
        _ id: String, _ data: LenientObject, _ settings: ElevenLabsSettings, at time: Date
    ) -> Call {
        // As the carrier has them: Twilio's fields, or those of SIP.
        let body = data["metadata"]?["body"]
        var start = CallStarted(
            carrier: CallSource.elevenlabs.rawValue, carrierCallID: id,
            language: settings.language)
        start.from = body?.word("From") ?? body?.word("from_number")
        start.to = body?.word("To") ?? body?.word("to_number")
        start.direction = CallDirection.outbound.rawValue
        let reason =
            switch data.word("failure_reason") {
            case "busy": "busy"
            case "no-answer": "no_answer"
            default: "failed"  // unknown, or a word to come
            }
        let end = CallEnded(reason: reason, durationSeconds: 0, turns: 0, interruptions: 0)
        return Call(
            conversationID: id,
            entries: [JournalEntry(.callStarted(start), time: time, secondsFromStart: 0)],
            end: JournalEntry(.callEnded(end), time: time, secondsFromStart: 0))
    }

    private static func language(_ metadata: LenientObject?) -> String? {
        let code = (metadata?.word("main_language") ?? "").prefix(2).lowercased()
        return code.count == 2 && code.allSatisfy { $0.isASCII && $0.isLetter } ? code : nil
    }

    private static func endReason(_ status: String?, _ metadata: LenientObject?) -> String {
        if status == "failed" || metadata?["error"] != nil { return "failed" }
        let told = (metadata?.word("termination_reason") ?? "").lowercased()
        let families = [
            ("transfer", "transferred"), ("voicemail", "voicemail"), ("end_call", "agent_hung_up"),
            ("agent", "agent_hung_up"), ("silence", "caller_silent"),
            ("client", "caller_hung_up"), ("remote party", "caller_hung_up"),
            ("user", "caller_hung_up"), ("caller", "caller_hung_up"),
        ]
        return families.first { told.contains($0.0) }?.1 ?? "ended"
    }

    private static func findings(
        _ data: LenientObject, _ metadata: LenientObject?, _ analysis: LenientObject?
    ) -> String {
        var findings: [String: JSONTree] = [:]
        func take(_ name: String, _ value: JSONTree?) {
            guard let value, value != .null, value != .object([:]) else { return }
            findings[name] = value
        }
        take("agent_id", data.value("agent_id"))
        take("termination_reason", metadata?.value("termination_reason"))
        take("credits", metadata?.value("cost"))
        for name in [
            "call_successful", "call_summary_title", "evaluation_criteria_results",
            "data_collection_results",
        ] {
            take(name, analysis?.value(name))
        }
        return JSONTree.object(findings).json
    }
}
