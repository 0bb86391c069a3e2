/// Runs the gateway's tools for an assistant that runs elsewhere; whoever has tools implements it.
package protocol RemoteToolRunner: Sendable {
    /// Runs one tool, however long it takes.
    ///
    /// - Parameters:
    ///   - name: the tool's.
    ///   - arguments: a JSON object.
    ///   - id: of this use of the tool.
    ///   - callID: ours; empty for a call that nobody named.
    /// - Returns: what the model is told.
    func run(
        _ name: String, arguments: String, id: String, callID: String
    ) async -> RemoteToolOutcome
}

package struct RemoteToolOutcome: Equatable, Sendable {
    package let succeeded: Bool
    /// For the model: JSON, or a sentence about what went wrong.
    package let content: String
    /// It did not answer in time.
    package var isLate = false

    package init(succeeded: Bool, content: String) {
        self.succeeded = succeeded
        self.content = content
    }

    static func late(after limit: Duration) -> RemoteToolOutcome {
        let seconds = (limit / .seconds(1)).rounded()
        var outcome = RemoteToolOutcome(
            succeeded: false, content: "The tool did not answer within \(Int(seconds)) s.")
        outcome.isLate = true
        return outcome
    }
}

extension Duration {
    /// What `work` gives, or `nil` once this time has passed; then it is cancelled and not waited
    /// for, because it may not care.
    func first<Value: Sendable>(
        of work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let limit = self
        let (values, found) = AsyncStream.makeStream(of: Value?.self)
        let working = Task {
            found.yield(await work())
            found.finish()
        }
        let timing = Task {
            try? await Task.sleep(for: limit)
            found.yield(nil)
            found.finish()
        }
        defer {
            working.cancel()
            timing.cancel()
        }
        for await value in values { return value }
        return nil
    }
}
