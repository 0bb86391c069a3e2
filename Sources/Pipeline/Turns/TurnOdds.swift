internal import Foundation

/// How much likelier the caller goes on than has finished, by what is known of a pause.
///
/// Factors are ratios of two shares: of the pauses inside turns, and of the ends of turns, that
/// showed the same. They were counted on the tuning dialogues of `bench/hearing` and, for the melody,
/// on recorded prompts cut inside, which `bench/hearing/TURNS.md` tells more of.
package enum TurnOdds {
    /// The last word is known, and the words are complete: 9 % of the pauses, 94 % of the ends.
    static let complete = 0.11
    /// The last word is known, and the words do not tell: 15 % and 6 %.
    ///
    /// Taken also for words that were open before the last one came; their shares alone would give
    /// 1.1, and 2.7 cut fewer turns on the tuning dialogues.
    static let neutral = 2.7

    /// By the height of the voice: from a twelfth, at the low end of the caller's range, to twelve
    /// times.
    ///
    /// Below 0.4 semitones above the lowest tenth ended 84 to 97 % of the sentences, recorded and
    /// synthetic, and 8 to 31 % of what was broken off. Clauses before a comma fall as sentences
    /// do when people read (84 %), so that a fall must not say more.
    package static func factor(of intonation: Intonation?) -> Double {
        guard let height = intonation?.semitonesAboveLow else { return 1 }
        return exp(Double(max(-2.5, min(2.5, 2 * (height - 0.4)))))
    }

    /// The silence that ends a turn: as much of the way from `shortest` to `longest` as it is
    /// likely that the caller goes on; `pause` when nothing more is known.
    ///
    /// `factor` is what is known beyond the silence, 1 for nothing.
    ///
    /// - Returns: whole milliseconds, `shortest` to `longest`.
    static func wait(
        _ factor: Double, shortest: Duration, pause: Duration, longest: Duration
    ) -> Duration {
        guard shortest < longest else { return longest }
        let goesOn = (pause - shortest) / .milliseconds(1) * factor
        let isOver = (longest - pause) / .milliseconds(1)
        let share = goesOn / (goesOn + isOver)
        let span = (longest - shortest) / .milliseconds(1)
        return shortest + .milliseconds(Int((span * share).rounded()))
    }
}
