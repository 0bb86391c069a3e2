/// A setting of a conversation that has a name: in flight records, and on replay's command line.
///
/// Every setting that decisions depend on stands in `all`; a new one is added there with a name
/// that is never used for anything else, as old records hold it.
package struct ConversationSetting: Sendable {
    package enum Kind: Sendable {
        case duration(any WritableKeyPath<ConversationSettings, Duration> & Sendable)
        case probability(any WritableKeyPath<ConversationSettings, Float> & Sendable)
        case count(any WritableKeyPath<ConversationSettings, Int> & Sendable)
        case flag(any WritableKeyPath<ConversationSettings, Bool> & Sendable)
        case text(any WritableKeyPath<ConversationSettings, String> & Sendable)
    }

    package let name: String
    package let kind: Kind

    package static let all: [ConversationSetting] = [
        .init("vad.threshold", .probability(\.speech.startThreshold)),
        .init("vad.hold", .probability(\.speech.holdThreshold)),
        .init("vad.hangover", .duration(\.speech.hangover)),
        .init("endpointing.minimum", .duration(\.endpointing.minimum)),
        .init("endpointing.pause", .duration(\.endpointing.pause)),
        .init("endpointing.maximum", .duration(\.endpointing.maximum)),
        .init("endpointing.prosody", .flag(\.endpointing.usesProsody)),
        .init("endpointing.interimsAreStable", .flag(\.interimsAreStable)),
        .init("speculation.isOn", .flag(\.speculation.isOn)),
        .init("speculation.stableFor", .duration(\.speculation.stableFor)),
        .init("speculation.wasteLimit", .probability(\.speculation.wasteLimit)),
        .init("bargeIn.debounce", .duration(\.speech.debounce)),
        .init("bargeIn.voiceToPause", .duration(\.bargeIn.voiceToPause)),
        .init("bargeIn.voiceToReopen", .duration(\.bargeIn.voiceToReopen)),
        .init("bargeIn.sustainedVoice", .duration(\.bargeIn.sustainedVoice)),
        .init("bargeIn.sustainedBackchannel", .duration(\.bargeIn.sustainedBackchannel)),
        .init("bargeIn.wordlessVoice", .duration(\.bargeIn.wordlessVoice)),
        .init("bargeIn.shortestWord", .duration(\.bargeIn.shortestWord)),
        .init("bargeIn.replyOverlap", .duration(\.bargeIn.replyOverlap)),
        .init("playout.lowLead", .duration(\.playout.lowLead)),
        .init("playout.highLead", .duration(\.playout.highLead)),
        .init("playout.markGrace", .duration(\.playout.markGrace)),
        .init("playout.longestRewind", .duration(\.playout.longestRewind)),
        .init("answer.silenceLimit", .duration(\.silenceLimit)),
        .init("answer.fillerDelay", .duration(\.fillerDelay)),
        .init("answer.fillerLimit", .count(\.fillerLimit)),
        .init("answer.transcriptLimit", .duration(\.transcriptLimit)),
        .init("answer.speechAhead", .duration(\.speechAhead)),
        .init("answer.chunkedSpeech", .flag(\.chunkedSpeech)),
        .init("idle.prompt", .duration(\.idle.prompt)),
        .init("idle.promptLimit", .count(\.idle.promptLimit)),
        .init("idle.question", .text(\.idle.question)),
        .init("idle.farewell", .text(\.idle.farewell)),
        .init("keypad.digitTimeout", .duration(\.keypad.digitTimeout)),
        .init("keypad.terminator", .text(\.keypad.terminator)),
        .init("keypad.longest", .count(\.keypad.longest)),
        .init("keypad.zeroForHuman", .flag(\.keypad.zeroForHuman)),
        .init("keypad.zeroTimeout", .duration(\.keypad.zeroTimeout)),
        .init("keypad.transferPhrase", .text(\.keypad.transferPhrase)),
        .init("voicemail.isDetected", .flag(\.voicemail.isDetected)),
        .init("voicemail.isKnown", .flag(\.voicemail.isKnown)),
        .init("voicemail.message", .text(\.voicemail.message)),
        .init("voicemail.longGreeting", .duration(\.voicemail.longGreeting)),
        .init("voicemail.greetingGap", .duration(\.voicemail.greetingGap)),
        .init("voicemail.decisionLimit", .duration(\.voicemail.decisionLimit)),
        .init("voicemail.wordsLimit", .duration(\.voicemail.wordsLimit)),
        .init("voicemail.beeplessSilence", .duration(\.voicemail.beeplessSilence)),
        .init("voicemail.beepLimit", .duration(\.voicemail.beepLimit)),
    ]

    private init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// Shorter names that are taken too; records hold the long ones.
    package static let aliases = [
        "endpointing.min": "endpointing.minimum", "endpointing.max": "endpointing.maximum",
    ]

    /// The setting called `name`, or its alias.
    package init(named name: String) throws(SettingError) {
        let fullName = Self.aliases[name] ?? name
        guard let setting = Self.all.first(where: { $0.name == fullName }) else {
            throw .unknown(name)
        }
        self = setting
    }

    package enum SettingError: Error, Equatable, Sendable {
        case unknown(String)
        /// `wanted` completes "it takes …".
        case value(name: String, String, wanted: String)
    }

    /// Writes the value that `text` stands for.
    package func set(_ text: String, in settings: inout ConversationSettings) throws(SettingError) {
        switch kind {
        case .duration(let path):
            guard let value = Duration(setting: text) else {
                throw .value(name: name, text, wanted: "a time such as 500ms, 3s or 2m")
            }
            settings[keyPath: path] = value
        case .probability(let path):
            guard let value = Float(text), (0...1).contains(value) else {
                throw .value(name: name, text, wanted: "a number from 0 to 1")
            }
            settings[keyPath: path] = value
        case .count(let path):
            guard let value = Int(text), (0...1_000).contains(value) else {
                throw .value(name: name, text, wanted: "a whole number from 0 to 1000")
            }
            settings[keyPath: path] = value
        case .flag(let path):
            guard let value = Bool(text) else {
                throw .value(name: name, text, wanted: "true or false")
            }
            settings[keyPath: path] = value
        case .text(let path): settings[keyPath: path] = text
        }
    }

    /// The value as `set(_:in:)` takes it.
    package func text(in settings: ConversationSettings) -> String {
        switch kind {
        case .duration(let path): "\(settings[keyPath: path].milliseconds)ms"
        case .probability(let path): "\(settings[keyPath: path])"
        case .count(let path): "\(settings[keyPath: path])"
        case .flag(let path): "\(settings[keyPath: path])"
        case .text(let path): settings[keyPath: path]
        }
    }
}
