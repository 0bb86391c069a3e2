/// What came of one call in one run; times are milliseconds of the call.
struct CallOutcome: Encodable {
    let call: String
    let run: String
    var turns: [Turn]
    /// When the agent's audio was cleared.
    var clears: [Int] = []
    /// When an answer was ended by the caller.
    var interruptions: [Int] = []
    /// How the greeting was heard.
    var greeting = Greeting()
    var replay: ReplayOutcome?

    struct Turn: Encodable {
        /// When its end was declared before it had come.
        var cuts: [Int] = []
        /// Cuts taken back before the caller heard anything.
        var healed = 0
        /// When its end was declared.
        var end: Int?
        /// The agent still had the floor when the caller began.
        var beganBusy = false
    }

    struct Greeting: Encodable {
        /// All of it was heard.
        var isWhole = false
        /// Octets that were never heard though later ones were.
        var skipped = 0
        /// The most octets that one resumption said again.
        var repeated = 0
        /// The most words of which one resumption said anything again.
        var repeatedWords = 0
        var resumptions = 0
    }

    struct ReplayOutcome: Encodable {
        /// Both decision logs are the same to the last octet.
        let isIdentical: Bool
        let callSeconds: Double
        let replaySeconds: Double
        let decisions: Int
    }
}
