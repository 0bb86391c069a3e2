internal import Codecs
internal import ControlAPI
internal import Pipeline

/// What the control plane wants of a call, on its way to the call's loop.
struct CallOrder: Sendable {
    private let action: CallAction
    /// What it is to the conversation.
    let event: Conversation.Event

    /// What became of an order, and when.
    struct Effect: Sendable {
        let outcome: Conversation.OrderOutcome
        let secondsFromStart: Double
    }

    var isEnd: Bool { action == .end }

    /// Prepares an order off the loop: tones take time to make.
    ///
    /// - Parameters:
    ///   - action: what is wanted.
    ///   - format: of the audio that goes to the caller.
    init(_ action: CallAction, in format: AudioFormat) {
        self.action = action
        event =
            switch action {
            case .say(let text): .ordered(.say(text))
            case .addContext(let text): .ordered(.addContext(text))
            case .changeAgent(let prompt, let variables, let wish):
                .ordered(
                    .change(
                        AgentOverride(
                            prompt: prompt, variables: variables, engines: wish.byStage)))
            case .mute: .ordered(.mute)
            case .unmute: .ordered(.unmute)
            case .sendTones(let keys): .ordered(.sendTones(DualTone.octets(of: keys, in: format)))
            case .transfer(let destination, let department, let reason):
                .ordered(
                    .transfer(
                        .init(department: department, reason: reason, destination: destination)))
            case .end: .hangUpRequested(.agentHungUp)
            }
    }

    /// How the call stands once the order was followed, or why it was not.
    func state(after outcome: Conversation.OrderOutcome) throws(CallControlError) -> String {
        switch outcome {
        case .done: return doneState
        case .queued: return "queued"
        case .refusedMuted:
            throw .refused(reason: "The agent is muted; unmute it first.")
        case .refusedFull:
            throw .refused(reason: "Too much is waiting to be said; try again later.")
        case .refusedByAgent:
            throw .refused(
                reason: "A speech agent leads this call; it takes context, transfer and end.")
        case .ended: throw .callEnded
        }
    }

    private var doneState: String {
        switch action {
        case .say: "speaking"
        case .addContext: "added"
        case .changeAgent: "changed"
        case .mute: "muted"
        case .unmute: "unmuted"
        case .sendTones: "sending"
        case .transfer: "transferred"
        case .end: "ended"
        }
    }
}

extension EngineWish {
    var byStage: [EngineStage: String] {
        var engines: [EngineStage: String] = [:]
        engines[.model] = agent
        engines[.speech] = tts
        return engines
    }
}
