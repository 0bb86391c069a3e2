internal import Pipeline

/// Whatever is read must come back the same after writing; nothing may trap.
///
/// - Returns: 0, as libFuzzer asks.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFlightRecord(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    // libFuzzer owns `bytes` for the length of this call.
    let octets = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let record = try? FlightRecord(reading: octets) else { return 0 }
    var writer = FlightRecordWriter(record.call)
    var written = 0
    for entry in record.entries {
        switch entry {
        case .event(let event, let now): writer.append(event, at: now)
        case .performed(let now): writer.appendPerformed(at: now)
        case .audio(let octets, let now):
            guard record.call.keepsAudio else { continue }
            writer.appendAudio(octets.span, at: now)
        case .missing, .full, .digest: continue
        }
        written += 1
    }
    guard let again = try? FlightRecord(reading: writer.takeBlock()) else {
        preconditionFailure("what was written cannot be read")
    }
    precondition(again.fault == nil, "what was written has a fault")
    precondition(again.entries.count == written, "the round trip changed the entries")
    precondition(
        again.entries.lazy.map { "\($0)" }.elementsEqual(
            record.entries.lazy.filter {
                switch $0 {
                case .event, .performed: true
                case .audio: record.call.keepsAudio
                case .missing, .full, .digest: false
                }
            }.map { "\($0)" }), "the round trip changed an entry")
    return 0
}

/// SwiftPM names an executable's entry so and makes it `main`; it hands over to libFuzzer.
@_cdecl("FuzzFlightRecord_main")
public func runFuzzFlightRecord(
    _ argumentCount: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
    var argumentCount = argumentCount
    var arguments = unsafe arguments
    return unsafe runDriver(&argumentCount, &arguments, fuzzFlightRecord)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argumentCount: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
