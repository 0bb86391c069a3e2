internal import Pipeline

@testable import MediaBridge

/// Feeds a Twilio stream with what the fuzzer makes up: messages parted by zero octets.
///
/// An input that starts with an odd octet finds the stream live already.
///
/// - Returns: 0, as libFuzzer asks.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTwilio(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    guard count > 0, let octets = unsafe octets else { return 0 }
    // libFuzzer keeps the octets alive and unchanged during the call.
    let input = unsafe Array(UnsafeBufferPointer(start: octets, count: count))
    var stream = TwilioStream(openedAt: MonotonicTime(sinceStart: .zero))
    var messages = input.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    if input[0] & 1 == 1 {
        messages.insert(Array(FuzzTwilio.start.utf8), at: 0)
        messages[1].removeFirst()
    }
    var milliseconds = 0
    for message in messages {
        milliseconds += 20
        let now = MonotonicTime(sinceStart: .milliseconds(milliseconds))
        let audio = [UInt8](capacity: 512) { _ = stream.handle(message.span, at: now, into: &$0) }
        precondition(audio.count <= 512, "more audio than there was room for")
        _ = stream.handleDeadline(at: now)
    }
    return 0
}

private enum FuzzTwilio {
    static let start =
        #"{"event":"start","streamSid":"MZ1","start":{"streamSid":"MZ1","callSid":"CA1","#
        + #""mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}}}"#
}

/// SwiftPM names an executable's entry so and makes it `main`; it hands over to libFuzzer.
@_cdecl("FuzzTwilio_main")
public func runFuzzTwilio(
    _ argumentCount: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
    var argumentCount = argumentCount
    var arguments = unsafe arguments
    return unsafe runDriver(&argumentCount, &arguments, fuzzTwilio)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argumentCount: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
