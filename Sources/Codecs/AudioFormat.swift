/// A sample rate the bridge carries, in hertz.
package enum SampleRate: Int, CaseIterable, Sendable {
    case hz8000 = 8_000  // G.711, Twilio Media Streams
    case hz16000 = 16_000  // recognisers
    case hz24000 = 24_000  // synthesisers
    case hz48000 = 48_000  // Opus: the RTP clock is always this (RFC 7587 §4.1)
}

/// How the octets of a mono audio stream stand for samples.
package enum AudioEncoding: String, CaseIterable, Sendable {
    case muLaw = "pcmu"  // ITU-T G.711, one octet per sample
    case aLaw = "pcma"  // ITU-T G.711, one octet per sample
    case linear16 = "pcm_s16le"  // two octets per sample, little-endian
    case opus  // one packet per message (RFC 6716)
}

/// What a stream of octets sounds like: encoding and sample rate, always mono.
package struct AudioFormat: Hashable, Sendable {
    package let encoding: AudioEncoding
    package let rate: SampleRate

    package init(_ encoding: AudioEncoding, _ rate: SampleRate) {
        self.encoding = encoding
        self.rate = rate
    }

    /// What telephone carriers speak (G.711 µ-law at 8 kHz).
    package static let telephone = AudioFormat(.muLaw, .hz8000)

    /// Octets of one sample; `nil` for Opus, whose packets have no fixed length per sample.
    package var octetsPerSample: Int? {
        switch encoding {
        case .muLaw, .aLaw: 1
        case .linear16: 2
        case .opus: nil
        }
    }
}
