internal import Synchronization

/// What one loop counted, as last published; readable from any thread.
final class LoopFigures: Sendable {
    struct Values: Sendable {
        var twilio = TwilioCounters()
        var droppedEvents = 0
        var refusedCalls = 0
    }
    private let values = Mutex(Values())

    var current: Values { values.withLock { $0 } }

    func publish(_ twilio: TwilioCounters, droppedEvents: Int) {
        values.withLock {
            $0.twilio = twilio
            $0.droppedEvents = droppedEvents
        }
    }

    /// A stream started that no engine or codec could serve.
    func countRefusedCall(_ error: CallSetupError) { values.withLock { $0.refusedCalls += 1 } }
}

extension TwilioCounters {
    mutating func add(_ other: TwilioCounters) {
        messages += other.messages
        mediaMessages += other.mediaMessages
        audioOctets += other.audioOctets
        brokenJSON += other.brokenJSON
        badBase64 += other.badBase64
        malformed += other.malformed
        unknownEvent += other.unknownEvent
        unexpectedEvent += other.unexpectedEvent
        wrongStream += other.wrongStream
        mediaBeforeStart += other.mediaBeforeStart
        unsupportedFormat += other.unsupportedFormat
        oversize += other.oversize
        binary += other.binary
        overRate += other.overRate
        afterEnd += other.afterEnd
        outOfOrder += other.outOfOrder
        missingMessages += other.missingMessages
        lateMedia += other.lateMedia
        missingChunks += other.missingChunks
        filledSamples += other.filledSamples
    }
}
