/// A place in octets from which whole values are read; what is not there is an error, never a trap.
struct FlightCursor: Sendable {
    /// Why a value could not be read; the reader adds where its entry started.
    enum Stop: Error, Equatable {
        case truncated
        case fault(FlightRecordError.Fault)
    }

    let octets: [UInt8]
    private(set) var offset: Int
    /// Silence that may still be made to stand for audio that was not kept, so that no small file
    /// fills the memory: an hour at 48 kHz.
    private var standInOctets = 345_600_000

    init(_ octets: [UInt8], from offset: Int = 0) {
        self.octets = octets
        self.offset = offset
    }

    var isAtEnd: Bool { offset == octets.count }
    private var rest: Int { octets.count - offset }

    mutating func octet() throws(Stop) -> UInt8 {
        guard offset < octets.count else { throw .truncated }
        defer { offset += 1 }
        return octets[offset]
    }

    mutating func number() throws(Stop) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let octet = try octet()
            let digits = UInt64(octet & 0x7F)
            guard shift < 63 || (shift == 63 && digits <= 1) else { throw .fault(.number) }
            result |= digits << shift
            if octet & 0x80 == 0 { return result }
            shift += 7
        }
    }

    mutating func signed() throws(Stop) -> Int64 {
        let number = try number()
        return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
    }

    /// A number within `range`.
    mutating func count(in range: ClosedRange<Int> = 0...Int(Int32.max)) throws(Stop) -> Int {
        guard let count = Int(exactly: try number()), range.contains(count) else {
            throw .fault(.number)
        }
        return count
    }

    mutating func signedCount() throws(Stop) -> Int {
        guard let count = Int(exactly: try signed()), abs(count / 2) <= Int(Int32.max) else {
            throw .fault(.number)
        }
        return count
    }

    /// How many things of at least one octet follow.
    mutating func length() throws(Stop) -> Int {
        let length = try count()
        guard length <= rest else { throw .truncated }
        return length
    }

    mutating func flag() throws(Stop) -> Bool {
        switch try octet() {
        case 0: false
        case 1: true
        default: throw .fault(.number)
        }
    }

    mutating func bits32() throws(Stop) -> UInt32 {
        var result: UInt32 = 0
        for _ in 0..<4 { result = result << 8 | UInt32(try octet()) }
        return result
    }

    mutating func bits64() throws(Stop) -> UInt64 {
        let high = try bits32()
        return UInt64(high) << 32 | UInt64(try bits32())
    }

    mutating func bytes() throws(Stop) -> [UInt8] {
        let length = try length()
        defer { offset += length }
        return Array(octets[offset..<offset + length])
    }

    mutating func text() throws(Stop) -> String {
        let length = try length()
        guard let text = String(validating: octets[offset..<offset + length], as: UTF8.self) else {
            throw .fault(.text)
        }
        offset += length
        return text
    }

    /// A value of an enumeration by its raw text.
    mutating func choice<Choice: RawRepresentable>(
        _: Choice.Type = Choice.self
    ) throws(Stop) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: try text()) else { throw .fault(.text) }
        return choice
    }

    /// Audio that was kept, or as much silence as there was of it.
    mutating func sound(isKept: Bool) throws(Stop) -> [UInt8] {
        if isKept { return try bytes() }
        let count = try count(in: 0...standInOctets)
        standInOctets -= count
        return Array(repeating: 0, count: count)
    }

    mutating func duration() throws(Stop) -> Duration {
        let microseconds = try signed()
        let attoseconds = try number()
        guard abs(microseconds / 2) <= FlightDuration.longest / 2,
            attoseconds < UInt64(FlightDuration.attosecondsPerMicrosecond)
        else { throw .fault(.number) }
        return FlightDuration(microseconds: microseconds, attoseconds: Int64(attoseconds)).duration
    }

    mutating func engineError() throws(Stop) -> EngineError {
        switch try octet() {
        case 0: .unavailable(try text())
        case 1: .timedOut(try text())
        case 2: .failed(try text())
        case 3: .overloaded(try text())
        default: throw .fault(.number)
        }
    }

    mutating func providerSwitch(from now: MonotonicTime) throws(Stop) -> ProviderSwitch {
        let stage: EngineStage = try choice()
        let from = try text()
        let to = try text()
        guard let cause = ProviderFailure(name: try text()) else { throw .fault(.text) }
        return ProviderSwitch(
            stage: stage, from: from, to: to, cause: cause,
            since: now.advanced(by: try duration()))
    }
}
