/// Turns frame probabilities into starts and ends of speech: hysteresis, debounce and hangover.
package struct SpeechActivity: Sendable {
    package struct Settings: Sendable {
        /// A frame at or above this begins speech.
        package var startThreshold: Float = 0.5
        /// While speech is on, a frame at or above this goes on with it.
        package var holdThreshold: Float = 0.35
        /// Voice needed before speech counts as started (CONTRACT §6: 100 ms).
        package var debounce: Duration = .milliseconds(100)
        /// A gap this short does not end a run of voice.
        package var hangover: Duration = .milliseconds(60)
        /// Voice the detector itself takes before it says so, on average.
        package var lead: Duration = .zero
        package init() {}

        /// Counts speech as started once a caller has spoken for that long, the detector's lead
        /// included; one voiced frame it takes in any case.
        package mutating func start(afterVoiceOf duration: Duration) {
            debounce = max(.milliseconds(20), duration - lead)
        }

        /// For the neural detector, which tells a cough from a voice by itself.
        ///
        /// On `bench/hearing`'s tuning calls no cough, click or noise reached 0.6 for 60 ms. From
        /// the onset to 0.6 it takes the network 60 ms in the median (a window, and the weak start
        /// of words), so that 40 ms more are the 100 ms of CONTRACT §6; with 60 ms more, one seed
        /// in three paused 5 % of the answers later than 180 ms after the onset.
        /// Holding at 0.6 instead of 0.35 takes background babble less often for the caller and
        /// ends speech 17 ms sooner, at no more cuts.
        package static var neural: Settings {
            var settings = Settings()
            settings.startThreshold = 0.6
            settings.holdThreshold = 0.6
            settings.lead = .milliseconds(60)
            settings.start(afterVoiceOf: .milliseconds(100))
            return settings
        }
    }

    package enum Edge: Equatable, Sendable {
        case none
        /// `onset`: the start of the first voiced frame.
        case started(onset: MonotonicTime)
        /// `voiced`: how much voice the speech held, gaps left out.
        case stopped(voiced: Duration)
    }

    private enum State {
        case silent
        /// Voice that may be a click: not yet `debounce` long.
        case rising(onset: MonotonicTime, voiced: Duration, lastVoice: MonotonicTime)
        case speaking(onset: MonotonicTime, voiced: Duration, lastVoice: MonotonicTime)
    }

    private var state = State.silent
    private let settings: Settings

    package init(settings: Settings = Settings()) { self.settings = settings }

    /// The end of the last voiced frame while speech is on.
    package var lastVoice: MonotonicTime? {
        if case .speaking(_, _, let lastVoice) = state { lastVoice } else { nil }
    }

    /// How much voice the speech that is on has held so far, gaps left out.
    package var voicedDuration: Duration {
        if case .speaking(_, let voiced, _) = state { voiced } else { .zero }
    }

    package var isSpeaking: Bool {
        if case .speaking = state { true } else { false }
    }

    /// Hears one frame that ended at `now`.
    ///
    /// - Returns: the edge this frame decided, `.none` for almost all.
    package mutating func hear(
        _ probability: Float, lasting frame: Duration, at now: MonotonicTime
    ) -> Edge {
        switch state {
        case .silent:
            guard probability >= settings.startThreshold else { return .none }
            return rise(onset: now.advanced(by: .zero - frame), voiced: frame, at: now)
        case .rising(let onset, let voiced, let lastVoice):
            if probability >= settings.startThreshold {
                return rise(onset: onset, voiced: voiced + frame, at: now)
            }
            if lastVoice.duration(to: now) > settings.hangover { state = .silent }
            return .none
        case .speaking(let onset, let voiced, let lastVoice):
            if probability >= settings.holdThreshold {
                state = .speaking(onset: onset, voiced: voiced + frame, lastVoice: now)
                return .none
            }
            guard lastVoice.duration(to: now) > settings.hangover else { return .none }
            state = .silent
            return .stopped(voiced: voiced)
        }
    }

    private mutating func rise(
        onset: MonotonicTime, voiced: Duration, at now: MonotonicTime
    ) -> Edge {
        guard voiced >= settings.debounce else {
            state = .rising(onset: onset, voiced: voiced, lastVoice: now)
            return .none
        }
        state = .speaking(onset: onset, voiced: voiced, lastVoice: now)
        return .started(onset: onset)
    }
}
