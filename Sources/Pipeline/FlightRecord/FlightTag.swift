/// The first octet of an entry (docs: FlightRecordWriter).
enum FlightTag: UInt8 {
    case block = 0x00
    /// What of the next entry's time a microsecond cannot tell.
    case fraction = 0x01
    case performed = 0x02
    case audio = 0x03
    case full = 0x04
    case digest = 0x05

    case callStarted = 0x10
    /// A probability that is not one: its sign or its first exponent bit is set.
    case oddFrame = 0x11
    case tick = 0x12
    case interim = 0x13
    case final = 0x14
    case recognitionFailed = 0x15
    case modelText = 0x16
    case modelToolCall = 0x17
    case modelExpects = 0x18
    case modelClosing = 0x19
    case modelEnded = 0x1A
    case modelFailed = 0x1B
    case toolAnswered = 0x1C
    case speechReady = 0x1D
    case speechEnded = 0x1E
    case speechFailed = 0x1F
    case markReturned = 0x20
    case keyPressed = 0x21
    case silenceRequested = 0x22
    case hangUpRequested = 0x23
    case callEnded = 0x24
    case modelGuarded = 0x25
    case beepHeard = 0x26
    case intonation = 0x27
    case providerSwitched = 0x28

    /// `speechReady` with the levels of its audio.
    case levelledSpeech = 0x30
    case ordered = 0x40

    /// `face`, told apart by the octet that follows.
    case face = 0x38

    /// A frame's tag is the first of its probability's octets, with both top bits set.
    static let frame: UInt8 = 0xC0
}

/// What the next entry's time is expected to be, so that the file need hold the difference only.
struct FlightClock {
    enum Rhythm { case frame, tick, none }

    private static let frameMicroseconds: Int64 = 20_000
    private var frame: Int64
    private var tick: Int64
    private var last: Int64

    init(microseconds: Int64 = 0) {
        frame = microseconds - Self.frameMicroseconds
        tick = frame
        last = microseconds
    }

    func expected(_ rhythm: Rhythm) -> Int64 {
        switch rhythm {
        case .frame: frame + Self.frameMicroseconds
        case .tick: tick + Self.frameMicroseconds
        case .none: last
        }
    }

    mutating func note(_ microseconds: Int64, _ rhythm: Rhythm) {
        switch rhythm {
        case .frame: frame = microseconds
        case .tick: tick = microseconds
        case .none: break
        }
        last = microseconds
    }
}

/// A length of time cut at the microsecond below it; both parts together are exact.
struct FlightDuration: Equatable {
    /// 285 years; nothing in a call is longer.
    static let longest: Int64 = 1 << 53
    static let attosecondsPerMicrosecond: Int64 = 1_000_000_000_000

    let microseconds: Int64
    /// Below a microsecond.
    let attoseconds: Int64

    init(microseconds: Int64, attoseconds: Int64) {
        self.microseconds = microseconds
        self.attoseconds = attoseconds
    }

    init(_ duration: Duration) {
        let (seconds, fraction) = duration.components
        let limit = Self.longest / 1_000_000
        var whole = min(max(seconds, -limit), limit) * 1_000_000
        whole += fraction / Self.attosecondsPerMicrosecond
        var rest = fraction % Self.attosecondsPerMicrosecond
        if rest < 0 {
            rest += Self.attosecondsPerMicrosecond
            whole -= 1
        }
        microseconds = whole
        attoseconds = rest
    }

    var duration: Duration {
        .microseconds(microseconds)
            + Duration(secondsComponent: 0, attosecondsComponent: attoseconds)
    }
}
