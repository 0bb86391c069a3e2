internal import Synchronization

/// For whom an engine works; task-local around every request that a call makes.
///
/// Engines read it where they are asked, and need not know who reads what they report.
package struct EngineContext: Sendable {
    @TaskLocal package static var current: EngineContext?

    package let call: EngineCall
    /// The answer that the request is part of; `nil` where answers play no part.
    package let generation: Int?
    /// Takes a change of provider; on any thread, never blocks.
    package let report: @Sendable (ProviderSwitch) -> Void
    /// An answer of a chain broke off, though what came of it may stand; on any thread.
    package var noteBreak: @Sendable () -> Void = {}

    package init(
        call: EngineCall, generation: Int?, report: @escaping @Sendable (ProviderSwitch) -> Void
    ) {
        self.call = call
        self.generation = generation
        self.report = report
    }
}

/// What the engines keep of one call.
package final class EngineCall: Sendable {
    private struct Notes: Sendable {
        var usage = Usage()
        var voice: (generation: Int, provider: FailoverPolicy.Provider)?
        var preferred: [EngineStage: String] = [:]
        /// The answer whose speech other calls may be given.
        var frequentGeneration: Int?
    }

    package let id: String
    private let notes = Mutex(Notes())

    package init(id: String) { self.id = id }

    /// Of all engines until now, with the requests that were cancelled or lost a race.
    package var usage: Usage { notes.withLock { $0.usage } }

    package func used(_ amount: UsageAmount, of engine: Usage.Engine) {
        notes.withLock { $0.usage.add(amount, of: engine) }
    }

    /// Which engine of a chain this call wants to be asked first, by name.
    package func preferred(_ stage: EngineStage) -> String? {
        notes.withLock { $0.preferred[stage] }
    }

    package func prefer(_ engines: [EngineStage: String]) {
        notes.withLock { $0.preferred = engines }
    }

    /// Who speaks an answer; the voice does not change between its sentences without need.
    package func voice(of generation: Int) -> FailoverPolicy.Provider? {
        notes.withLock { $0.voice?.generation == generation ? $0.voice?.provider : nil }
    }

    /// Whether an answer is that to a frequent question, so that its audio is worth keeping.
    package func isFrequent(_ generation: Int) -> Bool {
        notes.withLock { $0.frequentGeneration == generation }
    }

    /// Said whenever the model is asked: what follows a tool's result is about this caller alone.
    package func note(isFrequent: Bool, _ generation: Int) {
        notes.withLock { $0.frequentGeneration = isFrequent ? generation : nil }
    }

    package func spoke(_ provider: FailoverPolicy.Provider, in generation: Int) {
        notes.withLock { $0.voice = (generation, provider) }
    }
}
