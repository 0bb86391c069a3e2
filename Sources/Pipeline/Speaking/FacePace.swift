/// How a face speaks, learned from what it tells of each sentence, as its sound does not pass by us.
struct FacePace: Equatable, Sendable {
    /// Shorter sentences say more of pauses than of the pace.
    private static let fewestCharacters = 20
    /// No speech is faster.
    private static let shortestCharacter = Duration.milliseconds(20)

    /// From the moment a sentence is handed over to its first sound; a guess until one was spoken.
    private(set) var lag = Duration.milliseconds(500)
    private(set) var perCharacter = Duration.seconds(1) / SpokenAnswer.charactersPerSecond

    /// A sentence was spoken.
    ///
    /// - Parameters:
    ///   - characters: its length.
    ///   - took: from its being handed over to the word that it was spoken; what `duration` leaves
    ///     of it is taken to lie before the first sound, so that too little counts as heard rather
    ///     than too much.
    ///   - duration: how long it sounded.
    mutating func learn(characters: Int, took: Duration, lasting duration: Duration) {
        lag = max(.zero, took - duration)
        guard characters >= Self.fewestCharacters else { return }
        perCharacter = max(Self.shortestCharacter, duration / characters)
    }

    /// How much of a sentence was heard so long after it was handed over.
    func characters(heardAfter elapsed: Duration) -> Int {
        Int(max(0, (elapsed - lag) / perCharacter))
    }
}
