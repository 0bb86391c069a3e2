import Pipeline

/// Everything a model said in one answer, and how it ended, for the integration tests.
struct ModelListener: Sendable {
    var events: [ModelEvent] = []
    /// `nil`: it ended well, or was given up.
    var failure: ProviderFailure?

    init(_ stream: AsyncThrowingStream<ModelEvent, any Error>) async {
        await listen(stream)
    }

    /// Leaves the stream after a time.
    init(
        _ stream: AsyncThrowingStream<ModelEvent, any Error>, giveUpAfter patience: Duration
    ) async {
        let listening = Task {
            var listener = ModelListener()
            await listener.listen(stream)
            return listener
        }
        let watch = Task {
            try await Task.sleep(for: patience)
            listening.cancel()
        }
        self = await listening.value
        watch.cancel()
    }

    private init() {}

    private mutating func listen(_ stream: AsyncThrowingStream<ModelEvent, any Error>) async {
        do {
            for try await event in stream { events.append(event) }
        } catch {
            failure = ProviderFailure(error, hasDelivered: !events.isEmpty)
        }
    }

    var text: String {
        events.reduce("") { text, event in
            if case .text(let piece) = event { text + piece } else { text }
        }
    }

    var calls: [ToolCall] {
        events.compactMap { if case .toolCall(let call) = $0 { call } else { nil } }
    }
}
