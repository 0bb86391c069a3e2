internal import FoundationEssentials
package import Pipeline

/// A Rasa assistant as the mind of a call: its dialogue over the REST channel (Rasa 3.x).
///
/// Rasa keeps the dialogue itself, so only what the caller said last is sent; its conversation is
/// named after the call. What Rasa's actions do stays in Rasa; its `custom` messages
/// `{"action":"transfer","to":…}` and `{"action":"hangup"}` close the call.
///
/// The channel cannot be cancelled: a turn that was posted happens, heard or not. Its empty answer
/// means that the assistant has nothing to say or that it broke; either way the caller hears the
/// next engine of the chain.
package struct RasaModel: LanguageModel {
    private let configuration: RasaConfiguration
    private let conversation: String?
    private let http: ProviderHTTP
    private let usage: UsageReport

    /// - Parameters:
    ///   - configuration: where it is.
    ///   - conversation: of every request; `nil`: the call's that asks, or a new one.
    ///   - http: shared by all engines.
    ///   - usage: takes what each exchange used: a request.
    package init(
        _ configuration: RasaConfiguration, conversation: String? = nil, http: ProviderHTTP,
        usage: @escaping UsageReport = { _, _ in }
    ) {
        self.configuration = configuration
        self.conversation = conversation
        self.http = http
        self.usage = usage
    }

    /// Asks whether a model is loaded, and takes any answer of a server without that route (it
    /// needs `--enable-api`) for one.
    package func check() async throws(ProviderFailure) {
        do {
            try await http.check(configuration.request("status", body: nil)) { answer, _ in
                ProviderFailure(rasaStatus: answer.status)
            }
        } catch .rejected(status: 404) {}
    }

    package func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        AsyncThrowingStream { stream in
            let task = Task(executorPreference: CallTasks.executor) {
                do {
                    try await run(request, into: stream)
                    stream.finish()
                } catch {
                    // Whoever left hears of no failure.
                    stream.finish(throwing: Task.isCancelled ? nil : error)
                }
            }
            stream.onTermination = { _ in task.cancel() }
        }
    }

    private func run(
        _ request: ModelRequest,
        into stream: AsyncThrowingStream<ModelEvent, any Error>.Continuation
    ) async throws(ProviderFailure) {
        let answer: ProviderHTTPResponse
        do {
            answer = try await http.send(message(for: request))
        } catch {
            throw ProviderFailure(http: error)
        }
        guard answer.status == 200 else { throw ProviderFailure(rasaStatus: answer.status) }
        var amount = UsageAmount()
        amount.requests = 1
        usage(amount, Usage.Engine(stage: .model, provider: "rasa", model: ""))
        let body: [UInt8]
        do {
            body = try await answer.body.collect(upTo: 1 << 20)
        } catch {
            throw ProviderFailure(http: error)
        }
        guard let messages = try? JSONDecoder().decode([RasaMessage].self, from: Data(body)) else {
            throw .garbage
        }
        var events: [ModelEvent] = []
        var closing: Closing?
        for message in messages {
            if let text = message.text?.trimmed, !text.isEmpty {
                events.append(.text(events.isEmpty ? text : " " + text))
            }
            closing = closing ?? message.closing
        }
        if let closing { events.append(.closing(closing)) }
        // Not worth a second try: the turn was taken, and asking again would be another one.
        guard !events.isEmpty else { throw .garbage }
        for event in events { stream.yield(event) }
    }

    private func message(for request: ModelRequest) -> ProviderHTTPRequest {
        var said = ""
        for case .user(let text) in request.history.reversed() {
            said = RasaText.escaped(text)
            break
        }
        // What is known of the caller, for the project's own actions.
        let known = request.agent?.variables ?? [:]
        let metadata = configuration.metadata
            .merging(known.mapValues { .string($0) }) { given, _ in given }
        let body: JSONValue = [
            "sender": .string(
                conversation ?? EngineContext.current?.call.id ?? UUID().uuidString.lowercased()),
            "message": .string(said.isEmpty ? configuration.opening : said),
            "input_channel": .string(configuration.channel),
            "metadata": .object(
                metadata.merging(["language": .string(request.language.rawValue)]) {
                    given, _ in given
                }),
        ]
        return configuration.request("webhooks/rest/webhook", body: body)
    }
}

/// One message of the REST channel's answer; pictures, buttons and attachments are not for the ear.
private struct RasaMessage: Decodable {
    let text: String?
    let custom: JSONValue?

    var closing: Closing? {
        guard let custom = custom?.object else { return nil }
        switch custom["action"]?.string?.lowercased() {
        case "transfer", "transfer_to_agent", "handover":
            let target = custom["to"]?.string ?? custom["department"]?.string
            return .transfer(reason: target.map { "to \($0)" } ?? "asked for by Rasa")
        case "hangup", "hang_up", "end_call": return .hangUp
        default: return nil  // commands of the project's own
        }
    }
}
