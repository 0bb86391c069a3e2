internal import Pipeline

/// One request to a language model over HTTP and the stream it answers with.
struct ModelExchange<Decoder: ModelStreamDecoder>: Sendable {
    let http: ProviderHTTP
    let request: ProviderHTTPRequest
    let history: [Message]
    let engine: Usage.Engine
    /// What the request has, by the estimate; told where the provider did not count.
    let estimatedInputTokens: Int
    let report: UsageReport
    /// Reads the body of an answer that is no success.
    let failure: @Sendable (_ head: ProviderHTTPResponse, _ body: [UInt8]) -> ProviderFailure

    /// How long the end of a complete answer is waited for: the last sentence is spoken only then.
    private static var patienceForEnd: Duration { .milliseconds(500) }

    /// Errors thrown by the stream are `ProviderFailure`; what came before stands.
    func events(
        _ decoder: @escaping @Sendable () -> Decoder
    ) -> AsyncThrowingStream<ModelEvent, any Error> {
        AsyncThrowingStream { stream in
            let task = Task.immediate(executorPreference: CallTasks.executor) {
                do {
                    try await run(decoder(), into: stream)
                    stream.finish()
                } catch {
                    // Whoever left hears of no failure.
                    stream.finish(throwing: Task.isCancelled ? nil : error)
                }
            }
            stream.onTermination = { _ in task.cancel() }
        }
    }

    private func run(
        _ decoder: Decoder, into stream: AsyncThrowingStream<ModelEvent, any Error>.Continuation
    ) async throws(ProviderFailure) {
        let answer: ProviderHTTPResponse
        do { answer = try await http.send(request) } catch { throw ProviderFailure(http: error) }
        guard answer.status == 200 else {
            // Only a refused rate says more in its body than in its status.
            let body = answer.status == 429 ? try? await answer.body.collect(upTo: 1 << 14) : nil
            throw failure(answer, body ?? [])
        }
        var said = 0
        var decoder = decoder
        var closing = ModelClosing(after: history)
        var watch: Task<Void, any Error>?
        defer {
            watch?.cancel()
            report(amount(decoder, said: said), engine)
        }
        func pass(_ events: [ModelEvent]) {
            for event in events {
                if case .text(let text) = event { said += text.utf8.count }
                if let event = closing.take(event) { stream.yield(event) }
            }
        }
        do {
            if answer.isJSON {
                let body = try await answer.body.collect(upTo: 1 << 20)
                pass(try decoder.take(.init(data: String(decoding: body, as: UTF8.self))))
            } else {
                guard answer.mayBeEvents else { throw ProviderFailure.garbage }
                var parser = ServerSentEvents()
                var octets = answer.body.makeAsyncIterator()
                while !decoder.isFinished, let piece = try await octets.next() {
                    parser.append(piece)
                    while !decoder.isFinished, let event = try parser.next() {
                        pass(try decoder.take(event))
                    }
                    if decoder.isComplete, watch == nil { watch = end(stream, closing) }
                }
                if !decoder.isFinished, let rest = parser.rest() {
                    do {
                        pass(try decoder.take(rest))
                    } catch ProviderFailure.garbage {
                        // Half an event: what is wrong is the end.
                    }
                }
            }
            pass(try decoder.finish())
        } catch let error as ProviderFailure {
            throw error
        } catch let error as ProviderHTTPError {
            throw error == .timedOut ? .stalledMidStream : ProviderFailure(http: error)
        } catch {
            throw .garbage
        }
        if let event = closing.finish() { stream.yield(event) }
    }

    /// Ends a complete answer in place of a server that does not; that cancels the reading.
    private func end(
        _ stream: AsyncThrowingStream<ModelEvent, any Error>.Continuation, _ closing: ModelClosing
    ) -> Task<Void, any Error> {
        Task {
            try await Task.sleep(for: Self.patienceForEnd)
            if let event = closing.finish() { stream.yield(event) }
            stream.finish()
        }
    }

    /// Tokens of a stream that was cut are billed although nobody counted them for us.
    private func amount(_ decoder: Decoder, said octets: Int) -> UsageAmount {
        var amount = decoder.usage ?? UsageAmount()
        amount.requests = 1
        if decoder.usage == nil { amount.inputTokens = estimatedInputTokens }
        if decoder.usage == nil || !decoder.isFinished {
            amount.outputTokens = max(amount.outputTokens, (octets + 3) / 4)
        }
        return amount
    }
}

extension ProviderHTTPResponse {
    /// The media type without its parameters; empty when the server named none.
    private var mediaType: String {
        String(header("content-type").map { $0.prefix { $0 != ";" } } ?? "").trimmed.lowercased()
    }

    /// A server that streams nothing although it was asked to.
    fileprivate var isJSON: Bool { mediaType == "application/json" }

    /// Anything but what is surely something else: some servers call their events plain text.
    fileprivate var mayBeEvents: Bool {
        ["", "text/event-stream", "text/plain", "application/octet-stream"].contains(mediaType)
    }
}
