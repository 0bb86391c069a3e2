internal import Codecs
internal import FoundationEssentials
internal import Pipeline

/// The files of a streaming recogniser, found in the folder that its publisher packed.
struct SherpaEarModel: Equatable, Sendable {
    /// The families that sherpa-onnx streams.
    enum Network: Equatable, Sendable {
        case transducer(encoder: String, decoder: String, joiner: String)
        case zipformer2CTC(String)
        case nemoCTC(String)
        case toneCTC(String)
    }

    let network: Network
    let tokens: String
    /// What the model was trained on.
    let rate: SampleRate

    /// - Parameter folder: with `tokens.txt` and either encoder, decoder and joiner or one network.
    /// - Throws: `EngineError.unavailable` that tells what is missing.
    init(folder: String) throws(EngineError) {
        let files = try SherpaFolder(folder)
        tokens = try files.need("tokens.txt")
        if let encoder = files.network("encoder", prefersSmall: true) {
            guard let decoder = files.network("decoder", prefersSmall: false),
                let joiner = files.network("joiner", prefersSmall: true)
            else {
                throw .unavailable(
                    "\(folder) has an encoder, but no decoder and joiner: sherpa-onnx streams "
                        + "transducers of all three")
            }
            let metadata = try ModelMetadata(ofFile: encoder)
            _ = try Self.kind(of: metadata, encoder)
            // NeMo's keep what the others' decoder and joiner say in the encoder.
            if metadata["window_size"] == nil {
                try Self.check("context_size", in: decoder)
                try Self.check("joiner_dim", in: joiner)
            }
            network = .transducer(encoder: encoder, decoder: decoder, joiner: joiner)
            rate = .hz16000
            return
        }
        guard let model = files.network(nil, prefersSmall: true) else {
            throw .unavailable("\(folder) has no network (*.onnx) in it")
        }
        switch try Self.kind(of: ModelMetadata(ofFile: model), model) {
        case .icefall: (network, rate) = (.zipformer2CTC(model), .hz16000)
        case .nemo: (network, rate) = (.nemoCTC(model), .hz16000)
        case .tone: (network, rate) = (.toneCTC(model), .hz8000)
        }
    }

    private enum Kind { case icefall, nemo, tone }

    /// Told by what only a streaming export of each family says of its pieces.
    private static func kind(
        of metadata: ModelMetadata, _ path: String
    ) throws(EngineError) -> Kind {
        if metadata["frame_length_ms"] != nil, metadata["state_dim"] != nil { return .tone }
        if metadata["window_size"] != nil, metadata["chunk_shift"] != nil { return .nemo }
        if metadata["model_type"] != nil, metadata["T"] != nil,
            metadata["decode_chunk_len"] != nil
        {
            return .icefall
        }
        throw .unavailable(
            "\(path) is no streaming model of a kind that sherpa-onnx loads: take one that it "
                + "publishes as streaming")
    }

    private static func check(_ name: String, in path: String) throws(EngineError) {
        guard try ModelMetadata(ofFile: path)[name] == nil else { return }
        throw .unavailable(
            "\(path) lacks the metadata \(name): take the model as sherpa-onnx publishes it")
    }
}

/// A folder with a model, listed once.
struct SherpaFolder {
    private let path: String
    /// In alphabetical order.
    private let names: [String]

    /// - Throws: `EngineError.unavailable` when there is no such folder.
    init(_ path: String) throws(EngineError) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw .unavailable("there is no model folder \(path)")
        }
        self.path = path
        self.names = names.sorted()
    }

    func need(_ name: String) throws(EngineError) -> String {
        guard let file = find(name) else {
            throw .unavailable("the model folder \(path) has no \(name)")
        }
        return file
    }

    func find(_ name: String) -> String? { names.contains(name) ? "\(path)/\(name)" : nil }

    /// - Returns: all files between `prefix` and `suffix`.
    func all(_ prefix: String, _ suffix: String) -> [String] {
        names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.map { "\(path)/\($0)" }
    }

    /// Publishers add the epoch and the precision to a network's name.
    ///
    /// - Parameters:
    ///   - role: how the name starts; `nil`: any name.
    ///   - prefersSmall: the one of 8-bit numbers, where there are two.
    /// - Returns: its path; `nil` when there is none.
    func network(_ role: String?, prefersSmall: Bool) -> String? {
        let found = all(role ?? "", ".onnx")
        return found.first { $0.hasSuffix(".int8.onnx") == prefersSmall } ?? found.first
    }
}
