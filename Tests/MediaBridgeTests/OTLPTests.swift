import Foundation
import Logging
import ProviderSimulators
import ServiceLifecycle
import Synchronization
import Testing
import Tracing

@testable import MediaBridge

/// The exporter against a collector made from OTLP's own pages: opentelemetry.io/docs/specs/otlp
/// ("OTLP/HTTP", "JSON Protobuf Encoding") and opentelemetry-proto's trace.proto.
@Suite(.tags(.integration), .serialized) struct OTLPTests {
    /// A request in the specification's example form, field by field.
    @Test func theJSONOfASpan() throws {
        let queue = SpanQueue()
        let tracer = OTLPTracer(queue: queue)
        var context = ServiceContext.topLevel
        context.spanIdentity = SpanIdentity(
            traceparent: "00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b173-01")
        let span = tracer.startSpan(
            "I'm a server span", context: context, ofKind: .server,
            at: At(1_544_712_660_000_000_000))
        span.attributes["my.span.attr"] = "some value"
        span.attributes["count"] = 12
        span.attributes["share"] = 0.5
        span.attributes["flag"] = true
        span.setStatus(SpanStatus(code: .error))
        span.end(at: At(1_544_712_661_000_000_000))
        span.end(at: At(1))  // a second end is none
        let ended = queue.take(upTo: 9)
        let id = try #require(ended.first).identity.spanHexadecimal
        #expect(ended.count == 1)
        #expect(
            String(
                decoding: OTLPRequest(ended, serviceName: "my.service").octets, as: UTF8.self)
                    == """
                    {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name",\
                    "value":{"stringValue":"my.service"}}]},"scopeSpans":[{"scope":{\
                    "name":"mediabridge"},"spans":[{"attributes":[{"key":"count","value":{\
                    "intValue":"12"}},{"key":"flag","value":{"boolValue":true}},{"key":\
                    "my.span.attr","value":{"stringValue":"some value"}},{"key":"share","value":{\
                    "doubleValue":0.5}}],"endTimeUnixNano":"1544712661000000000","kind":2,\
                    "name":"I'm a server span","parentSpanId":"eee19b7ec3c1b173","spanId":"\(id)",\
                    "startTimeUnixNano":"1544712660000000000","status":{"code":2},\
                    "traceId":"5b8efff798038103d269b633813fc60c"}]}]}]}
                    """)
    }

    @Test func whoDoesNotSampleIsHeeded() {
        let queue = SpanQueue()
        var context = ServiceContext.topLevel
        OTLPTracer(queue: queue).extract(
            ["traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"],
            into: &context, using: Headers())
        OTLPTracer(queue: queue).startSpan("x", context: context).end()
        #expect(queue.take(upTo: 1).isEmpty)
        var carrier: [String: String] = [:]
        OTLPTracer(queue: queue).inject(context, into: &carrier, using: Headers())
        #expect(
            carrier == ["traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"])
    }

    /// Whoever is slow costs spans, and nothing else.
    @Test func aFullQueueDropsAndCounts() {
        let queue = SpanQueue(capacity: 3)
        for _ in 0..<5 { OTLPTracer(queue: queue).startSpan("x").end() }
        #expect(queue.counts == .init(exported: 0, dropped: 2, waiting: 3))
        #expect(queue.take(upTo: 2).count == 2)
        #expect(queue.counts.waiting == 1)
    }

    /// A collector that is busy twice and then takes all but one.
    @Test func batchesAreTriedAgain() async throws {
        let collector = try await SimulatedCollector(answers: [
            .init(status: 503), .init(status: 429, retryAfter: "0"),
            .init(status: 200, body: #"{"partialSuccess":{"rejectedSpans":"1"}}"#),
        ])
        let queue = SpanQueue()
        for number in 0..<3 { OTLPTracer(queue: queue).startSpan("\(number)").end() }
        try await Self.export(queue, to: collector) { queue.counts.exported == 2 }
        #expect(queue.counts == .init(exported: 2, dropped: 1, waiting: 0))
        let requests = collector.requests
        #expect(requests.count == 3)
        #expect(Set(requests.map(\.body)).count == 1)
        for request in requests {
            #expect(request.method == "POST")
            #expect(request.path == "/v1/traces")
            #expect(request.header("content-type") == "application/json")
            #expect(request.header("x-key") == "secret")
            #expect(request.header("traceparent") == nil)
            #expect(SimulatedCollector.names(in: request) == ["0", "1", "2"])
        }
        await collector.stop()
    }

    /// What is refused for good is not sent again; what comes later is.
    @Test func refusalsAreForGood() async throws {
        let collector = try await SimulatedCollector(answers: [.init(status: 400)])
        let queue = SpanQueue()
        OTLPTracer(queue: queue).startSpan("bad").end()
        var isAdded = false
        try await Self.export(queue, to: collector) {
            if queue.counts.dropped == 1, !isAdded {
                isAdded = true
                OTLPTracer(queue: queue).startSpan("good").end()
            }
            return queue.counts.exported == 1
        }
        #expect(queue.counts.dropped == 1)
        #expect(collector.requests.map { SimulatedCollector.names(in: $0) } == [["bad"], ["good"]])
        await collector.stop()
    }

    /// What waits when the gateway stops is still sent.
    @Test func theRestIsSentAtTheEnd() async throws {
        let collector = try await SimulatedCollector(answers: [])
        let queue = SpanQueue()
        try await Self.export(queue, to: collector, interval: .seconds(600)) {
            OTLPTracer(queue: queue).startSpan("late").end()
            return true
        }
        #expect(queue.counts == .init(exported: 1, dropped: 0, waiting: 0))
        await collector.stop()
    }

    /// Runs an exporter until `isDone`, ten seconds at most, and stops it in good order.
    private static func export(
        _ queue: SpanQueue, to collector: SimulatedCollector,
        interval: Duration = .milliseconds(20), until isDone: () -> Bool
    ) async throws {
        var settings = OTLPExporter.Settings(url: collector.url + "/v1/traces")
        settings.headers = [("x-key", "secret")]
        settings.interval = interval
        settings.firstPause = .milliseconds(10)
        let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: OTLPExporter(settings: settings, queue: queue, logger: quiet),
                        successTerminationBehavior: .ignore)
                ], logger: quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            #expect(try await ContinuousClock.awaits { isDone() })
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

private struct At: TracerInstant {
    let nanosecondsSinceEpoch: UInt64

    init(_ nanoseconds: UInt64) { nanosecondsSinceEpoch = nanoseconds }

    static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.nanosecondsSinceEpoch < rhs.nanosecondsSinceEpoch
    }
}

private struct Headers: Extractor, Injector {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }

    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
        carrier[key] = value
    }
}
