internal import Codecs
internal import Pipeline

/// Brings one stream of audio from a provider's format to the call's, or the other way.
///
/// The same format on both sides is passed through as it came.
struct AgentAudio: ~Copyable {
    private let source: SpeechSource
    private let target: AudioFormat
    private let passesThrough: Bool
    private var resampler: Resampler
    /// The first octet of a sample whose second has not come.
    private var half: UInt8?

    /// - Throws: `EngineError` for Opus and for rates that are no speech.
    init(from source: SpeechSource, to target: AudioFormat) throws(EngineError) {
        guard source.encoding != .opus, target.encoding != .opus else {
            throw .unavailable("speech agents are not spoken to in Opus here")
        }
        do {
            resampler = try Resampler(from: source.hertz, to: target.rate)
        } catch {
            throw .failed("an agent's rate of \(source.hertz) Hz: \(error)")
        }
        self.source = source
        self.target = target
        passesThrough = source == SpeechSource(target)
    }

    mutating func convert(_ octets: Span<UInt8>) -> [UInt8] {
        guard !passesThrough else { return [UInt8](capacity: octets.count) { $0.copy(octets) } }
        let samples = decoded(octets)
        let bound = resampler.outputBound(samples.count)
        let converted = [Int16](capacity: bound) { resampler.process(samples.span, into: &$0) }
        return encoded(converted)
    }

    private mutating func decoded(_ octets: Span<UInt8>) -> [Int16] {
        var samples = [Int16](repeating: 0, count: octets.count)
        switch source.encoding {
        case .muLaw:
            var span = samples.mutableSpan
            MuLaw.decode(octets, into: &span)
        case .aLaw:
            var span = samples.mutableSpan
            ALaw.decode(octets, into: &span)
        case .linear16, .opus:
            samples.removeAll(keepingCapacity: true)
            for index in octets.indices {
                guard let low = half else {
                    half = octets[index]
                    continue
                }
                samples.append(Int16(bitPattern: UInt16(octets[index]) << 8 | UInt16(low)))
                half = nil
            }
        }
        return samples
    }

    private func encoded(_ samples: [Int16]) -> [UInt8] {
        switch target.encoding {
        case .linear16, .opus:
            return samples.flatMap {
                [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
            }
        case .muLaw, .aLaw:
            var octets = [UInt8](repeating: 0, count: samples.count)
            var span = octets.mutableSpan
            if target.encoding == .muLaw {
                MuLaw.encode(samples.span, into: &span)
            } else {
                ALaw.encode(samples.span, into: &span)
            }
            return octets
        }
    }
}

extension OutputSpan<UInt8> {
    fileprivate mutating func copy(_ octets: Span<UInt8>) {
        for index in octets.indices { append(octets[index]) }
    }
}
