import AllocationCounter
import Codecs
import Testing

/// What runs for each 20 ms frame takes no memory from the heap, over 1 000 frames.
@Suite struct AllocationTests {
    @Test func counterCounts() {
        let before = AllocationCounter_current_thread()
        let array = [UInt8](repeating: 1, count: Int(before % 7) + 1_000)
        #expect(AllocationCounter_current_thread() > before)
        #expect(array.count >= 1_000)
    }

    @Test func narrowbandFrames() throws {
        let octets = (0..<160).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 216)
        let decoded = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 160)
        defer {
            unsafe text.deallocate()
            unsafe decoded.deallocate()
        }
        var pcm = InlineArray<160, Int16>(repeating: 0)
        var compressed = InlineArray<160, UInt8>(repeating: 0)
        var loudest = AudioLevel.floor

        let allocations = try allocations(inFrames: 1_000) {
            var characters = unsafe OutputSpan(buffer: text, initializedCount: 0)
            FrameBase64.encode(octets.span, into: &characters)
            unsafe _ = characters.finalize(for: text)
            var output = unsafe OutputSpan(buffer: decoded, initializedCount: 0)
            let received = unsafe Span(_unsafeElements: UnsafeBufferPointer(text))
            try FrameBase64.decode(received, into: &output)
            unsafe _ = output.finalize(for: decoded)

            var samples = pcm.mutableSpan
            MuLaw.decode(unsafe Span(_unsafeElements: UnsafeBufferPointer(decoded)), into: &samples)
            loudest = max(loudest, AudioLevel(of: samples.span).rms)
            var companded = compressed.mutableSpan
            MuLaw.encode(samples.span, into: &companded)
            ALaw.encode(samples.span, into: &companded)
            ALaw.decode(companded.span, into: &samples)
        }
        #expect(allocations == 0)
        #expect(loudest > AudioLevel.floor)
    }

    @Test func resampledFrames() throws {
        let narrow = sine(440, rate: 8_000, count: 160)
        let wide = UnsafeMutableBufferPointer<Int16>.allocate(capacity: 961)
        defer { unsafe wide.deallocate() }
        var resampler = try Resampler(from: 8_000, to: .hz48000, start: .delayed)
        let allocations = allocations(inFrames: 1_000) {
            var output = unsafe OutputSpan(buffer: wide, initializedCount: 0)
            resampler.process(narrow.span, into: &output)
            unsafe _ = output.finalize(for: wide)
        }
        #expect(allocations == 0)
    }

    @Test func opusFrames() throws {
        let pcm = voice(rate: 16_000, seconds: 0.02)
        let room = OpusEncoder.maximumPacketOctets
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: room)
        defer { unsafe memory.deallocate() }
        var encoder = try OpusEncoder(rate: .hz16000)
        var decoder = try OpusDecoder(rate: .hz16000)
        var decoded = InlineArray<320, Int16>(repeating: 0)
        let allocations = try allocations(inFrames: 1_000) {
            var packet = unsafe OutputSpan(buffer: memory, initializedCount: 0)
            try encoder.encode(pcm.span, into: &packet)
            var samples = decoded.mutableSpan
            _ = try decoder.recover(from: packet.span, into: &samples)
            _ = try decoder.decode(packet.span, into: &samples)
            _ = try decoder.conceal(into: &samples)
            unsafe _ = packet.finalize(for: memory)
        }
        #expect(allocations == 0)
    }

    /// Heap allocations of this thread over `count` frames, after one that may warm tables up.
    private func allocations(inFrames count: Int, _ frame: () throws -> Void) rethrows -> UInt {
        try frame()
        let before = AllocationCounter_current_thread()
        for _ in 0..<count { try frame() }
        return AllocationCounter_current_thread() - before
    }
}
