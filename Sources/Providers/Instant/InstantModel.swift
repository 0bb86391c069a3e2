package import Pipeline

/// Gives the same answer to everything; with an empty history, a greeting.
///
/// Instant engines stand in for real ones where the bridge's own share of a turn is measured, so that
/// nothing but the bridge is in the figure.
package struct InstantModel: LanguageModel {
    private static let answer = [
        "We", " are", " open", " from", " nine", " to", " five", ".", " Every", " day", " of",
        " the", " week", ",", " and", " on", " Sunday", " we", " are", " closed", ".",
    ]

    package init() {}

    package func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        AsyncThrowingStream { stream in
            // Notes on the caller may come before anybody says anything.
            let begins = request.history.allSatisfy {
                if case .context = $0 { true } else { false }
            }
            for token in begins ? ["Good day."] : Self.answer {
                stream.yield(.text(token))
            }
            stream.finish()
        }
    }
}
