internal import FoundationEssentials
internal import Pipeline

/// The files of a voice, found in the folder that its publisher packed.
struct SherpaVoiceModel: Equatable, Sendable {
    enum Network: Equatable, Sendable {
        /// VITS, of which Piper's voices are.
        case vits(String)
        case kokoro(String, voices: String)
        case kitten(String, voices: String)
    }

    let network: Network
    let tokens: String
    /// Pronunciations, by file, where the voice looks words up.
    let lexicons: [String]
    /// Rules that write numbers and dates as words.
    let rules: [String]
    /// espeak-ng's name of the language whose phonemes the voice takes; `nil`: it reads text.
    let phonemeVoice: String?

    /// Finds a voice for `language`.
    ///
    /// - Parameters:
    ///   - folder: the voice itself, or a folder with one in `en` and one in `es`.
    ///   - language: which of them, and whose phonemes where the voice does not say.
    /// - Throws: `EngineError.unavailable` that tells what is missing.
    init(folder: String, language: Language) throws(EngineError) {
        let own = "\(folder)/\(language.rawValue)"
        let files = try SherpaFolder(FileManager.default.fileExists(atPath: own) ? own : folder)
        guard let model = files.network(nil, prefersSmall: false) else {
            throw .unavailable(
                "\(folder) has no voice for \(language.rawValue): a network (*.onnx) in it, or in "
                    + "a folder \(language.rawValue) below it")
        }
        let metadata = try ModelMetadata(ofFile: model)
        guard metadata["sample_rate"] != nil, metadata["n_speakers"] != nil else {
            throw .unavailable(
                files.all("", ".onnx.json").isEmpty
                    ? "\(model) lacks what sherpa-onnx writes into a voice (sample_rate, "
                        + "n_speakers): take the voice as sherpa-onnx publishes it"
                    : "\(model) is a voice as Piper publishes it: make it one of sherpa-onnx with "
                        + "script/piper-to-sherpa")
        }
        tokens = try files.need("tokens.txt")
        lexicons = files.all("lexicon", ".txt")
        rules = files.all("", ".fst")
        if let voices = files.find("voices.bin") {
            let isKitten = metadata["model_type"]?.contains("kitten") == true
            network =
                isKitten ? .kitten(model, voices: voices) : .kokoro(model, voices: voices)
            phonemeVoice = lexicons.isEmpty ? language.espeakVoice : nil
        } else {
            network = .vits(model)
            let readsPhonemes = metadata["comment"] == "piper" || metadata["has_espeak"] == "1"
            // A voice has one accent; the call's language is only a guess at it.
            phonemeVoice =
                readsPhonemes && lexicons.isEmpty
                ? metadata["voice"] ?? language.espeakVoice : nil
        }
    }
}

extension Language {
    fileprivate var espeakVoice: String {
        switch self {
        case .english: "en-us"
        case .spanish: "es-419"
        }
    }
}
