import Pipeline

/// What is to be run: every call with every run's settings; times are milliseconds of the call.
struct Plan: Decodable {
    /// The Silero network's weights; absent: the energy detector hears.
    let weights: String?
    let calls: [Call]
    let runs: [Run]

    /// One way to run the calls.
    struct Run: Decodable {
        let name: String
        /// Names and values as `mediabridge replay --set` takes them.
        let settings: [String: String]
        /// The recogniser sends interim text; without, only the sound tells when a turn ends.
        let hasInterims: Bool
        /// Keep a flight record of it and run that again.
        let isReplayed: Bool
    }

    /// A recording of the caller's side, with its labels.
    struct Call: Decodable {
        let name: String
        let language: String
        let audio: String
        /// What the agent opens the call with.
        let greeting: String
        let turns: [Turn]
    }

    struct Turn: Decodable {
        /// What the agent asked for, by the name of `ExpectedEntity`; empty: nothing.
        let expecting: String
        let start: Int
        let end: Int
        let words: [Word]
    }

    struct Word: Decodable {
        let text: String
        let end: Int
        /// When a recogniser's interim text first holds it.
        let ready: Int
    }
}
