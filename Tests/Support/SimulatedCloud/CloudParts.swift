internal import ProviderSimulators

/// How fast the simulated cloud is, in milliseconds.
struct CloudLatencies: Sendable {
    /// From the end of an utterance's audio to its final words.
    var final: Int
    var firstToken: Int
    /// Between two tokens of four characters.
    var perToken: Int
    /// From a text to the first octet of its speech.
    var firstByte: Int
    /// Between two messages of 90 ms of speech.
    var perPiece: Int
}

/// What the servers of the simulated cloud have in common.
struct CloudParts: Sendable {
    let board: FaultBoard
    let log: CloudLog
    let answers: CloudAnswers
    let recordings: SimulatedRecordings
    let latencies: CloudLatencies
    /// Utterances have a word each that tells which turn something belongs to.
    var turnWords: TurnWords?
}
