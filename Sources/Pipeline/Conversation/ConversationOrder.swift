internal import Events

extension Conversation {
    /// What an operator, or the CRM, wants of a live call.
    package enum Order: Equatable, Sendable {
        /// The agent says this at once, or after the sentence it is saying.
        case say(String)
        /// The model is told this; nobody hears it.
        case addContext(String)
        /// The model works from other instructions from its next answer on.
        case change(AgentOverride)
        /// The agent is silent and goes on listening: a human has taken over.
        case mute
        case unmute
        /// Keys for whatever machine listens at the caller's end, as audio of the call.
        case sendTones([UInt8])
        /// Hand the caller to a human now.
        case transfer(TransferTarget)
    }

    /// Who the caller is handed to, as far as whoever asked for it says.
    package struct TransferTarget: Equatable, Sendable {
        package let department: String
        package let reason: String
        /// A number or SIP address; empty: whoever the carrier's instructions name.
        package let destination: String

        package init(department: String = "", reason: String, destination: String = "") {
            self.department = department
            self.reason = reason
            self.destination = destination
        }

        var event: TransferRequested {
            var event = TransferRequested(
                department: department, priority: "normal", reason: reason)
            event.destination = destination.isEmpty ? nil : destination
            return event
        }
    }

    /// What became of an order.
    package enum OrderOutcome: Equatable, Sendable {
        /// It has its effect now.
        case done
        /// It is said or sent when the sentence, or the caller's turn, is over.
        case queued
        /// A muted agent says nothing.
        case refusedMuted
        /// Too much waits to be said.
        case refusedFull
        /// A speech agent leads the call and takes no such order.
        case refusedByAgent
        /// The call was over.
        case ended
    }
}

/// What a model is told instead of what the configuration says, for one call.
package struct AgentOverride: Equatable, Sendable {
    /// A template like the configured one; `nil`: that one stays.
    package var prompt: String?
    /// Values of its variables, over the configured ones.
    package var variables: [String: String]
    /// Which engines of the configured chains are asked first, by name.
    package var engines: [EngineStage: String]

    package init(
        prompt: String? = nil, variables: [String: String] = [:],
        engines: [EngineStage: String] = [:]
    ) {
        self.prompt = prompt
        self.variables = variables
        self.engines = engines
    }
}
