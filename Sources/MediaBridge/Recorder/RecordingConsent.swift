/// How callers agree to their audio's being kept, where keeping it is switched on at all.
enum RecordingConsent: String, CaseIterable, Sendable {
    /// Each call's start says so: parameter `recordingConsent` is `true`.
    case perCall
    /// All callers are told before they are put through.
    case announced

    func covers(_ opening: CallOpening) -> Bool {
        switch self {
        case .perCall: opening.consentsToRecording
        case .announced: true
        }
    }
}
