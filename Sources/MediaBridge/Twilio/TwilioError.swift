internal import Codecs

/// A member of a Twilio message, for errors to name.
enum TwilioField: String, Sendable {
    case event
    case sequenceNumber
    case streamSID = "streamSid"
    case media
    case track
    case chunk
    case timestamp
    case payload
    case start
    case accountSID = "accountSid"
    case callSID = "callSid"
    case tracks
    case mediaFormat
    case encoding
    case sampleRate
    case channels
    case customParameters
    case dtmf
    case digit
    case mark
    case name
}

/// Why a message from Twilio cannot be used, told by what arrived.
enum TwilioError: Error, Equatable, Sendable {
    case json(JSONError)
    /// Well-formed, but of an event nobody documented: to be ignored.
    case unknownEvent
    case missing(TwilioField)
    /// The member is there with a type, length or value it may not have.
    case invalid(TwilioField)
    case base64
    /// The payload does not end on a sample's last octet.
    case partialSample
    /// The audio has more octets than there is room for.
    case payloadTooLong(octetCount: Int, capacity: Int)
    case unsupportedFormat(TwilioMediaFormat)
}
