/// Lets one after the other write, in the order they came.
package actor WriteTurns {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init() {}

    /// Returns when it is the caller's turn; `end()` gives it back.
    package func begin() async {
        guard isTaken else {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    package func end() {
        // The turn is handed over without being free in between.
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }
}
