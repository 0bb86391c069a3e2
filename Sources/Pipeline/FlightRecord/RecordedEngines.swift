/// What the engines said in a recorded call, each result with what caused it and how long after.
///
/// Made by running the record as it is. The rules by which another run of the call uses them:
/// - The caller's words are laid evenly over the voice they were recognised from. An utterance gets
///   the words spoken up to its end, as long after its end as the recogniser took for the last of
///   them; one in which no words were spoken gets none.
/// - A question to the model gets the recorded answer to the same words, else to words that hold
///   them or are held by them, else the next one that was not used; its tokens come as long after
///   the question as they did. A question asked before the end of a turn, in vain, uses none up.
/// - A tool call gets its own result, by its id. A text to speak gets the audio of the same text.
/// - What was cut off in the record is completed: an answer ends, audio gets the usual length.
/// - What the record does not hold is stood in for and counted: "…" for an answer, silence of the
///   usual length for speech, at the median latency of its kind.
struct RecordedEngines: Sendable {
    struct Word: Sendable {
        let text: String
        let spokenAt: MonotonicTime
        /// Of the utterance it was recognised from; index into `recognitions`.
        let recognition: Int
    }

    struct Recognition: Sendable {
        let utterance: Utterance.ID
        var voiceStart: MonotonicTime
        var voiceEnd: MonotonicTime
        var finishedAt: MonotonicTime?
        var outcome: RecognitionResult.Outcome?
        /// From the end of the utterance until the result was ready, and until it was handled.
        var readyAfter: Duration = .zero
        var handledAfter: Duration = .zero
    }

    /// One result of an engine, by its times after the request.
    struct Result<Value: Sendable>: Sendable {
        let value: Value
        let readyAfter: Duration
        let handledAfter: Duration
    }

    struct Answer: Sendable {
        enum Step: Sendable {
            case said(ModelEvent)
            case ended
            case failed(EngineError)
        }
        let generation: Int
        let question: Question
        let askedAt: MonotonicTime
        var steps: [Result<Step>] = []
        var isUsed = false

        var isWhole: Bool {
            switch steps.last?.value {
            case .ended, .failed: true
            case .said, nil: false
            }
        }
    }

    /// What a request to the model was about.
    enum Question: Equatable, Sendable {
        case greeting
        case words(String)
        case toolResult(callID: String)
        case other

        init(_ request: ModelRequest) {
            self =
                switch request.history.last {
                case nil: .greeting
                // Asked on an interim transcript, it is the same question without punctuation.
                case .user(let text): .words(SpokenWords(text).words.joined(separator: " "))
                case .toolResult(let result): .toolResult(callID: result.callID)
                case .agent, .toolCall, .context: .other
                }
        }
    }

    struct Speech: Sendable {
        enum Step: Sendable {
            case block(SpeechBlock)
            case ended
            case failed(EngineError)
        }
        let chunk: Conversation.ChunkID
        let text: String
        let askedAt: MonotonicTime
        var steps: [Result<Step>] = []
        var isUsed = false

        var octetCount: Int {
            steps.reduce(0) { sum, step in
                if case .block(let block) = step.value { sum + block.octets.count } else { sum }
            }
        }
        var isWhole: Bool {
            switch steps.last?.value {
            case .ended, .failed: true
            case .block, nil: false
            }
        }
    }

    var recognitions: [Recognition] = []
    var interims: [(text: String, at: MonotonicTime)] = []
    var words: [Word] = []
    var answers: [Answer] = []
    var speeches: [Speech] = []
    var toolResults: [String: Result<ToolResult>] = [:]
    /// From a mark's being played to its return; `nil`: none came back.
    var markDelay: Duration?
    /// From an event to its actions' being done.
    var performDelay: Duration = .zero
    /// Frames, ticks, keys and commands: what happens whatever is decided.
    var inputs: [(event: Conversation.Event, at: MonotonicTime)] = []

    /// Median from the end of an utterance to its words; 300 ms when none came.
    var recognitionLatency: Duration {
        recognitions.filter { $0.outcome != nil }.map(\.handledAfter).median ?? .milliseconds(300)
    }
    var modelLatency: Duration {
        answers.compactMap(\.steps.first?.handledAfter).median ?? .milliseconds(500)
    }
    var speechLatency: Duration {
        speeches.compactMap(\.steps.first?.handledAfter).median ?? .milliseconds(200)
    }
}

extension [Duration] {
    /// The upper one of two in the middle; `nil` of nothing.
    var median: Duration? { isEmpty ? nil : sorted()[count / 2] }
}
