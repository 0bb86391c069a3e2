/// Searches settings over recorded calls for the ones that cost callers least.
///
/// The cost, in seconds a caller loses: the endpointing delay of every turn, 2 s for a turn cut
/// off, 0.5 s for a pause of the answer that was taken back, 1 s for each word that was heard with
/// the call's own settings and is not any more.
package struct ReplayTuning: Sendable {
    package struct Choice: Sendable {
        /// Names and values as `ConversationSetting` takes them; none: the calls' own settings.
        package let settings: [(name: String, value: String)]
        package fileprivate(set) var cost = 0.0
        package fileprivate(set) var turns = 0
        package fileprivate(set) var cutOffs = 0
        package fileprivate(set) var interruptions = 0
        package fileprivate(set) var resumed = 0
        package fileprivate(set) var wordsLost = 0
        fileprivate var endpointingSeconds = 0.0

        package var endpointingMilliseconds: Double {
            turns == 0 ? 0 : endpointingSeconds * 1_000 / Double(turns)
        }
    }

    /// What is tried; every combination.
    package static let grid: [(name: String, values: [String])] = [
        ("endpointing.pause", ["300ms", "400ms", "480ms", "600ms", "800ms", "1000ms"]),
        ("vad.threshold", ["0.4", "0.5", "0.6", "0.7"]),
        ("bargeIn.debounce", ["60ms", "100ms", "140ms"]),
        ("bargeIn.sustainedVoice", ["400ms", "500ms", "700ms"]),
    ]

    /// The best first; of equals the one tried first, and the calls' own settings before all.
    package static func search(_ records: [FlightRecord]) throws -> [Choice] {
        var choices = combinations.map { Choice(settings: $0) }
        for record in records {
            let whatIf = WhatIf(record)
            let own = figures(whatIf, record.call.settings)
            for index in choices.indices {
                var settings = record.call.settings
                for (name, value) in choices[index].settings {
                    try ConversationSetting(named: name).set(value, in: &settings)
                }
                let isOwn = choices[index].settings.isEmpty
                choices[index].add(isOwn ? own : figures(whatIf, settings), own: own)
            }
        }
        return choices.enumerated()
            .sorted { ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset) }
            .map(\.element)
    }

    private static func figures(
        _ whatIf: WhatIf, _ settings: ConversationSettings
    ) -> ReplayFigures {
        let outcome = whatIf.run(settings: settings)
        return ReplayFigures(outcome.log, standIns: outcome.standIns)
    }

    private static var combinations: [[(name: String, value: String)]] {
        var result: [[(name: String, value: String)]] = [[]]
        for (name, values) in grid {
            result = result.flatMap { chosen in values.map { chosen + [(name, $0)] } }
        }
        return [[]] + result
    }
}

extension ReplayTuning.Choice {
    fileprivate mutating func add(_ figures: ReplayFigures, own: ReplayFigures) {
        turns += figures.turns
        cutOffs += figures.cutOffs
        interruptions += figures.interruptions
        resumed += figures.resumed
        let lost = max(0, own.words - figures.words)
        wordsLost += lost
        let delay = (figures.endpointingMilliseconds ?? 0) / 1_000 * Double(figures.turns)
        endpointingSeconds += delay
        cost +=
            delay + 2 * Double(figures.cutOffs) + 0.5 * Double(figures.resumed) + Double(lost)
    }
}
