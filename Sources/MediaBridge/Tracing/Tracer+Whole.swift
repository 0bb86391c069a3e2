internal import Tracing

extension Tracer {
    /// Makes a span of which everything is known.
    func write(_ whole: CallTraces.WholeSpan) {
        var context = ServiceContext.topLevel
        context.spanIdentity = whole.parent
        context.ownIdentity = whole.identity
        let span = startSpan(
            whole.name, context: context, ofKind: .internal,
            at: WholeInstant(nanosecondsSinceEpoch: whole.startNanoseconds))
        var attributes = SpanAttributes([:])
        for attribute in whole.attributes {
            switch attribute.value {
            case .text(let text): attributes[attribute.name] = SpanAttribute.string(text)
            case .integer(let number): attributes[attribute.name] = SpanAttribute.int64(number)
            case .number(let number): attributes[attribute.name] = SpanAttribute.double(number)
            case .flag(let flag): attributes[attribute.name] = SpanAttribute.bool(flag)
            }
        }
        span.attributes = attributes
        if whole.isError { span.setStatus(SpanStatus(code: .error)) }
        span.end(at: WholeInstant(nanosecondsSinceEpoch: whole.endNanoseconds))
    }
}

private struct WholeInstant: TracerInstant {
    let nanosecondsSinceEpoch: UInt64

    static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.nanosecondsSinceEpoch < rhs.nanosecondsSinceEpoch
    }
}
