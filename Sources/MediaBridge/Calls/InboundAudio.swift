internal import Codecs

/// The caller's audio on its way in: octets as they came, cut into 20 ms frames at 8 kHz.
///
/// All memory is taken when the call starts. Packets of codecs with memory (Opus) are expanded to
/// linear PCM by the driver of their transport before they come here.
struct InboundAudio: ~Copyable {
    /// Samples of a frame: 20 ms at 8 kHz.
    static let frameLength = 160
    private static let octetsPerPass = 640

    private let encoding: AudioEncoding
    private var resampler: Resampler?
    /// One pass of input as samples, and the same at 8 kHz.
    private var samples: [Int16]
    private var narrow: [Int16]
    private var frame = InlineArray<160, Int16>(repeating: 0)
    private var filled = 0
    /// The first octet of a 16-bit sample whose second has not come yet.
    private var halfSample: UInt8?

    /// - Parameter format: any but Opus.
    /// - Throws: `ResamplerError` when there is no memory for a resampler.
    init(format: AudioFormat) throws(ResamplerError) {
        precondition(format.encoding != .opus, "Opus packets are expanded by their driver")
        encoding = format.encoding
        samples = Array(repeating: 0, count: Self.octetsPerPass)
        narrow = Array(repeating: 0, count: Self.octetsPerPass + 8)
        if format.rate != .hz8000 {
            resampler = try Resampler(
                from: format.rate.rawValue, to: .hz8000, quality: .telephone, start: .delayed)
        }
    }

    /// Takes octets of any length and hands on each frame they complete; allocates nothing.
    mutating func receive(_ octets: Span<UInt8>, eachFrame: (Span<Int16>) -> Void) {
        var start = 0
        while start < octets.count {
            let end = min(start + Self.octetsPerPass, octets.count)
            let count = expand(octets.extracting(start..<end))
            cut(count, eachFrame)
            start = end
        }
    }

    /// Expands one pass into `samples`.
    ///
    /// - Returns: how many samples it gave.
    private mutating func expand(_ octets: Span<UInt8>) -> Int {
        switch encoding {
        case .muLaw:
            var span = samples.mutableSpan
            MuLaw.decode(octets, into: &span)
            return octets.count
        case .aLaw:
            var span = samples.mutableSpan
            ALaw.decode(octets, into: &span)
            return octets.count
        case .linear16, .opus:
            return expandLinear(octets)
        }
    }

    private mutating func expandLinear(_ octets: Span<UInt8>) -> Int {
        var count = 0
        for index in octets.indices {
            guard let low = halfSample else {
                halfSample = octets[index]
                continue
            }
            samples[count] = Int16(bitPattern: UInt16(octets[index]) << 8 | UInt16(low))
            count += 1
            halfSample = nil
        }
        return count
    }

    /// Brings one pass to 8 kHz and cuts it into frames.
    private mutating func cut(_ count: Int, _ eachFrame: (Span<Int16>) -> Void) {
        // Taken out while it is read and put back after, so that filling may change the rest.
        var pass: [Int16] = []
        swap(&pass, &samples)
        defer { swap(&pass, &samples) }
        guard resampler != nil else {
            return fill(from: pass.span.extracting(0..<count), eachFrame)
        }
        var resampled: [Int16] = []
        swap(&resampled, &narrow)
        defer { swap(&resampled, &narrow) }
        let input = pass.span.extracting(0..<count)
        var written = 0
        // The span lives no longer than the buffer it was made of.
        unsafe resampled.withUnsafeMutableBufferPointer { buffer in
            var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
            resampler?.process(input, into: &output)
            written = unsafe output.finalize(for: buffer)
        }
        fill(from: resampled.span.extracting(0..<written), eachFrame)
    }

    private mutating func fill(from pcm: Span<Int16>, _ eachFrame: (Span<Int16>) -> Void) {
        var start = 0
        // Almost always a message is a frame, and nothing has to be copied.
        while filled == 0, pcm.count - start >= Self.frameLength {
            eachFrame(pcm.extracting(start..<start + Self.frameLength))
            start += Self.frameLength
        }
        for index in start..<pcm.count {
            frame[filled] = pcm[index]
            filled += 1
            guard filled == Self.frameLength else { continue }
            filled = 0
            eachFrame(frame.span)
        }
    }
}
