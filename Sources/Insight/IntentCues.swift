/// The phrases each intent is known by, per language; see `WordPattern` for the notation.
///
/// Weights: 0.9 says it by itself, 0.6 is enough alone, under 0.5 only adds to others.
/// On a tie the intent listed first wins.
enum IntentCues {
    struct Entry: Sendable {
        let intent: Intent
        let cues: [Double: [String]]

        init(_ intent: Intent, _ cues: [Double: [String]]) {
            self.intent = intent
            self.cues = cues
        }
    }
}
