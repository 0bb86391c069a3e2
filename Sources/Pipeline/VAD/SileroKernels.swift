/// The network's inner loops: products of blocked matrices with one vector or with many.
///
/// Sizes are checked once per call; inside, accumulators stay in registers and indices are not
/// checked again.
enum SileroKernels {
    /// `sums += matrix · column` for one stream; every vector holds 16 consecutive values.
    ///
    /// - Parameters:
    ///   - matrix: its columns come in multiples of 16.
    ///   - columns: holds one value per column of the matrix.
    ///   - first: the vector in which they begin.
    ///   - sums: holds one value per row of the matrix.
    ///   - target: the vector in which they begin.
    @inline(__always)
    static func add(
        _ matrix: SileroWeights.Matrix, timesOne columns: Span<SIMD16<Float>>, from first: Int,
        to sums: inout MutableSpan<SIMD16<Float>>, at target: Int
    ) {
        let count = matrix.columnCount
        precondition(count % 16 == 0, "columns come in vectors of 16")
        precondition(first >= 0 && columns.count >= first + count / 16, "too few columns")
        precondition(target >= 0 && sums.count >= target + matrix.rowCount / 16, "too few sums")
        unsafe columns.withUnsafeBytes { octets in
            // Vectors of 16 floats read as floats: 16 per vector, all of them initialised.
            let values = unsafe octets.assumingMemoryBound(to: Float.self)
            let weights = matrix.blocks.span
            for block in 0..<matrix.rowCount / 16 {
                var at = block * count
                // Four chains of sums: one would wait for the latency of each addition.
                var (a, b) = (sums[target + block], SIMD16<Float>.zero)
                var (c, d) = (SIMD16<Float>.zero, SIMD16<Float>.zero)
                var index = first * 16
                for _ in 0..<count / 4 {
                    unsafe a = a.adding(weights[unchecked: at], times: splat(values[index]))
                    unsafe b = b.adding(weights[unchecked: at + 1], times: splat(values[index + 1]))
                    unsafe c = c.adding(weights[unchecked: at + 2], times: splat(values[index + 2]))
                    unsafe d = d.adding(weights[unchecked: at + 3], times: splat(values[index + 3]))
                    at += 4
                    index += 4
                }
                sums[target + block] = (a + b) + (c + d)
            }
        }
    }

    /// The first convolution for one stream: three taps over four frames with padding of one.
    ///
    /// - Parameters:
    ///   - taps: three matrices of one size, earliest frame first.
    ///   - bias: one value per row.
    ///   - frames: 129 bins; lane = frame.
    ///   - channels: takes 4 × 8 vectors, the 128 channels of one frame after those of another.
    @inline(__always)
    static func convolve(
        _ taps: [SileroWeights.Matrix], bias: [SIMD16<Float>], over frames: Span<SIMD4<Float>>,
        into channels: inout MutableSpan<SIMD16<Float>>
    ) {
        let count = taps[0].columnCount
        let blockCount = taps[0].rowCount / 16
        precondition(frames.count >= count, "there are fewer bins than columns")
        precondition(channels.count >= 4 * blockCount, "no room for the channels")
        let blocks = (taps[0].blocks, taps[1].blocks, taps[2].blocks)
        let before = blocks.0.span
        let here = blocks.1.span
        let after = blocks.2.span
        precondition(
            before.count == here.count && here.count == after.count
                && here.count == blockCount * count, "the taps differ in size")
        for block in 0..<blockCount {
            let start = block * count
            var (a, b, c, d) = (bias[block], bias[block], bias[block], bias[block])
            for bin in 0..<count {
                let frame = unsafe frames[unchecked: bin]
                let (w, x, y, z) = (
                    splat(frame[0]), splat(frame[1]), splat(frame[2]), splat(frame[3])
                )
                let previous = unsafe before[unchecked: start + bin]
                b = b.adding(previous, times: w)
                c = c.adding(previous, times: x)
                d = d.adding(previous, times: y)
                let current = unsafe here[unchecked: start + bin]
                a = a.adding(current, times: w)
                b = b.adding(current, times: x)
                c = c.adding(current, times: y)
                d = d.adding(current, times: z)
                let next = unsafe after[unchecked: start + bin]
                a = a.adding(next, times: x)
                b = b.adding(next, times: y)
                c = c.adding(next, times: z)
            }
            channels[block] = a.rectified()
            channels[blockCount + block] = b.rectified()
            channels[2 * blockCount + block] = c.rectified()
            channels[3 * blockCount + block] = d.rectified()
        }
    }

    /// `sums += matrix · columns` for 16 streams; lane = stream.
    ///
    /// - Parameters:
    ///   - matrix: of any size.
    ///   - columns: holds one vector per column of the matrix.
    ///   - first: where they begin.
    ///   - sums: holds one vector per row of the matrix.
    ///   - target: where they begin.
    @inline(__always)
    static func add(
        _ matrix: SileroWeights.Matrix, timesMany columns: Span<SIMD16<Float>>, from first: Int,
        to sums: inout MutableSpan<SIMD16<Float>>, at target: Int
    ) {
        let count = matrix.columnCount
        precondition(first >= 0 && columns.count >= first + count, "too few columns")
        precondition(target >= 0 && sums.count >= target + matrix.rowCount, "too few sums")
        unsafe matrix.blocks.span.withUnsafeBytes { octets in
            // Vectors of 16 floats read as floats: 16 per vector, all of them initialised.
            let weights = unsafe octets.assumingMemoryBound(to: Float.self)
            for row in stride(from: 0, to: matrix.rowCount, by: 4) {
                let start = row / 16 * 16 * count + row % 16
                let at = target + row
                var (a, b) = unsafe (sums[unchecked: at], sums[unchecked: at + 1])
                var (c, d) = unsafe (sums[unchecked: at + 2], sums[unchecked: at + 3])
                var index = start
                for position in first..<first + count {
                    let column = unsafe columns[unchecked: position]
                    unsafe a = a.adding(column, times: splat(weights[index]))
                    unsafe b = b.adding(column, times: splat(weights[index + 1]))
                    unsafe c = c.adding(column, times: splat(weights[index + 2]))
                    unsafe d = d.adding(column, times: splat(weights[index + 3]))
                    index &+= 16
                }
                unsafe sums[unchecked: at] = a
                unsafe sums[unchecked: at + 1] = b
                unsafe sums[unchecked: at + 2] = c
                unsafe sums[unchecked: at + 3] = d
            }
        }
    }

    /// Rectifies `count` vectors from `first` on.
    @inline(__always)
    static func rectify(_ vectors: inout MutableSpan<SIMD16<Float>>, from first: Int, count: Int) {
        for index in first..<first + count { vectors[index] = vectors[index].rectified() }
    }

    /// Spreads one stream's floats over one lane: number n of `source` goes to vector n.
    @inline(__always)
    static func scatter<Values: BitwiseCopyable>(
        _ source: Span<Values>, to lane: Int, of vectors: inout MutableSpan<SIMD16<Float>>
    ) {
        let source = unsafe source.bytes
        let count = source.byteCount / 4
        precondition(vectors.count >= count && 0..<16 ~= lane, "no lane for the values")
        var target = unsafe vectors.mutableBytes
        for index in 0..<count {
            // Any four octets are a float; both offsets are below the counts just checked.
            let value = unsafe source.unsafeLoad(
                fromUncheckedByteOffset: 4 * index, as: Float.self)
            unsafe target.storeBytes(
                of: value, toUncheckedByteOffset: 64 * index + 4 * lane, as: Float.self)
        }
    }

    /// Collects one stream's values from one lane: the reverse of `scatter`.
    @inline(__always)
    static func gather(
        from lane: Int, of vectors: Span<SIMD16<Float>>,
        into values: inout MutableSpan<SIMD16<Float>>
    ) {
        var target = unsafe values.mutableBytes
        let count = target.byteCount / 4
        precondition(vectors.count >= count && 0..<16 ~= lane, "no values in the lane")
        let source = unsafe vectors.bytes
        for index in 0..<count {
            let value = unsafe source.unsafeLoad(
                fromUncheckedByteOffset: 64 * index + 4 * lane, as: Float.self)
            unsafe target.storeBytes(
                of: value, toUncheckedByteOffset: 4 * index, as: Float.self)
        }
    }

    @inline(__always)
    private static func splat(_ value: Float) -> SIMD16<Float> { SIMD16(repeating: value) }
}
