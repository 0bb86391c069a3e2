internal import Codecs

/// Whatever decodes must encode to the same text; nothing may trap or write past its room.
///
/// - Returns: 0, as libFuzzer asks.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBase64(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    // libFuzzer owns `bytes` for the length of this call.
    let text = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: bytes, count: count))
    guard let octetCount = try? FrameBase64.decodedCount(text) else { return 0 }
    var isValid = true
    let octets = [UInt8](capacity: octetCount) { octets in
        do { try FrameBase64.decode(text, into: &octets) } catch { isValid = false }
    }
    guard isValid else {
        precondition(octets.isEmpty, "a rejected text left octets behind")
        return 0
    }
    precondition(octets.count == octetCount, "the count that was promised")
    let encoded = [UInt8](capacity: count) { FrameBase64.encode(octets.span, into: &$0) }
    precondition(encoded.count == count, "the round trip changed the length")
    for index in text.indices {
        precondition(encoded[index] == text[index], "the round trip changed the text")
    }
    return 0
}

/// SwiftPM names an executable's entry so and makes it `main`; it hands over to libFuzzer.
@_cdecl("FuzzBase64_main")
public func runFuzzBase64(
    _ argumentCount: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
    var argumentCount = argumentCount
    var arguments = unsafe arguments
    return unsafe runDriver(&argumentCount, &arguments, fuzzBase64)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argumentCount: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
