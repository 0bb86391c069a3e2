internal import FoundationEssentials
internal import Pipeline

/// Where the acoustic model and the dictionary are (Debian package pocketsphinx-en-us).
struct SphinxModel: Sendable {
    let acousticModel: String
    let dictionary: String

    /// Finds the US English model.
    ///
    /// - Parameter directory: what `pkg-config --variable=modeldir pocketsphinx` says.
    /// - Throws: `EngineError.unavailable` that tells what to install.
    init(directory: String) throws(EngineError) {
        acousticModel = "\(directory)/en-us/en-us"
        dictionary = "\(directory)/en-us/cmudict-en-us.dict"
        let needed =
            [dictionary]
            + ["mdef", "means", "variances", "sendump", "transition_matrices", "feat.params"]
            .map { "\(acousticModel)/\($0)" }
        for path in needed where !FileManager.default.isReadableFile(atPath: path) {
            throw .unavailable(
                "PocketSphinx has no \(path): install Debian package pocketsphinx-en-us")
        }
    }
}
