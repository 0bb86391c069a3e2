package import Pipeline
internal import Synchronization

/// The engines of one kind in the order in which they are wanted, and what all calls of the process
/// know of them together.
package final class ProviderChain<Engine: Sendable>: Sendable {
    package struct Link: Sendable {
        /// As events and metrics carry it.
        package let name: String
        package let engine: Engine

        package init(_ name: String, _ engine: Engine) {
            self.name = name
            self.engine = engine
        }
    }

    package let links: [Link]
    package let stage: EngineStage
    let settings: FailoverSettings
    let clock: any ChainClock
    private let policy: Mutex<FailoverPolicy>

    /// - Parameters:
    ///   - stage: what the engines do.
    ///   - links: the most wanted first; at least one.
    ///   - hasLastResort: the last one is built in.
    ///   - settings: how patient the chain is.
    ///   - clock: the process's own unless under test.
    ///   - seed: of the retries' jitter.
    package init(
        stage: EngineStage, _ links: [Link], hasLastResort: Bool,
        settings: FailoverSettings = FailoverSettings(), clock: any ChainClock = SystemClock(),
        seed: UInt64 = .random(in: 0...UInt64.max)
    ) {
        self.links = links
        self.stage = stage
        self.settings = settings
        self.clock = clock
        policy = Mutex(
            FailoverPolicy(
                stage: stage, providers: links.map(\.name), hasLastResort: hasLastResort,
                settings: settings, seed: seed))
    }

    /// Whom the call that is being served wants to be asked first.
    var preferred: FailoverPolicy.Provider? {
        EngineContext.current?.call.preferred(stage).flatMap { name in
            links.firstIndex { $0.name == name }
        }
    }

    package var health: [FailoverPolicy.Health] { policy.withLock { $0.health } }

    /// Hands an event of one request to its machine; nothing else happens under the lock.
    func handle<Work>(
        _ event: ChainRelay<Work>.Event, by relay: inout ChainRelay<Work>
    ) {
        let now = clock.now()
        policy.withLock { relay.handle(event, at: now, policy: &$0) }
    }

    /// The same for a race by itself.
    ///
    /// - Returns: what to do, oldest first.
    func handle(
        _ event: RequestRace.Event, by race: inout RequestRace
    ) -> [RequestRace.Action] {
        let now = clock.now()
        policy.withLock { race.handle(event, at: now, policy: &$0) }
        var actions: [RequestRace.Action] = []
        while let action = race.nextAction() { actions.append(action) }
        return actions
    }

    /// The same for a connection that is opened ahead.
    func handle(
        _ event: ConnectionWarmUp.Event, by warmUp: inout ConnectionWarmUp
    ) -> ConnectionWarmUp.Action {
        let now = clock.now()
        return policy.withLock { warmUp.handle(event, at: now, policy: &$0) }
    }

    /// Whom a request would ask first now; `nil`: nobody may be asked.
    var firstChoiceIndex: FailoverPolicy.Provider? { policy.withLock { $0.candidates().first } }

    /// A provider did one piece of its work to the end.
    func succeeded(_ provider: FailoverPolicy.Provider) {
        policy.withLock { $0.finished(provider) }
    }
}
