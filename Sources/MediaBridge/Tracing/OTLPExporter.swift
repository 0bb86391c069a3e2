internal import Foundation
internal import Logging
internal import Providers
internal import ServiceLifecycle

/// Takes spans to an OTLP collector over HTTP, in JSON, in batches; no call ever waits for it.
///
/// A batch that is refused for good is dropped and counted; one that could not be delivered is tried
/// again after growing pauses, up to `attempts` times.
struct OTLPExporter: Service {
    struct Settings: Sendable {
        /// Where spans are posted, with the path.
        var url: String
        /// Such as a key of a hosted collector; never logged.
        var headers: [(name: String, value: String)] = []
        var serviceName = "mediabridge"
        var batchLimit = 512
        /// A span is on its way after so long at the latest.
        var interval = Duration.seconds(2)
        var attempts = 4
        var firstPause = Duration.seconds(1)
        /// What is left when the gateway stops has so long.
        var finishLimit = Duration.seconds(2)
    }

    let settings: Settings
    let queue: SpanQueue
    let logger: Logger

    /// Runs until asked to stop; what waits then is sent if the collector takes it at once.
    func run() async throws {
        let http = ProviderHTTP()
        await cancelWhenGracefulShutdown { await loop(over: http) }
        await finish(over: http)
        await http.shutdown()
    }

    private func loop(over http: ProviderHTTP) async {
        var isFailing = false
        while (try? await Task.sleep(for: settings.interval)) != nil {
            while !Task.isCancelled {
                let batch = queue.take(upTo: settings.batchLimit)
                guard !batch.isEmpty else { break }
                await deliver(batch, over: http, &isFailing)
                if batch.count < settings.batchLimit { break }
            }
        }
    }

    private func deliver(
        _ batch: [EndedSpan], over http: ProviderHTTP, _ isFailing: inout Bool
    ) async {
        let body = OTLPRequest(batch, serviceName: settings.serviceName).octets
        var pause = settings.firstPause
        for attempt in 1...settings.attempts {
            switch await post(body, over: http) {
            case .taken(let rejected):
                isFailing = false
                queue.exported(batch.count - min(batch.count, rejected))
                return queue.dropped(min(batch.count, rejected))
            case .refused(let reason):
                // Said once, however many batches follow.
                if !isFailing {
                    logger.error("the collector refuses spans", metadata: ["why": "\(reason)"])
                }
                isFailing = true
                return queue.dropped(batch.count)
            case .unavailable(let reason, let least):
                guard attempt < settings.attempts,
                    (try? await Task.sleep(for: max(pause, least ?? .zero))) != nil
                else {
                    if !isFailing {
                        logger.warning(
                            "the collector cannot be reached", metadata: ["why": "\(reason)"])
                    }
                    isFailing = true
                    return queue.dropped(batch.count)
                }
                pause *= 2
            }
        }
    }

    /// One attempt for what is left, in the time there is.
    private func finish(over http: ProviderHTTP) async {
        let batch = queue.take(upTo: queue.capacity)
        guard !batch.isEmpty else { return }
        let body = OTLPRequest(batch, serviceName: settings.serviceName).octets
        let limit = settings.finishLimit
        let isTaken = await withTaskGroup(of: Bool.self) { tasks in
            tasks.addTask {
                if case .taken = await post(body, over: http) { true } else { false }
            }
            tasks.addTask {
                try? await Task.sleep(for: limit)
                return false
            }
            defer { tasks.cancelAll() }
            return await tasks.next() ?? false
        }
        if isTaken { queue.exported(batch.count) } else { queue.dropped(batch.count) }
    }

    private enum Outcome {
        case taken(rejected: Int)
        case refused(String)
        case unavailable(String, least: Duration?)
    }

    private func post(_ body: [UInt8], over http: ProviderHTTP) async -> Outcome {
        let request = ProviderHTTPRequest(
            url: settings.url,
            headers: [("Content-Type", "application/json")] + settings.headers, body: body)
        do throws(ProviderHTTPError) {
            let answer = try await http.send(request)
            let text = try await answer.body.collect(upTo: 65_536)
            switch answer.status {
            case 200..<300: return .taken(rejected: OTLPAnswer(text)?.rejectedSpans ?? 0)
            // As OTLP/HTTP lists them; every other status is for good.
            case 429, 502, 503, 504:
                return .unavailable("HTTP \(answer.status)", least: answer.retryAfter)
            default: return .refused("HTTP \(answer.status)")
            }
        } catch {
            return .unavailable("\(error)", least: nil)
        }
    }
}

/// What a collector says of a request it took (`ExportTraceServiceResponse`).
private struct OTLPAnswer: Decodable {
    private struct Partial: Decodable {
        /// A 64-bit integer: a text, which liberal collectors write as a number.
        let rejectedSpans: Int

        private enum Key: CodingKey { case rejectedSpans }

        init(from decoder: any Decoder) throws {
            let object = try decoder.container(keyedBy: Key.self)
            if let text = try? object.decode(String.self, forKey: .rejectedSpans) {
                rejectedSpans = Int(text) ?? 0
            } else {
                rejectedSpans = (try? object.decode(Int.self, forKey: .rejectedSpans)) ?? 0
            }
        }
    }

    private let partialSuccess: Partial?

    init?(_ octets: [UInt8]) {
        guard let answer = try? JSONDecoder().decode(Self.self, from: Data(octets)) else {
            return nil
        }
        self = answer
    }

    var rejectedSpans: Int { max(0, partialSuccess?.rejectedSpans ?? 0) }
}
