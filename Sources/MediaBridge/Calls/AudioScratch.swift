/// Memory of one loop that a message's audio is decoded into; taken once, used for every message.
final class AudioScratch {
    private var memory: [UInt8]

    init(capacity: Int) { memory = Array(repeating: 0, count: capacity) }

    /// Lets `decode` fill the memory, then hands what it wrote to `use`.
    func fill<Result>(
        _ decode: (inout OutputSpan<UInt8>) -> Result, then use: (Result, Span<UInt8>) -> Void
    ) {
        var written = 0
        let result = unsafe memory.withUnsafeMutableBufferPointer { buffer in
            // The span lives no longer than the buffer it was made of.
            var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
            let result = decode(&output)
            written = unsafe output.finalize(for: buffer)
            return result
        }
        let filled = memory  // a reference, so that `use` may run whatever it likes
        use(result, filled.span.extracting(0..<written))
    }
}
