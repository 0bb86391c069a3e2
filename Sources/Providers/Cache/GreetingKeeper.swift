internal import Codecs
package import Pipeline

/// Has what opens a call asked and said before anybody calls, and again before it is too old.
///
/// Only for telephones: other formats are synthesised by the first call that needs them and then
/// kept like any frequent answer.
package struct GreetingKeeper: Sendable {
    /// How often it is looked whether a prompt has changed.
    static let interval = Duration.seconds(5)
    /// A greeting is renewed so long before it is too old, or earlier where little time is given.
    private static let lead = Duration.seconds(15)
    /// How long an engine that failed is left alone; doubles each time.
    private static let firstPause = Duration.seconds(5)
    private static let longestPause = Duration.seconds(300)

    private let model: CachingModel
    private let voice: CachingSynthesizer
    private let cache: SharedResponseCache
    private let languages: [Language]

    /// - Parameters:
    ///   - model: whose greeting it is.
    ///   - voice: who says it.
    ///   - cache: of both.
    ///   - first: the gateway's language; the others come behind it.
    package init(
        _ model: CachingModel, _ voice: CachingSynthesizer, cache: SharedResponseCache,
        first: Language
    ) {
        self.model = model
        self.voice = voice
        self.cache = cache
        languages = [first] + Language.allCases.filter { $0 != first }
    }

    /// Works until its task is cancelled.
    ///
    /// - Parameter onFailure: told why the next call of a language may wait for its greeting.
    package func run(onFailure: @Sendable (Language, any Error) -> Void = { _, _ in }) async {
        var plans: [Language: Plan] = [:]
        while !Task.isCancelled {
            for language in languages {
                let plan = plans[language] ?? Plan()
                let isGone = plan.isReady && model.greetingIsGone(language)
                guard plan.dueAt.map({ $0 <= cache.clock.now() }) ?? true || isGone else {
                    continue
                }
                plans[language] = await renewed(plan, language, onFailure)
            }
            await cache.clock.wait(until: cache.clock.now().advanced(by: Self.interval))
        }
    }

    private struct Plan {
        /// `nil`: at once.
        var dueAt: MonotonicTime?
        var pause = GreetingKeeper.firstPause
        var isReady = false
    }

    private func renewed(
        _ plan: Plan, _ language: Language, _ onFailure: @Sendable (Language, any Error) -> Void
    ) async -> Plan {
        var plan = plan
        do {
            plan.isReady = try await prepare(language)
        } catch {
            plan.isReady = false
            if !Task.isCancelled { onFailure(language, error) }
        }
        let now = cache.clock.now()
        if plan.isReady {
            let lead = min(Self.lead, cache.timeToLive / 4)
            plan.dueAt = now.advanced(by: cache.timeToLive - lead)
            plan.pause = Self.firstPause
        } else {
            plan.dueAt = now.advanced(by: plan.pause)
            plan.pause = min(plan.pause * 2, Self.longestPause)
        }
        return plan
    }

    /// - Returns: whether all of it is kept; what a stand-in said is not.
    private func prepare(_ language: Language) async throws -> Bool {
        let context = EngineContext(call: EngineCall(id: "greeting"), generation: 1) { _ in }
        let events = try await model.freshGreeting(language, context)
        // Cut like an answer to a caller: whoever is greeted asks for the same pieces.
        var chunker = SentenceChunker(language: language)
        for case .text(let text) in events { chunker.append(text) }
        var pieces: [String] = []
        while let piece = chunker.nextChunk() { pieces.append(piece) }
        if let rest = chunker.finish() { pieces.append(rest) }
        while let piece = chunker.nextChunk() { pieces.append(piece) }
        var isKept = !model.greetingIsGone(language)
        for piece in pieces {
            let isSaid = try await voice.keep(piece, language, format: .telephone, context)
            isKept = isKept && isSaid
        }
        return isKept
    }
}
