internal import COpus

/// Why libopus did not do its work; our enum for its status codes.
package enum OpusError: Error, Equatable, Sendable {
    /// The peer's packet is not Opus (RFC 6716 §3.4), or empty.
    case invalidPacket
    /// A length or setting that Opus does not have, such as a frame of 7 ms.
    case invalidArgument
    /// The packet holds more audio, or the frame needs more octets, than there is room for.
    case bufferTooSmall
    case outOfMemory
    /// A status that libopus documents as its own bug.
    case library(status: Int32)

    /// - Parameter status: negative, as libopus returned it.
    init(status: Int32) {
        switch status {
        case OPUS_INVALID_PACKET: self = .invalidPacket
        case OPUS_BAD_ARG: self = .invalidArgument
        case OPUS_BUFFER_TOO_SMALL: self = .bufferTooSmall
        case OPUS_ALLOC_FAIL: self = .outOfMemory
        default: self = .library(status: status)
        }
    }
}
