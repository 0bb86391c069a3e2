package import Codecs

/// A recorded call as two channels on one clock: the caller as heard, the agent as played.
///
/// Made from a flight record that holds audio; nothing else is kept of a live call. Left are the
/// caller's samples one after the other, lost ones as the silence that stood in for them, so their
/// media clock is the recording's. Right is what the conversation sent, as the carrier plays it:
/// from the moment it was sent, or behind what was still playing, up to a `clear`. Our times are
/// brought to the caller's clock by the drift between the two; the way to the ear is not in it.
package struct StereoRecording: Sendable {
    package static let rate = SampleRate.hz8000
    /// Audio that the agent may have had ahead of the caller's last.
    private static let longestTail = 60

    /// 8 kHz, both of one length.
    package let left: [Int16]
    package let right: [Int16]
    /// Before the caller's first sample came, in samples: the agent may have begun by then.
    package let leadIn: Int
    package let drift: ClockDrift

    /// - Parameters:
    ///   - record: with audio.
    ///   - log: what the call decided, from `Replay`.
    /// - Throws: `StereoRecordingError`.
    package init(
        _ record: FlightRecord, decisions log: DecisionLog
    ) throws(StereoRecordingError) {
        guard record.call.keepsAudio else { throw .noAudio }
        let inbound = record.call.inbound
        let outbound = record.call.outbound
        guard let octetsPerSample = inbound.octetsPerSample, outbound.octetsPerSample != nil
        else { throw .packets }
        drift = ClockDrift(record)
        guard let timeline = drift.timeline() else { throw .noAudio }
        var heard: [UInt8] = []
        for entry in record.entries {
            if case .audio(let octets, _) = entry { heard += octets }
        }
        let inboundRate = inbound.rate.rawValue
        let outboundRate = outbound.rate.rawValue
        let length = heard.count / octetsPerSample
        // The first of our own positions decides how much silence stands before the caller.
        var sent: [(position: Int, octets: [UInt8]?)] = []
        for entry in log.entries {
            let position = timeline.sample(at: entry.time)
            switch entry.decision {
            case .action(.sendAudio(let octets)): sent.append((position, octets))
            case .action(.sendClear): sent.append((position, nil))
            case .action, .phase: break
            }
        }
        let early = min(max(0, -(sent.first?.position ?? 0)), inboundRate * Self.longestTail)
        let limit = (early + length + inboundRate * Self.longestTail) * outboundRate / inboundRate
        var track = PlayedTrack(limit: limit)
        for (position, octets) in sent {
            let place = (max(-early, min(position, limit)) + early) * outboundRate / inboundRate
            if let octets {
                track.play(outbound.samples(of: octets), at: place)
            } else {
                track.clear(at: place)
            }
        }
        let silence = [Int16](repeating: 0, count: early)
        var left = try Self.narrow(silence + inbound.samples(of: heard), from: inbound.rate)
        var right = try Self.narrow(track.samples, from: outbound.rate)
        leadIn = early * Self.rate.rawValue / inboundRate
        let count = max(left.count, right.count)
        left.append(contentsOf: repeatElement(0, count: count - left.count))
        right.append(contentsOf: repeatElement(0, count: count - right.count))
        self.left = left
        self.right = right
    }

    /// Stereo, 16-bit, 8 kHz.
    package var file: WAVFile {
        var samples: [Int16] = []
        samples.reserveCapacity(left.count * 2)
        for index in left.indices {
            samples.append(left[index])
            samples.append(right[index])
        }
        return WAVFile(samples: samples, sampleRate: Self.rate.rawValue, channelCount: 2)
    }

    /// To 8 kHz; sample 0 stays sample 0.
    private static func narrow(
        _ samples: [Int16], from rate: SampleRate
    ) throws(StereoRecordingError) -> [Int16] {
        guard rate != Self.rate else { return samples }
        var resampler: Resampler
        do {
            resampler = try Resampler(
                from: rate.rawValue, to: Self.rate, quality: .speech, start: .trimmed)
        } catch {
            throw .resampler(error)
        }
        let capacity = resampler.outputBound(samples.count) + resampler.tailBound
        var narrow = [Int16](repeating: 0, count: capacity)
        var count = 0
        // The span lives no longer than the buffer it was made of.
        unsafe narrow.withUnsafeMutableBufferPointer { buffer in
            var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
            resampler.process(samples.span, into: &output)
            resampler.finish(into: &output)
            count = unsafe output.finalize(for: buffer)
        }
        narrow.removeLast(capacity - count)
        return narrow
    }
}

/// Why no recording can be made of a flight record.
package enum StereoRecordingError: Error, Equatable, Sendable {
    /// The call was recorded without audio, or none came.
    case noAudio
    /// A format whose octets are packets.
    case packets
    case resampler(ResamplerError)
}

extension ClockDrift {
    /// By the audio a record holds, else by its frames of 20 ms.
    package init(_ record: FlightRecord) {
        let inbound = record.call.inbound
        let samplesPerSecond = inbound.rate.rawValue
        self.init(samplesPerSecond: samplesPerSecond)
        for entry in record.entries {
            switch entry {
            case .audio(let octets, let now):
                receive(samples: octets.count / (inbound.octetsPerSample ?? 1), at: now)
            case .event(.frameHeard, let now) where !record.call.keepsAudio:
                receive(samples: samplesPerSecond / 50, at: now)
            case .event, .performed, .missing, .full, .digest: break
            }
        }
    }
}

extension AudioFormat {
    /// Octets as linear samples at the format's own rate.
    fileprivate func samples(of octets: [UInt8]) -> [Int16] {
        switch encoding {
        case .muLaw, .aLaw:
            var pcm = [Int16](repeating: 0, count: octets.count)
            var span = pcm.mutableSpan
            if encoding == .muLaw {
                MuLaw.decode(octets.span, into: &span)
            } else {
                ALaw.decode(octets.span, into: &span)
            }
            return pcm
        case .linear16, .opus:
            return stride(from: 0, to: octets.count - 1, by: 2).map { index in
                Int16(bitPattern: UInt16(octets[index + 1]) << 8 | UInt16(octets[index]))
            }
        }
    }
}
