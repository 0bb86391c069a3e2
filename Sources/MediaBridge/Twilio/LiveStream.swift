internal import Codecs
internal import Pipeline

/// A stream between `start` and `stop`: holds each message against what has been before.
struct LiveStream {
    let streamSID: StreamSID
    /// The same as octets, which every message's is held against.
    private let streamSIDOctets: [UInt8]
    private let octetsPerSample: Int
    private let startedAt: MonotonicTime
    private var lastSequenceNumber: SequenceNumber?
    private var inbound: TrackTimeline
    private var outbound: TrackTimeline

    init(_ start: TwilioStart, format: AudioFormat, at now: MonotonicTime) {
        streamSID = start.streamSID
        streamSIDOctets = Array(start.streamSID.text.utf8)
        octetsPerSample = format.octetsPerSample ?? 1
        startedAt = now
        lastSequenceNumber = start.sequenceNumber
        inbound = TrackTimeline(samplesPerSecond: format.rate.rawValue)
        outbound = inbound
    }

    mutating func take(
        _ message: TwilioMessage, _ text: Span<UInt8>, at now: MonotonicTime,
        into audio: inout OutputSpan<UInt8>, counters: inout TwilioCounters
    ) throws(TwilioError) -> TwilioStream.Outcome {
        switch message {
        case .media(let media):
            guard admits(media.header, text, counters: &counters) else { return .none }
            return try take(media, text, at: now, into: &audio, counters: &counters)
        case .dtmf(let dtmf):
            guard admits(dtmf.header, text, counters: &counters) else { return .none }
            return .dtmf(dtmf.digit)
        case .mark(let mark):
            guard admits(mark.header, text, counters: &counters) else { return .none }
            return .mark(mark.name)
        case .stop(let stop):
            guard admits(stop.header, text, counters: &counters) else { return .none }
            return .stopped
        case .connected, .start:
            counters.unexpectedEvent += 1
            return .none
        }
    }

    private mutating func take(
        _ media: TwilioMedia, _ text: Span<UInt8>, at now: MonotonicTime,
        into audio: inout OutputSpan<UInt8>, counters: inout TwilioCounters
    ) throws(TwilioError) -> TwilioStream.Outcome {
        let track = try media.track(in: text)
        let octetCount = try media.decodePayload(in: text, into: &audio)
        guard octetCount.isMultiple(of: octetsPerSample) else {
            audio.removeLast(octetCount)
            throw .partialSample
        }
        counters.mediaMessages += 1
        let elapsed = startedAt.duration(to: now)
        let sampleCount = octetCount / octetsPerSample
        let placement =
            switch track {
            case .inbound:
                inbound.place(
                    chunk: media.chunk, timestampMilliseconds: media.timestampMilliseconds,
                    sampleCount: sampleCount, elapsed: elapsed)
            case .outbound:
                outbound.place(
                    chunk: media.chunk, timestampMilliseconds: media.timestampMilliseconds,
                    sampleCount: sampleCount, elapsed: elapsed)
            }
        switch placement {
        case .late:
            audio.removeLast(octetCount)
            counters.lateMedia += 1
            return .none
        case .next(let missingSamples, let missingChunks):
            counters.audioOctets += octetCount
            counters.filledSamples += missingSamples
            counters.missingChunks += missingChunks
            return .audio(
                TwilioAudio(
                    track: track, octetCount: octetCount,
                    timestampMilliseconds: media.timestampMilliseconds,
                    missingSamples: missingSamples, missingChunks: missingChunks))
        }
    }

    /// Whether a message is of this stream; counts what its sequence number tells.
    private mutating func admits(
        _ header: TwilioHeader, _ text: Span<UInt8>, counters: inout TwilioCounters
    ) -> Bool {
        // Carriers that speak the dialect without a top-level streamSid have one stream a socket.
        if let streamSID = header.streamSID, !streamSID.equals(utf8: streamSIDOctets.span, in: text)
        {
            counters.wrongStream += 1
            return false
        }
        if let number = header.sequenceNumber {
            if let lastSequenceNumber {
                let step = number.distance(from: lastSequenceNumber)
                if step <= 0 {
                    counters.outOfOrder += 1
                } else {
                    counters.missingMessages += step - 1
                }
            }
            if lastSequenceNumber.map({ number.isNewer(than: $0) }) ?? true {
                lastSequenceNumber = number
            }
        }
        return true
    }
}
