import Codecs
import Foundation
import Pipeline
import Testing

@testable import Providers

/// What is wrong with a folder is told before the library sees it, which would end the program.
@Suite(.tags(.integration)) struct SherpaModelTests {
    private static func advice(_ body: () throws(EngineError) -> Void) -> String {
        do throws(EngineError) {
            try body()
            return "none"
        } catch .unavailable(let text) {
            return text
        } catch {
            return "\(error)"
        }
    }

    private static func ear(_ folder: String) -> String {
        advice { () throws(EngineError) in _ = try SherpaEarModel(folder: folder) }
    }

    private static func voice(_ folder: String) -> String {
        advice { () throws(EngineError) in
            _ = try SherpaVoiceModel(folder: folder, language: .spanish)
        }
    }

    @Test func aTransducerIsItsThreeNetworks() throws {
        let folder = try ToyModels.path("transducer")
        let model = try SherpaEarModel(folder: folder)
        #expect(
            model.network
                == .transducer(
                    encoder: "\(folder)/encoder.onnx", decoder: "\(folder)/decoder.onnx",
                    joiner: "\(folder)/joiner.onnx"))
        #expect(model.tokens == "\(folder)/tokens.txt")
        #expect(model.rate == .hz16000)
    }

    /// Publishers ship both; the small encoder and joiner are as good, the small decoder no faster.
    @Test func smallNetworksArePreferredWhereTheyServe() throws {
        let folder = try ToyModels.copy("transducer")
        for role in ["encoder", "decoder", "joiner"] {
            try FileManager.default.moveItem(
                atPath: "\(folder)/\(role).onnx", toPath: "\(folder)/\(role)-epoch-99.onnx")
            try FileManager.default.copyItem(
                atPath: "\(folder)/\(role)-epoch-99.onnx",
                toPath: "\(folder)/\(role)-epoch-99.int8.onnx")
        }
        #expect(
            try SherpaEarModel(folder: folder).network
                == .transducer(
                    encoder: "\(folder)/encoder-epoch-99.int8.onnx",
                    decoder: "\(folder)/decoder-epoch-99.onnx",
                    joiner: "\(folder)/joiner-epoch-99.int8.onnx"))
    }

    @Test func oneNetworkIsCTC() throws {
        let folder = try ToyModels.path("ctc")
        #expect(
            try SherpaEarModel(folder: folder).network == .zipformer2CTC("\(folder)/model.onnx"))
    }

    @Test func aVoiceTellsWhetherItTakesPhonemes() throws {
        let letters = try SherpaVoiceModel(
            folder: ToyModels.path("letters"), language: .spanish)
        #expect(letters.phonemeVoice == nil)
        let piper = try SherpaVoiceModel(folder: ToyModels.path("piper"), language: .spanish)
        #expect(piper.phonemeVoice == "en-us")
    }

    @Test func aFolderPerLanguageIsFound() throws {
        let folder = try ToyModels.copy("piper")
        try FileManager.default.copyItem(
            atPath: ToyModels.path("letters"), toPath: "\(folder)/es")
        let spanish = try SherpaVoiceModel(folder: folder, language: .spanish)
        #expect(spanish.tokens == "\(folder)/es/tokens.txt")
        let english = try SherpaVoiceModel(folder: folder, language: .english)
        #expect(english.tokens == "\(folder)/tokens.txt")
    }

    @Test func whatIsMissingIsNamed() throws {
        #expect(Self.ear("/nowhere/at/all").contains("there is no model folder"))
        for (model, file, word) in [
            ("transducer", "tokens.txt", "tokens.txt"), ("transducer", "joiner.onnx", "joiner"),
            ("ctc", "model.onnx", "no network"),
        ] {
            let folder = try ToyModels.copy(model)
            try FileManager.default.removeItem(atPath: "\(folder)/\(file)")
            #expect(Self.ear(folder).contains(word))
        }
        let folder = try ToyModels.copy("letters")
        try FileManager.default.removeItem(atPath: "\(folder)/model.onnx")
        #expect(Self.voice(folder).contains("no voice for es"))
    }

    @Test(arguments: [
        ("transducer", "encoder", "decode_chunk_len"), ("transducer", "decoder", "context_size"),
        ("transducer", "joiner", "joiner_dim"), ("ctc", "model", "model_type"),
        ("letters", "model", "sample_rate"), ("letters", "model", "n_speakers"),
    ])
    func metadataThatTheLibraryMissesIsNoticed(
        model: String, network: String, name: String
    ) throws {
        let folder = try ToyModels.copy(model)
        let file = URL(filePath: "\(folder)/\(network).onnx")
        var octets = try Data(contentsOf: file)
        let place = try #require(octets.range(of: Data(name.utf8)))
        octets.replaceSubrange(place, with: Data(repeating: UInt8(ascii: "x"), count: name.count))
        try octets.write(to: file)
        #expect((model == "letters" ? Self.voice : Self.ear)(folder).contains(".onnx"))
    }

    @Test(arguments: [0, 1, 40, 400])
    func aModelThatWasCutOffIsNoModel(length: Int) throws {
        let folder = try ToyModels.copy("ctc")
        let file = URL(filePath: "\(folder)/model.onnx")
        try Data(contentsOf: file).prefix(length).write(to: file)
        #expect(Self.ear(folder).contains("fetch it again"))
    }

    @Test func aPiperVoiceIsToldWhatToDoWithIt() throws {
        let folder = try ToyModels.copy("piper")
        let file = URL(filePath: "\(folder)/model.onnx")
        var octets = try Data(contentsOf: file)
        let place = try #require(octets.range(of: Data("sample_rate".utf8)))
        octets.replaceSubrange(place, with: Data("sample_xxxx".utf8))
        try octets.write(to: file)
        try Data("{}".utf8).write(to: URL(filePath: "\(folder)/model.onnx.json"))
        #expect(Self.voice(folder).contains("script/piper-to-sherpa"))
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func randomOctetsNeverTrap(seed: UInt64) throws {
        var state = seed &+ 0x9E37_79B9_7F4A_7C15
        let octets = (0..<200).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "random-\(seed).onnx")
        try Data(octets).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        _ = try? ModelMetadata(ofFile: file.path(percentEncoded: false))
    }

    @Test func aMissingLibraryIsAdvice() {
        let advice = Self.advice { () throws(EngineError) in
            _ = try SherpaLibrary(folder: "/nowhere")
        }
        #expect(advice.contains("script/fetch-sherpa"))
    }

    /// Another shared object has the name, but not the interface.
    @Test func aLibraryOfAnotherKindIsAdvice() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "library-\(UUID().uuidString)")
        let lib = folder.appending(path: "lib")
        try FileManager.default.createDirectory(at: lib, withIntermediateDirectories: true)
        let file = lib.appending(path: "libsherpa-onnx-c-api.so")
        try Data("no library".utf8).write(to: file)
        let advice = Self.advice { () throws(EngineError) in
            _ = try SherpaLibrary(folder: folder.path(percentEncoded: false))
        }
        #expect(advice.contains("cannot be loaded: run script/fetch-sherpa again"))
    }
}
