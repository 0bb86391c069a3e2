internal import Codecs
internal import Pipeline
internal import Synchronization

/// Keeps the WebSockets to one provider's voices and spreads requests over them.
final class SpeechLinePool<Wire: SpeechWire>: Sendable {
    /// How one language in one format is spoken.
    struct Plan: Sendable {
        let key: SpeechLineKey
        let endpoint: EngineEndpoint
        let wire: Wire
        let source: SpeechSource
    }
    private struct Ticket {
        let line: SpeechLine<Wire>
        let request: SpeechLine<Wire>.Request
        /// The line was there before and may have gone without a word.
        let isUsed: Bool
    }
    private struct State {
        var lines: [SpeechLineKey: [SpeechLine<Wire>]] = [:]
        var isClosed = false
    }

    private let connector: any EngineConnector
    private let limits: SpeechLimits
    /// A line serves one request, so that another is opened as soon as one is used.
    private let keepsSpare: Bool
    private let state = Mutex(State())

    init(over connector: any EngineConnector, limits: SpeechLimits, keepsSpare: Bool) {
        self.connector = connector
        self.limits = limits
        self.keepsSpare = keepsSpare
    }

    /// Opens a line ahead, unless one with room is there.
    func warm(_ plan: Plan) {
        state.withLock { state in
            prune(&state)
            let hasRoom = state.lines[plan.key]?.contains(where: \.hasRoom) == true
            if !hasRoom { _ = open(plan, &state) }
        }
    }

    /// Closes every line; requests at work fail and new ones are refused.
    func close() {
        let lines = state.withLock { state in
            state.isClosed = true
            defer { state.lines = [:] }
            return state.lines.values.flatMap(\.self)
        }
        for line in lines { line.close() }
    }

    /// The sockets that are open or opening.
    var lineCount: Int {
        state.withLock { state in
            prune(&state)
            return state.lines.values.map(\.count).reduce(0, +)
        }
    }

    /// Speaks a text; ending the iteration early cancels the request.
    func speak(
        _ text: String, _ plan: Plan, format: AudioFormat, usage: @escaping SpeechUsage
    ) -> AsyncThrowingStream<SpeechBlock, any Error> {
        let (stream, blocks) = AsyncThrowingStream.makeStream(of: SpeechBlock.self)
        let task = Task.immediate(executorPreference: CallTasks.executor) {
            do {
                try await serve(text, plan, format: format, usage: usage, into: blocks)
                blocks.finish()
            } catch {
                blocks.finish(throwing: error)
            }
        }
        blocks.onTermination = { _ in task.cancel() }
        return stream
    }

    private func serve(
        _ text: String, _ plan: Plan, format: AudioFormat, usage: SpeechUsage,
        into blocks: AsyncThrowingStream<SpeechBlock, any Error>.Continuation
    ) async throws {
        var relay = try SpeechRelay(from: plan.source, to: format, into: blocks)
        var audio = 0
        defer { usage(UsageAmount(characters: text.count, audioMilliseconds: audio)) }
        var mayRetry = true
        while true {
            let ticket = try take(plan, text)
            let (line, number) = (ticket.line, ticket.request.number)
            let watch = StallWatch(limits) { hasBegun in
                let failure: ProviderFailure =
                    hasBegun
                    ? .stalledMidStream : line.isOpen ? .stalledBeforeFirst : .timedOut
                line.cancel(number, because: failure)
                line.retire()
            }
            defer { watch.stop() }
            do {
                for try await piece in ticket.request.pieces {
                    watch.progressed()
                    switch piece {
                    case .audio(let octets, let words): relay.take(octets, words: words)
                    }
                    audio = relay.audioMilliseconds
                }
                guard !Task.isCancelled else { return }
                return try relay.finish(text)
            } catch ProviderFailure.closedEarly
                where ticket.isUsed && mayRetry && !relay.hasAudio
            {
                // It had been closed while it was idle, which is no fault: once more on a new one.
                mayRetry = false
                line.retire()
            }
        }
    }

    private func take(_ plan: Plan, _ text: String) throws -> Ticket {
        try state.withLock { state in
            guard !state.isClosed else {
                throw EngineError.unavailable("the voice has been shut down")
            }
            prune(&state)
            for line in state.lines[plan.key] ?? [] {
                let isUsed = line.isOpen
                guard let request = line.begin(text) else { continue }
                if keepsSpare { _ = open(plan, &state) }
                return Ticket(line: line, request: request, isUsed: isUsed)
            }
            guard let line = open(plan, &state), let request = line.begin(text) else {
                throw ProviderFailure.overloaded
            }
            return Ticket(line: line, request: request, isUsed: false)
        }
    }

    private func open(_ plan: Plan, _ state: inout State) -> SpeechLine<Wire>? {
        let count = state.lines.values.map(\.count).reduce(0, +)
        guard !state.isClosed, count < limits.connections else { return nil }
        let line = SpeechLine(plan.wire, to: plan.endpoint, over: connector, limits: limits)
        state.lines[plan.key, default: []].append(line)
        return line
    }

    private func prune(_ state: inout State) {
        for key in state.lines.keys { state.lines[key]?.removeAll(where: \.isOver) }
    }
}
