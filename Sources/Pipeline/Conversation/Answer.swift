/// One answer of the agent on its way from the model to the caller's ear.
struct Answer: Sendable {
    /// What came of one question to the model; an answer with tool calls has several.
    struct Step: Sendable {
        /// Where the step's text stands in the history.
        var historyIndex: Int
        let text: String
        let chunks: Range<Int>
    }

    /// The chunk the synthesiser works on.
    struct Synthesis: Sendable {
        let number: Int
        let text: String
        let since: MonotonicTime
        var hasSound = false
        /// How a face speaks it; `nil`: a voice does.
        var face: FacePace?
    }

    enum ModelState: Equatable, Sendable {
        /// The caller's words are not known yet.
        case awaitingTranscript
        case streaming(since: MonotonicTime)
        case runningTools(outstanding: Int)
        case done
    }

    /// Another one when the model is asked anew while the answer waits for its transcript.
    var generation: Int
    var turn: CallerTurn
    var model = ModelState.awaitingTranscript
    var chunker: SentenceChunker
    /// Text of the step that is streaming.
    var stepText = ""
    var stepFirstChunk = 0
    var steps: [Step] = []
    /// Tools the streaming step asked for.
    var toolCalls: [ToolCall] = []
    var hasRunTools = false
    /// The answer whose tools this one waits for: its own, or the one it takes the place of.
    var toolGeneration: Int
    /// The answer was given up; what is left to say is an apology.
    var isHandedOver = false
    /// It ends with the sentence that is being said: something else is to be said.
    var isCutShort = false
    var closing: Closing?
    /// Speech does not interrupt it.
    var isGuarded = false
    /// The agent's own words: no model was asked.
    var isUnasked = false
    /// Why the call is over once `closing` has hung up.
    var endReason = EndReason.agentHungUp
    /// Said meanwhile; its turn comes once the answer was heard.
    var overheard: Conversation.Overheard?
    /// The model was asked before the turn was over.
    var isSpeculated = false
    /// When the model was first asked.
    var modelAskedAt: MonotonicTime?

    /// Chunks cut so far; numbers them.
    var chunkCount = 0
    /// Chunks waiting for the synthesiser.
    var unspoken: [String] = []
    var synthesising: Synthesis?
    var spoken: SpokenAnswer
    /// A face speaks it, unless that is lost on the way.
    var usesFace = false
    /// The end of what the face said last.
    var faceSilentSince: MonotonicTime?
    var fillerCount = 0
    /// The first octet sent belonged to a filler.
    var beganWithFiller = false

    init(generation: Int, turn: CallerTurn, language: Language, octetsPerSecond: Int) {
        self.generation = generation
        toolGeneration = generation
        self.turn = turn
        chunker = SentenceChunker(language: language)
        spoken = SpokenAnswer(octetsPerSecond: octetsPerSecond)
    }

    /// Nothing more will be synthesised.
    var isComplete: Bool { model == .done && unspoken.isEmpty && synthesising == nil }
    /// The answer as the model gave it so far.
    var text: String {
        (steps.map(\.text) + [stepText]).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
