internal import Codecs

/// Whatever parses must come back the same after writing; nothing may trap.
///
/// - Returns: 0, as libFuzzer asks.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWAV(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    // libFuzzer owns `bytes` for the length of this call.
    let octets = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: bytes, count: count))
    guard let file = try? WAVFile.parse(octets) else { return 0 }
    precondition(file.samples.count.isMultiple(of: file.channelCount), "half a stereo sample")
    guard let again = try? WAVFile.parse(file.serialize().span) else {
        preconditionFailure("what was written does not parse")
    }
    precondition(again.samples == file.samples, "the round trip changed the samples")
    precondition(again.sampleRate == file.sampleRate, "the round trip changed the rate")
    precondition(again.channelCount == file.channelCount, "the round trip changed the channels")
    return 0
}

/// SwiftPM names an executable's entry so and makes it `main`; it hands over to libFuzzer.
@_cdecl("FuzzWAV_main")
public func runFuzzWAV(
    _ argumentCount: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
    var argumentCount = argumentCount
    var arguments = unsafe arguments
    return unsafe runDriver(&argumentCount, &arguments, fuzzWAV)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argumentCount: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
