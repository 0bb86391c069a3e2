internal import Codecs
internal import Events
internal import Pipeline

/// What is known of a call when its stream starts.
struct CallOpening: Sendable {
    /// `twilio` or `audio`.
    let carrier: String
    let carrierCallID: String
    let language: Language
    /// Of the caller's octets as the call takes them; never Opus.
    let inbound: AudioFormat
    /// Of the agent's octets as the call gives them; never Opus.
    let outbound: AudioFormat
    let from: String?
    let to: String?
    /// We made the call: an answering machine may have taken it.
    var isOutbound = false
    /// Who answered, as far as the carrier knows; `nil`: it does not tell.
    var answeredBy: AnsweredBy?
    /// The caller agreed to their audio's being kept: `recordingConsent=true` of the call's start.
    var consentsToRecording = false
    /// The agent is to be seen: an avatar speaks, where there is one.
    var wantsAvatar = false

    /// Phone lines return some of what they carry; browsers cancel it themselves.
    var mayReturnEcho: Bool { carrier == "twilio" }

    var event: CallStarted {
        CallStarted(
            carrier: carrier, carrierCallID: carrierCallID, language: language.rawValue,
            from: from, to: to, direction: isOutbound ? "outbound" : "inbound")
    }
}

/// Who answered a call that we made, by the carrier's own detection.
enum AnsweredBy: Equatable, Sendable {
    case human
    /// It is still greeting.
    case machine
    /// Its greeting is over: it records.
    case recordingMachine

    /// Reads Twilio's `AnsweredBy` ("Answering Machine Detection"); `nil` for `unknown` and others.
    init?(_ text: String) {
        switch text {
        case "human": self = .human
        case "machine_start", "fax": self = .machine
        case "machine_end_beep", "machine_end_silence", "machine_end_other":
            self = .recordingMachine
        default: return nil  // text of a peer
        }
    }
}

extension CallOpening {
    /// Whether a call's parameters say that we made it: `direction` is Twilio's own word for it
    /// (`inbound`, `outbound-api`, `outbound-dial`) or just `outbound`.
    static func isOutbound(_ direction: String?) -> Bool {
        direction?.hasPrefix("outbound") ?? false
    }

    /// Answering machines are looked for on calls that we made, unless the carrier has done so.
    func adjust(_ voicemail: inout AnsweringMachine.Settings) {
        voicemail.isDetected = voicemail.isDetected && isOutbound && answeredBy != .human
        voicemail.isKnown = answeredBy == .machine || answeredBy == .recordingMachine
        if answeredBy == .recordingMachine { voicemail.beeplessSilence = .zero }
    }
}

extension AudioFormat {
    /// Of a format without packets; Opus never comes this far.
    var octetsPerSecond: Int { rate.rawValue * (octetsPerSample ?? 2) }
}
