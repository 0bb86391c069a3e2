internal import CSherpaONNX
internal import FoundationEssentials
internal import Pipeline

/// sherpa-onnx's shared library, loaded while the program runs, as it is an optional part.
///
/// Once loaded it stays. Its functions may be called from any thread; what they make belongs to the
/// file that made it.
@safe struct SherpaLibrary: @unchecked Sendable {
    // Sendable because the functions never change once they are found.
    private let functions: CSherpaONNX_Library

    /// The one release whose structures are known here.
    static var version: String { CSHERPAONNX_VERSION }

    /// - Parameter folder: as `script/fetch-sherpa` leaves it.
    /// - Throws: `EngineError.unavailable` that tells how to get the library.
    init(folder: String) throws(EngineError) {
        let path = "\(folder)/lib/libsherpa-onnx-c-api.so"
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw .unavailable("sherpa-onnx has no \(path): run script/fetch-sherpa")
        }
        var functions = CSherpaONNX_Library()
        if let reason = unsafe CSherpaONNX_load(&functions, path) {
            let text = unsafe String(cString: reason)
            throw .unavailable(
                "sherpa-onnx's library cannot be loaded: run script/fetch-sherpa again (\(text))")
        }
        guard let found = unsafe CSherpaONNX_version(&functions) else {
            throw .unavailable("\(path) tells no version: run script/fetch-sherpa again")
        }
        let version = unsafe String(cString: found)
        guard version == Self.version else {
            throw .unavailable(
                "\(path) is sherpa-onnx \(version), and this program knows \(Self.version): "
                    + "run script/fetch-sherpa again")
        }
        self.functions = functions
    }

    /// Calls the C interface.
    func call<Answer>(
        _ body: (UnsafePointer<CSherpaONNX_Library>) -> Answer
    ) -> Answer {
        unsafe withUnsafePointer(to: functions) { unsafe body($0) }
    }
}
