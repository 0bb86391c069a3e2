internal import Pipeline

/// How the words of a hypothesis lie on the audio; frames are 10 ms.
///
/// A closed grammar makes a sentence of everything, so what does not fit is turned down here.
/// Measured with the built-in agent's English grammars on espeak-ng in three voices through 8 kHz
/// µ-law: none of 170 exact answers is turned down; of 216 sentences outside the grammar 68 % are
/// (none without these rules), of 198 coughs, tones and noises 81 % (35 % without). The bounds were
/// drawn on the same recordings, so confirm with the caller what matters.
struct Alignment: Equatable {
    /// The search's log score of all frames.
    var score: Int
    /// Frames searched; the decoder drops long silence beforehand.
    var frames: Int
    /// Those of `frames` that stand for no word.
    var silentFrames: Int

    func isPlausible(for text: String, language: Language) -> Bool {
        let letters = text.count { $0.isLetter }
        let spoken = frames - silentFrames
        guard frames > 0, spoken > 0, letters > 0 else { return false }
        let silence = Double(silentFrames) / Double(frames)
        let framesPerLetter = Double(spoken) / Double(letters)
        return Double(score) / Double(frames) >= Self.lowestScorePerFrame(language)
            && (Self.leastSilence...Self.mostSilence).contains(silence)
            && !(silentFrames > Self.longSilence && silentFrames > spoken)
            && Self.framesPerLetter.contains(framesPerLetter)
    }

    /// Right answers −51…−23, outside the grammar −68…−36 (English); Spanish in English phones
    /// scores lower.
    private static func lowestScorePerFrame(_ language: Language) -> Double {
        switch language {
        case .english: -52
        case .spanish: -75
        }
    }

    /// Speech comes with the pause that ended it: 0.18…0.66 of the frames; steady noise has none,
    /// and a word found in a short burst has little else.
    private static let leastSilence = 0.04
    private static let mostSilence = 0.7
    /// Right answers have at most 82 frames; the words of something else are mostly gaps.
    private static let longSilence = 100
    /// Right answers: 6 ("appointment") to 23 ("no").
    private static let framesPerLetter = 4.0...30.0
}
