internal import CSherpaONNX
internal import FoundationEssentials
internal import Pipeline

/// A loaded voice of sherpa-onnx; one thread at a time makes it speak.
@safe final class SherpaVoice: @unchecked Sendable {
    // Sendable because `SherpaSpeaker` gives every text of a voice to its one thread.
    private let voice: OpaquePointer
    private let library: SherpaLibrary
    /// Samples per second.
    let hertz: Int
    let speakerCount: Int
    let phonemes: EspeakPhonemes?

    /// Loads the network, which takes about a second.
    init(_ model: SherpaVoiceModel, library: SherpaLibrary, language: Language) throws(EngineError)
    {
        var networks: (vits: String?, kokoro: String?, kitten: String?) = (nil, nil, nil)
        var voices: String?
        switch model.network {
        case .vits(let path): networks.vits = path
        case .kokoro(let path, let file): (networks.kokoro, voices) = (path, file)
        case .kitten(let path, let file): (networks.kitten, voices) = (path, file)
        }
        let lexicons = model.lexicons.isEmpty ? nil : model.lexicons.joined(separator: ",")
        let rules = model.rules.isEmpty ? nil : model.rules.joined(separator: ",")
        let voice = unsafe library.call { functions in
            unsafe CSherpaONNX_voice(
                functions, networks.vits, networks.kokoro, networks.kitten, voices, model.tokens,
                lexicons, language.rawValue, rules)
        }
        guard let voice = unsafe voice else {
            throw .unavailable("sherpa-onnx does not load the voice of \(model.tokens)")
        }
        unsafe self.voice = voice
        self.library = library
        hertz = unsafe Int(library.call { unsafe CSherpaONNX_voice_rate($0, voice) })
        speakerCount = unsafe Int(library.call { unsafe CSherpaONNX_speaker_count($0, voice) })
        if let name = model.phonemeVoice {
            phonemes = try EspeakPhonemes(voice: name, tokens: model.tokens)
        } else {
            phonemes = nil
        }
    }

    deinit {
        unsafe library.call { unsafe CSherpaONNX_destroy_voice($0, voice) }
    }

    /// Speaks sentence by sentence; blocks until all is said.
    ///
    /// - Parameters:
    ///   - text: read where there are no phonemes.
    ///   - sentences: of phonemes, none of them empty.
    ///   - speaker: counts from 0.
    ///   - take: hears the samples of a sentence, -1…1; `false` stops the rest.
    /// - Returns: whether there was any sound.
    func speak(
        _ text: String, _ sentences: [[Int32]], speaker: Int, take: ([Float]) -> Bool
    ) -> Bool {
        withoutActuallyEscaping(take) { take in
            let listener = SpeechListener(take)
            let owner = unsafe Unmanaged.passUnretained(listener).toOpaque()
            let phonemes = sentences.flatMap { $0 }
            let counts = sentences.map { Int32($0.count) }
            let hasSpoken = unsafe library.call { functions in
                unsafe CSherpaONNX_speak(
                    functions, voice, text, Int32(speaker), phonemes, counts, Int32(counts.count),
                    { samples, count, _, owner in
                        guard let owner = unsafe owner else { return 0 }
                        let listener = unsafe Unmanaged<SpeechListener>.fromOpaque(owner)
                        let audio = unsafe UnsafeBufferPointer(start: samples, count: Int(count))
                        return unsafe listener.takeUnretainedValue().take(Array(audio)) ? 1 : 0
                    }, owner)
            }
            return withExtendedLifetime(listener) { hasSpoken != 0 }
        }
    }
}

/// Who hears what the library has made, while it makes it.
private final class SpeechListener {
    let take: ([Float]) -> Bool
    init(_ take: @escaping ([Float]) -> Bool) { self.take = take }
}
