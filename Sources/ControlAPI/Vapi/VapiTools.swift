internal import Foundation
internal import Records

/// Has the tools run that an assistant at Vapi asks for, by the gateway or by another server, and
/// writes the answer.
struct VapiTools: Sendable {
    struct Outcome: Sendable {
        let outcome: RemoteToolOutcome
        let took: Duration
    }

    let settings: VapiSettings
    let runner: any RemoteToolRunner
    let transport: any OutboxTransport
    private static let answerOctetLimit = 1 << 20

    /// Runs several tools side by side.
    ///
    /// - Parameters:
    ///   - calls: at least one.
    ///   - facts: of the call they belong to, for another server.
    ///   - callID: ours; empty for a call that nobody named.
    /// - Returns: an outcome for each of `calls`, by its id, within the limit.
    func run(
        _ calls: [VapiToolCall], facts: VapiCallFacts?, callID: String
    ) async -> [String: Outcome] {
        if let url = settings.toolURL { return await forward(calls, facts, to: url) }
        return await withTaskGroup(of: (String, Outcome).self) { tasks in
            for call in calls {
                tasks.addTask {
                    let began = ContinuousClock.now
                    let runner = runner
                    let outcome = await settings.toolLimit.first {
                        await runner.run(
                            call.name, arguments: call.arguments, id: call.id, callID: callID)
                    }
                    return (
                        call.id,
                        Outcome(
                            outcome: outcome ?? .late(after: settings.toolLimit),
                            took: began.duration(to: .now))
                    )
                }
            }
            return await tasks.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private func forward(
        _ calls: [VapiToolCall], _ facts: VapiCallFacts?, to url: String
    ) async -> [String: Outcome] {
        let began = ContinuousClock.now
        var request = OutboxRequest(
            url: url, headers: [("Content-Type", "application/json")],
            body: Self.message(calls, facts).octets)
        if let secret = settings.toolSecret { request.headers.append(("X-Vapi-Secret", secret)) }
        request.limit = settings.toolLimit
        request.answerOctetLimit = Self.answerOctetLimit
        let outcomes: [String: RemoteToolOutcome]
        let otherwise: RemoteToolOutcome
        do throws(OutboxTransportError) {
            let answer = try await transport.send(request)
            outcomes = answer.isSuccess ? Self.outcomes(in: Data(answer.body)) : [:]
            otherwise = RemoteToolOutcome(
                succeeded: false,
                content: answer.isSuccess
                    ? "The tool server gave no result for this call."
                    : "The tool server refused with \(answer.status).")
        } catch {
            outcomes = [:]
            otherwise =
                error == .timedOut
                ? .late(after: settings.toolLimit)
                : RemoteToolOutcome(succeeded: false, content: "The tool server cannot be reached.")
        }
        let took = began.duration(to: .now)
        return calls.reduce(into: [:]) {
            $0[$1.id] = Outcome(outcome: outcomes[$1.id] ?? otherwise, took: took)
        }
    }

    /// The message as Vapi would send it, with what a tool needs.
    private static func message(_ calls: [VapiToolCall], _ facts: VapiCallFacts?) -> JSONTree {
        var message: [String: JSONTree] = [
            "type": "tool-calls",
            "toolCallList": .list(
                calls.map { call in
                    [
                        "id": .text(call.id), "type": "function",
                        "function": [
                            "name": .text(call.name), "arguments": .text(call.arguments),
                        ],
                    ]
                }),
        ]
        if let facts {
            message["call"] = [
                "id": .text(facts.id),
                "type": facts.isOutbound ? "outboundPhoneCall" : "inboundPhoneCall",
            ]
            if let number = facts.customerNumber {
                message["customer"] = ["number": .text(number)]
            }
        }
        return ["message": .object(message)]
    }

    private static func outcomes(in body: Data) -> [String: RemoteToolOutcome] {
        guard let answer = LenientObject.parsed(body) else { return [:] }
        return answer.objects("results").reduce(into: [:]) { outcomes, result in
            guard let id = result.word("toolCallId") else { return }
            if let failure = result.word("error") {
                outcomes[id] = RemoteToolOutcome(succeeded: false, content: failure)
            } else if let value: JSONTree = result.value("result") {
                // Text, as it should be, or whatever was meant.
                let content = value.text ?? value.json
                outcomes[id] = RemoteToolOutcome(succeeded: true, content: content)
            }
        }
    }

    // MARK: Answers

    /// What Vapi is told of tools, in the order it asked for them.
    func answer(_ calls: [VapiToolCall], _ outcomes: [String: RemoteToolOutcome]) -> JSONTree {
        let results = calls.compactMap { call in
            outcomes[call.id].map { result(of: call, $0) }
        }
        return ["results": .list(results)]
    }

    private func result(of call: VapiToolCall, _ outcome: RemoteToolOutcome) -> JSONTree {
        var result: [String: JSONTree] = [
            "toolCallId": .text(call.id), "name": .text(call.name),
            outcome.succeeded ? "result" : "error": .text(Self.line(outcome.content)),
        ]
        if outcome.isLate {
            result["message"] = [
                "type": "request-failed", "content": .text(settings.text(.toolTooSlow)),
            ]
        }
        return .object(result)
    }

    /// The answer to the older form of a tool call.
    func functionAnswer(_ outcome: RemoteToolOutcome?) -> JSONTree {
        let text = outcome.map { $0.isLate ? settings.text(.toolTooSlow) : Self.line($0.content) }
        return ["result": .text(text ?? settings.text(.toolTooSlow))]
    }

    /// Line breaks are too much for Vapi's parser.
    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
