internal import Foundation
package import Logging
package import Records
internal import ServiceLifecycle
internal import Synchronization

/// Everything between the gateway and Vapi: what happens in its calls, what it asks, and steering
/// its calls.
package final class VapiService: Service {
    let settings: VapiSettings
    let signature: VapiSignature
    let transport: any OutboxTransport
    let journal: EventJournal
    let logger: Logger
    let desk: VapiDesk
    let counters = Mutex(VapiCounters())
    private let tools: VapiTools
    /// How often calls are looked through for those that are over.
    private static let interval = Duration.seconds(1)

    /// - Parameters:
    ///   - settings: how calls are handled.
    ///   - signature: knows Vapi's requests.
    ///   - journal: where the calls go.
    ///   - store: what is kept of them beside the journal.
    ///   - tools: what assistants may have done by the gateway.
    ///   - transport: reaches Vapi and a server of tools.
    ///   - logger: for refusals and failures; never told numbers or words.
    package init(
        settings: VapiSettings, signature: VapiSignature, journal: EventJournal,
        store: any RecordStore, tools: any RemoteToolRunner, transport: any OutboxTransport,
        logger: Logger
    ) {
        self.settings = settings
        self.signature = signature
        self.transport = transport
        self.journal = journal
        self.logger = logger
        self.tools = VapiTools(settings: settings, runner: tools, transport: transport)
        desk = VapiDesk(settings: settings.call, journal: journal, store: store, logger: logger)
    }

    /// Ends calls whose report does not come, until asked to stop.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await self.desk.resume()
            while !Task.isCancelled {
                await self.desk.expire(at: Date())
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Does what a message wants.
    ///
    /// - Parameters:
    ///   - message: Vapi's, as far as the signature tells.
    ///   - now: wall clock.
    /// - Returns: what Vapi is told.
    func handle(_ message: VapiMessage, at now: Date) async -> JSONTree {
        var keeper: VapiCallKeeper?
        var isNew = true
        if let call = message.call {
            keeper = await desk.keeper(of: Self.id(of: call))
            isNew = await keeper?.take(message, at: now) ?? true
        }
        counters.withLock { $0.count(message, isNew: isNew) }
        switch message.kind {
        case .toolCalls(let calls):
            return tools.answer(calls, await outcomes(of: calls, message, keeper))
        case .functionCall(let call):
            return tools.functionAnswer(await outcomes(of: [call], message, keeper)[call.id])
        case .assistantRequest: return assistantAnswer
        case .transferDestinationRequest:
            guard let destination = settings.destination(to: "") else {
                return ["error": .text(settings.text(.nobodyThere))]
            }
            await keeper?.transferred(
                to: settings.humanDestination, reason: "the assistant asks for a human", at: now)
            return ["destination": destination]
        case .status, .transcript, .speech, .userInterrupted, .hang, .conversation, .report,
            .unknown:
            return [:]
        }
    }

    /// Our name for a call.
    static func id(of call: VapiCallFacts) -> String {
        RemoteCallID.uuid(of: call.id, from: .vapi)
    }

    private func outcomes(
        of calls: [VapiToolCall], _ message: VapiMessage, _ keeper: VapiCallKeeper?
    ) async -> [String: RemoteToolOutcome] {
        let facts = message.call
        let callID = facts.map(Self.id) ?? ""
        let tools = tools
        let run: @Sendable ([VapiToolCall]) async -> [String: VapiTools.Outcome] = {
            await tools.run($0, facts: facts, callID: callID)
        }
        let outcomes =
            if let keeper {
                await keeper.outcomes(of: calls, run: run)
            } else {
                await run(calls).mapValues(\.outcome)
            }
        counters.withLock { $0.toolsLate += outcomes.values.count { $0.isLate } }
        return outcomes
    }

    /// Who answers a call whose number has no assistant.
    private var assistantAnswer: JSONTree {
        if let answer = settings.assistantAnswer,
            let value = try? JSONDecoder().decode(JSONTree.self, from: answer)
        {
            return value
        }
        if let id = settings.assistantID { return ["assistantId": .text(id)] }
        if let human = settings.destination(to: "") { return ["destination": human] }
        return ["error": .text(settings.text(.noAssistant))]
    }
}
