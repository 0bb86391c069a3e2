internal import Synchronization
internal import Tracing

/// Makes spans for swift-distributed-tracing and hands the ended ones to a queue.
///
/// Starting and ending a span takes no lock that an export holds: a queue that is full drops and
/// counts.
struct OTLPTracer: Tracer {
    /// Where ended spans wait to be exported.
    let queue: SpanQueue

    func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> OTLPSpan {
        var context = context()
        let parent = context.spanIdentity
        var identity =
            context.ownIdentity
            ?? SpanIdentity(
                trace: parent?.trace ?? .random(), span: .random(in: 1...UInt64.max))
        identity.isSampled = parent?.isSampled ?? true
        context.ownIdentity = nil
        context.spanIdentity = identity
        return OTLPSpan(
            context: context, identity: identity, parent: parent, name: operationName, kind: kind,
            start: instant().nanosecondsSinceEpoch, queue: queue)
    }

    func forceFlush() {}

    private static let header = "traceparent"

    func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let text = extractor.extract(key: Self.header, from: carrier) else { return }
        context.spanIdentity = SpanIdentity(traceparent: text) ?? context.spanIdentity
    }

    func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let identity = context.spanIdentity else { return }
        injector.inject(identity.traceparent, forKey: Self.header, into: &carrier)
    }
}

/// A span that is not over, or was just handed on.
final class OTLPSpan: Span {
    private struct State {
        var name: String
        var attributes: SpanAttributes = [:]
        var isError = false
        var isOver = false
    }

    let context: ServiceContext
    private let identity: SpanIdentity
    private let parent: SpanIdentity?
    private let kind: SpanKind
    private let start: UInt64
    private let queue: SpanQueue
    private let state: Mutex<State>

    fileprivate init(
        context: ServiceContext, identity: SpanIdentity, parent: SpanIdentity?, name: String,
        kind: SpanKind, start: UInt64, queue: SpanQueue
    ) {
        self.context = context
        self.identity = identity
        self.parent = parent
        self.kind = kind
        self.start = start
        self.queue = queue
        state = Mutex(State(name: name))
    }

    var operationName: String {
        get { state.withLock { $0.name } }
        set { state.withLock { $0.name = newValue } }
    }

    var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { state.withLock { $0.attributes = newValue } }
    }

    var isRecording: Bool { state.withLock { !$0.isOver } }

    func setStatus(_ status: SpanStatus) {
        state.withLock { $0.isError = status.code == .error }
    }

    /// Errors' texts may hold what nobody outside is to see: that there was one is enough.
    func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        state.withLock { $0.isError = true }
    }

    func addEvent(_ event: SpanEvent) {}
    func addLink(_ link: SpanLink) {}

    func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let end = instant().nanosecondsSinceEpoch
        let span: EndedSpan? = state.withLock { state in
            guard !state.isOver else { return nil }
            state.isOver = true
            return EndedSpan(
                identity: identity, parent: parent?.span, name: state.name, kind: kind,
                startNanoseconds: start, endNanoseconds: max(start, end),
                attributes: EndedSpan.Attribute.all(of: state.attributes),
                isError: state.isError)
        }
        guard let span, identity.isSampled else { return }
        queue.add(span)
    }
}

/// A span that is over, as it is exported.
struct EndedSpan: Sendable {
    struct Attribute: Equatable, Sendable {
        enum Value: Equatable, Sendable {
            case text(String)
            case integer(Int64)
            case number(Double)
            case flag(Bool)
        }

        let name: String
        let value: Value

        /// Lists are left out: nothing here needs them.
        fileprivate static func all(of attributes: SpanAttributes) -> [Attribute] {
            var all: [Attribute] = []
            // swift-format-ignore: ReplaceForEachWithForLoop, they are no sequence
            attributes.forEach { name, value in
                switch value {
                case .string(let text): all.append(.init(name: name, value: .text(text)))
                case .int32(let number):
                    all.append(.init(name: name, value: .integer(Int64(number))))
                case .int64(let number): all.append(.init(name: name, value: .integer(number)))
                case .double(let number): all.append(.init(name: name, value: .number(number)))
                case .bool(let flag): all.append(.init(name: name, value: .flag(flag)))
                default: break  // another package's enum
                }
            }
            return all.sorted { $0.name < $1.name }
        }
    }

    let identity: SpanIdentity
    let parent: UInt64?
    let name: String
    let kind: SpanKind
    let startNanoseconds: UInt64
    let endNanoseconds: UInt64
    let attributes: [Attribute]
    let isError: Bool
}

extension ServiceContext {
    private enum SpanKey: ServiceContextKey {
        typealias Value = SpanIdentity
    }
    private enum OwnKey: ServiceContextKey {
        typealias Value = SpanIdentity
    }

    /// The span that work belongs to.
    var spanIdentity: SpanIdentity? {
        get { self[SpanKey.self] }
        set { self[SpanKey.self] = newValue }
    }

    /// What the next span that is started is to be called, where its children are known already.
    var ownIdentity: SpanIdentity? {
        get { self[OwnKey.self] }
        set { self[OwnKey.self] = newValue }
    }

    /// What work for a call belongs to; `nil` while nobody traces.
    static func ofCall(_ id: String) -> ServiceContext? {
        guard InstrumentationSystem.tracer is OTLPTracer else { return nil }
        var context = ServiceContext.topLevel
        context.spanIdentity = SpanIdentity(ofCall: id)
        return context
    }
}
