import Pipeline

/// What the engines of a simulated call do, in milliseconds of virtual time.
struct EngineScripts {
    /// What comes of one utterance.
    struct Recognition {
        enum Outcome {
            case final(String)
            case failed
            /// The recogniser never answers.
            case none
        }
        var outcome: Outcome
        /// From the end of the utterance.
        var delayMilliseconds = 100
        /// Said while the utterance is open, this long after it began.
        var interims: [(text: String, delayMilliseconds: Int)] = []

        static func says(_ text: String, after delayMilliseconds: Int = 100) -> Recognition {
            Recognition(outcome: .final(text), delayMilliseconds: delayMilliseconds)
        }
    }

    /// One step of the model's stream; `after` counts from the step before.
    enum ModelStep {
        case event(ModelEvent, after: Int)
        case end(after: Int)
        case fail(after: Int)

        static func say(_ text: String, after delayMilliseconds: Int = 0) -> ModelStep {
            .event(.text(text), after: delayMilliseconds)
        }
    }

    /// How one chunk is synthesised.
    struct Synthesis {
        enum Ending { case complete, fail, stall }
        /// To the first block.
        var delayMilliseconds = 80
        /// Octets of each block but the last.
        var blockOctets = 400
        var blockInterval = 5
        var octetsPerCharacter = 120
        /// Each block names the words that begin in it.
        var tellsWords = false
        /// Cut off after so many octets, and ended as `ending` says.
        var limit = Int.max
        var ending = Ending.complete
    }

    /// How a face speaks.
    struct Face {
        /// From a sentence's being handed over to its first sound.
        var lag = 400
        var perCharacter = 60
        /// It is lost with the sentence of this number, from 1.
        var fails: Int?
    }

    var face = Face()
    /// By the order in which utterances begin; the last one repeats.
    var recognitions: [Recognition] = [.says("hello")]
    /// By the order of questions, the greeting's first; the last one repeats.
    var models: [[ModelStep]] = [[.say("Hello."), .end(after: 0)]]
    /// By the order of chunks; the last one repeats.
    var syntheses: [Synthesis] = [Synthesis()]
    /// By the order of tool calls, the last one repeating; `nil` never answers.
    var toolDelays: [Int?] = [200]
    /// How long a result waits between being ready and being handled.
    var queueDelay = 0
    /// Between the decision to send and its being done.
    var sendDelayMilliseconds = 0

    /// An answer of one text, token by token.
    static func answer(_ text: String, after delayMilliseconds: Int = 150) -> [ModelStep] {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        return words.enumerated().map { index, word in
            .say(index == 0 ? String(word) : " \(word)", after: index == 0 ? delayMilliseconds : 2)
        } + [.end(after: 1)]
    }
}

/// A generator whose run is told by its seed: SplitMix64 (Steele, Lea and Flood, 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
