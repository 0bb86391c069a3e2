internal import Synchronization

/// What one loop counted, as last published; readable from any thread.
final class LoopFigures: Sendable {
    struct Values: Sendable {
        var twilio = TwilioCounters()
        var audio = AudioSocketCounters()
        /// Opus packets of `/audio` that were none.
        var rejectedPackets = 0
        var droppedEvents = 0
        var refusedCalls = 0
        var usedSpeculations = 0
        var wastedSpeculations = 0

        mutating func add(_ call: any LiveCall) {
            usedSpeculations += call.usedSpeculations
            wastedSpeculations += call.wastedSpeculations
        }
    }
    private let values = Mutex(Values())

    var current: Values { values.withLock { $0 } }

    /// Sets everything but the refused calls, which are counted here.
    func publish(_ counted: Values) {
        values.withLock {
            let refusedCalls = $0.refusedCalls
            $0 = counted
            $0.refusedCalls = refusedCalls
        }
    }

    /// A stream started that no engine or codec could serve.
    func countRefusedCall(_ error: CallSetupError) { values.withLock { $0.refusedCalls += 1 } }
}

extension AudioSocketCounters {
    mutating func add(_ other: AudioSocketCounters) {
        messages += other.messages
        audioMessages += other.audioMessages
        audioOctets += other.audioOctets
        brokenJSON += other.brokenJSON
        badBase64 += other.badBase64
        malformed += other.malformed
        unknownType += other.unknownType
        partialSamples += other.partialSamples
        oversize += other.oversize
        unsupportedFormat += other.unsupportedFormat
        audioBeforeStart += other.audioBeforeStart
        beforeStart += other.beforeStart
        overRate += other.overRate
        audioAhead += other.audioAhead
        unknownMark += other.unknownMark
        staleEpoch += other.staleEpoch
        afterEnd += other.afterEnd
        errorReplies += other.errorReplies
    }
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
