import Insight

/// What callers say, with the intent a person heard in it: one `intent: utterance` a line.
///
/// Even lines may be looked at while rules are written; odd lines are held out and only counted.
struct LabelledUtterances {
    struct Utterance {
        let intent: String
        let text: String
    }
    let development: [Utterance]
    let heldOut: [Utterance]

    init(_ language: SpokenLanguage) {
        let all = (language == .english ? Self.english : Self.spanish).split(separator: "\n")
            .map { line in
                let intent = line.prefix { $0 != ":" }
                return Utterance(
                    intent: String(intent), text: String(line.dropFirst(intent.count + 2)))
            }
        development = all.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        heldOut = all.enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
    }
}
