package import Events

extension Conversation {
    /// What happens to a conversation.
    package enum Event: Sendable {
        case callStarted
        /// 20 ms of the caller, with the probability that they speak.
        case frameHeard(speechProbability: Float)
        /// The voice pauses; sent before the frame that tells so.
        case intonation(Intonation)
        case recognised(RecognitionResult)
        case modelSaid(ModelEvent, generation: Int, timing: EngineTiming)
        case modelEnded(generation: Int, timing: EngineTiming)
        case modelFailed(EngineError, generation: Int)
        case toolAnswered(ToolResult, generation: Int, took: Duration)
        case speechReady(SpeechBlock, chunk: ChunkID, timing: EngineTiming)
        case speechEnded(chunk: ChunkID)
        case speechFailed(EngineError, chunk: ChunkID)
        /// Another provider serves this answer, or recognition (`nil`), because one failed.
        case providerSwitched(ProviderSwitch, generation: Int?)
        case face(FaceNews)
        case markReturned(PlayoutMark)
        case keyPressed(digit: Character)
        /// The tone of an answering machine that begins to record is over.
        case beepHeard
        /// Every 20 ms, whether or not a frame came.
        case tick
        /// A client's own button: the agent is to be quiet.
        case silenceRequested
        case hangUpRequested(EndReason)
        /// Somebody outside steers the call.
        case ordered(Order)
        /// The carrier says the call is over, or its socket is gone.
        case callEnded(EndReason)
    }

    /// What a conversation wants done; the driver does it and decides nothing.
    package enum Action: Sendable {
        /// Audio from the pre-roll on belongs to this utterance.
        case beginUtterance(Utterance)
        case finishUtterance(Utterance.ID)
        case cancelUtterance(Utterance.ID)
        case askModel(ModelRequest, generation: Int)
        case runTool(ToolCall, generation: Int)
        case speak(String, chunk: ChunkID)
        /// As `speak`, by the call's face; one chunk at a time.
        case speakByFace(String, chunk: ChunkID)
        /// Whatever works for this answer may stop; tools go on.
        case cancelAnswer(generation: Int)
        case sendAudio([UInt8])
        case sendMark(PlayoutMark)
        case sendClear
        case emit(EventBody)
        case transfer(TransferTarget)
        case hangUp(EndReason)
    }

    /// A chunk of an answer: the answer's generation and the chunk's number within it.
    package struct ChunkID: Equatable, Sendable {
        package let generation: Int
        package let index: Int

        package init(generation: Int, index: Int) {
            self.generation = generation
            self.index = index
        }
    }
}

/// When an engine was asked and when its result was ready, before any queue.
package struct EngineTiming: Equatable, Sendable {
    package let askedAt: MonotonicTime
    package let readyAt: MonotonicTime

    package init(askedAt: MonotonicTime, readyAt: MonotonicTime) {
        self.askedAt = askedAt
        self.readyAt = readyAt
    }
}

/// Why a call is over.
package enum EndReason: String, Sendable {
    case callerHungUp = "caller_hung_up"
    case agentHungUp = "agent_hung_up"
    case transferred
    /// The agent asked in vain whether somebody is there.
    case callerSilent = "caller_silent"
    /// An answering machine took a call that we made.
    case voicemail
    case connectionLost = "connection_lost"
    case drained
    case failed
}
