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
            for token in request.history.isEmpty ? ["Good day."] : Self.answer {
                stream.yield(.text(token))
            }
            stream.finish()
        }
    }
}
