internal import CSherpaONNX
internal import Codecs
internal import Pipeline

/// A loaded recogniser of sherpa-onnx, shared by all calls.
///
/// Its own server decodes streams of one recogniser on several threads, and so do we: a stream
/// belongs to one thread, the network is only read.
@safe final class SherpaEar: @unchecked Sendable {
    // Sendable because the library decodes different streams of one recogniser at once.
    private let recognizer: OpaquePointer
    private let library: SherpaLibrary
    let rate: SampleRate

    /// Loads the networks, which takes from a tenth of a second to some seconds.
    init(_ model: SherpaEarModel, library: SherpaLibrary) throws(EngineError) {
        var transducer: (String?, String?, String?) = (nil, nil, nil)
        var ctc: (zipformer2: String?, nemo: String?, tone: String?) = (nil, nil, nil)
        switch model.network {
        case .transducer(let encoder, let decoder, let joiner):
            transducer = (encoder, decoder, joiner)
        case .zipformer2CTC(let path): ctc.zipformer2 = path
        case .nemoCTC(let path): ctc.nemo = path
        case .toneCTC(let path): ctc.tone = path
        }
        let recognizer = unsafe library.call { functions in
            unsafe CSherpaONNX_recognizer(
                functions, transducer.0, transducer.1, transducer.2, ctc.zipformer2, ctc.nemo,
                ctc.tone, model.tokens, Int32(model.rate.rawValue))
        }
        guard let recognizer = unsafe recognizer else {
            throw .unavailable("sherpa-onnx does not load the model of \(model.tokens)")
        }
        unsafe self.recognizer = recognizer
        self.library = library
        rate = model.rate
    }

    deinit {
        unsafe library.call { unsafe CSherpaONNX_destroy_recognizer($0, recognizer) }
    }

    /// One utterance on its way through the networks; it stays on one thread.
    @safe final class Stream {
        private let ear: SherpaEar
        private let state: OpaquePointer

        /// `nil` when the library has no memory for it.
        init?(_ ear: SherpaEar) {
            let state = unsafe ear.library.call { unsafe CSherpaONNX_stream($0, ear.recognizer) }
            guard let state = unsafe state else { return nil }
            unsafe self.state = state
            self.ear = ear
        }

        deinit {
            unsafe ear.library.call { unsafe CSherpaONNX_destroy_stream($0, state) }
        }

        /// Hears samples of -1…1 at the ear's rate.
        ///
        /// - Returns: how many pieces the networks have worked on; they take audio in pieces.
        @discardableResult
        func hear(_ samples: [Float]) -> Int {
            let pieces = unsafe ear.library.call { functions in
                unsafe samples.withUnsafeBufferPointer { buffer in
                    unsafe CSherpaONNX_accept(
                        functions, ear.recognizer, state, Int32(ear.rate.rawValue),
                        buffer.baseAddress, Int32(buffer.count))
                }
            }
            return Int(pieces)
        }

        /// All words since the stream began.
        var text: String {
            unsafe ear.library.call { functions in
                guard let result = unsafe CSherpaONNX_result(functions, ear.recognizer, state)
                else { return "" }
                defer { unsafe CSherpaONNX_destroy_result(functions, result) }
                return unsafe result.pointee.text.map { unsafe String(cString: $0) } ?? ""
            }
        }
    }
}
