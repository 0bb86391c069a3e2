/// The parameters of the Silero VAD v6 network for 16 kHz, laid out once for the SIMD code.
///
/// A value shares its storage with every copy, so all calls of a process read the same 900 kB.
/// Names and shapes are those of `silero_vad_16k.safetensors` in the PyPI package `silero-vad`; that
/// file's numbers are another training run's, so `script/fetch-silero` takes them from the
/// package's ONNX file (6.2.3). Kernel taps that only ever meet padding are left out.
package struct SileroWeights: Sendable {
    /// One weight matrix, cut into blocks of 16 rows: `[row / 16][column]` holds those 16 rows'
    /// weights of one column, a cache line.
    struct Matrix: Sendable {
        let rowCount: Int
        let columnCount: Int
        let blocks: [SIMD16<Float>]

        init(rowCount: Int, columnCount: Int, value: (_ row: Int, _ column: Int) -> Float) {
            precondition(rowCount % 16 == 0, "rows come in blocks of 16")
            self.rowCount = rowCount
            self.columnCount = columnCount
            var blocks: [SIMD16<Float>] = []
            blocks.reserveCapacity(rowCount / 16 * columnCount)
            for first in stride(from: 0, to: rowCount, by: 16) {
                for column in 0..<columnCount {
                    var block = SIMD16<Float>()
                    for row in 0..<16 { block[row] = value(first + row, column) }
                    blocks.append(block)
                }
            }
            self.blocks = blocks
        }
    }

    /// 129 magnitudes to 128 channels; one matrix per kernel tap.
    let first: [Matrix]
    let firstBias: [SIMD16<Float>]
    /// 128 channels to 64, every second frame.
    let second: [Matrix]
    let secondBias: [SIMD16<Float>]
    /// 64 channels to 64; the taps on the two frames that there are.
    let third: [Matrix]
    let thirdBias: [SIMD16<Float>]
    /// 64 channels to 128; the tap on the one frame that there is.
    let fourth: Matrix
    let fourthBias: [SIMD16<Float>]
    /// The LSTM cell's gates, 128 rows each: input, forget, cell, output.
    let input: Matrix
    let recurrent: Matrix
    /// The sum of the cell's two biases.
    let gateBias: [SIMD16<Float>]
    let output: [SIMD16<Float>]
    let outputBias: Float
    let spectrum: SileroSpectrum

    /// - Throws: `SafetensorsError` when a tensor is absent or of another shape.
    package init(_ file: SafetensorsFile) throws(SafetensorsError) {
        // The first layer is a Fourier transform (`SileroSpectrum`); its weights only prove it.
        let basis = try file.floats("stft_conv.weight", shape: [258, 1, 256])
        guard SileroSpectrum.isFourierBasis(basis) else {
            throw .extent(tensor: "stft_conv.weight")
        }
        spectrum = SileroSpectrum()
        first = try Self.taps(file, "conv1", rows: 128, columns: 129, 0...2)
        firstBias = try Self.vector(file, "conv1.bias", 128)
        second = try Self.taps(file, "conv2", rows: 64, columns: 128, 0...2)
        secondBias = try Self.vector(file, "conv2.bias", 64)
        third = try Self.taps(file, "conv3", rows: 64, columns: 64, 1...2)
        thirdBias = try Self.vector(file, "conv3.bias", 64)
        fourth = try Self.taps(file, "conv4", rows: 128, columns: 64, 1...1)[0]
        fourthBias = try Self.vector(file, "conv4.bias", 128)
        let inputs = try file.floats("lstm_cell.weight_ih", shape: [512, 128])
        input = Matrix(rowCount: 512, columnCount: 128) { inputs[$0 * 128 + $1] }
        let hidden = try file.floats("lstm_cell.weight_hh", shape: [512, 128])
        recurrent = Matrix(rowCount: 512, columnCount: 128) { hidden[$0 * 128 + $1] }
        let inputBias = try Self.vector(file, "lstm_cell.bias_ih", 512)
        let hiddenBias = try Self.vector(file, "lstm_cell.bias_hh", 512)
        gateBias = zip(inputBias, hiddenBias).map { $0 + $1 }
        output = Self.vectors(try file.floats("final_conv.weight", shape: [1, 128, 1]))
        outputBias = try file.floats("final_conv.bias", shape: [1])[0]
    }

    private static func taps(
        _ file: SafetensorsFile, _ layer: String, rows: Int, columns: Int, _ taps: ClosedRange<Int>
    ) throws(SafetensorsError) -> [Matrix] {
        let weights = try file.floats("\(layer).weight", shape: [rows, columns, 3])
        return taps.map { tap in
            Matrix(rowCount: rows, columnCount: columns) { row, column in
                weights[(row * columns + column) * 3 + tap]
            }
        }
    }

    private static func vector(
        _ file: SafetensorsFile, _ name: String, _ count: Int
    ) throws(SafetensorsError) -> [SIMD16<Float>] {
        vectors(try file.floats(name, shape: [count]))
    }

    private static func vectors(_ values: [Float]) -> [SIMD16<Float>] {
        stride(from: 0, to: values.count, by: 16).map { SIMD16(values[$0..<$0 + 16]) }
    }
}
