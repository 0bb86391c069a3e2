internal import Pipeline

/// The names and shapes that are asked for, whatever the file holds: some of the network's own.
private let tensors: [(name: String, shape: [Int])] = [
    ("a", []), ("a", [1]), ("a", [2, 3]), ("", [0]),
    ("stft_conv.weight", [258, 1, 256]), ("conv1.weight", [128, 129, 3]),
]

/// Arrays come whole or not at all; nothing may trap.
///
/// - Returns: 0, as libFuzzer asks.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSafetensors(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    // libFuzzer owns `bytes` for the length of this call.
    let octets = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let file = try? SafetensorsFile(octets) else { return 0 }
    for (name, shape) in tensors {
        guard let floats = try? file.floats(name, shape: shape) else { continue }
        precondition(floats.count == shape.reduce(1, *), "an array of another length")
        precondition(floats.count * 4 <= count, "an array longer than its file")
    }
    _ = try? SileroWeights(file)
    return 0
}

/// SwiftPM names an executable's entry so and makes it `main`; it hands over to libFuzzer.
@_cdecl("FuzzSafetensors_main")
public func runFuzzSafetensors(
    _ argumentCount: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
    var argumentCount = argumentCount
    var arguments = unsafe arguments
    return unsafe runDriver(&argumentCount, &arguments, fuzzSafetensors)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argumentCount: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
