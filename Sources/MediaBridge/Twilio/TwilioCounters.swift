/// What went through one Twilio socket; plain integers, published once a second by the driver.
struct TwilioCounters: Equatable, Sendable {
    var messages = 0
    var mediaMessages = 0
    /// Octets of audio taken from payloads.
    var audioOctets = 0

    /// Text that was not JSON.
    var brokenJSON = 0
    var badBase64 = 0
    /// Members missing, of a wrong type or out of range.
    var malformed = 0
    var unknownEvent = 0
    /// A documented message at a time it may not come, such as a second `start`.
    var unexpectedEvent = 0
    /// Messages for another stream than the one that started.
    var wrongStream = 0
    var mediaBeforeStart = 0
    var unsupportedFormat = 0
    /// Longer than a message may be, or more audio than there is room for.
    var oversize = 0
    var binary = 0
    /// Dropped because the peer sent faster than any call does.
    var overRate = 0
    var afterEnd = 0

    /// Messages whose sequence number was not newer than the last.
    var outOfOrder = 0
    /// Sequence numbers that were skipped.
    var missingMessages = 0
    /// Media dropped because its time had passed: late or sent twice.
    var lateMedia = 0
    /// Chunk numbers that were skipped.
    var missingChunks = 0
    /// Silence put in the place of lost audio, in samples.
    var filledSamples = 0

    /// Everything a peer did wrong.
    var faults: Int {
        brokenJSON + badBase64 + malformed + unknownEvent + unexpectedEvent + wrongStream
            + mediaBeforeStart + unsupportedFormat + oversize + binary + overRate
    }

    mutating func count(_ error: TwilioError) {
        switch error {
        case .json: brokenJSON += 1
        case .unknownEvent: unknownEvent += 1
        case .missing, .invalid, .partialSample: malformed += 1
        case .base64: badBase64 += 1
        case .payloadTooLong: oversize += 1
        case .unsupportedFormat: unsupportedFormat += 1
        }
    }
}
