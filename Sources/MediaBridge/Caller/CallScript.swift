internal import Foundation

/// What a simulated caller does: a JSON file, or a list of recordings.
///
/// ```json
/// {"language": "en", "steps": [
///   {"play": "hello.wav", "text": "hello"},
///   {"play": "stop.wav", "interruptAfterMilliseconds": 900},
///   {"press": "4815#"}, {"waitMilliseconds": 500}, {"hangUp": true}]}
/// ```
/// A step waits until the agent has finished; with `interruptAfterMilliseconds` it starts that long
/// after the agent began to speak, with `atOnce` without waiting for the agent (as whoever is called
/// does; `"parameters": {"direction": "outbound"}` makes it a call of the agent's). Keys are pressed
/// 200 ms apart. Paths are relative to the script.
struct CallScript: Decodable, Sendable {
    struct Step: Decodable, Sendable {
        var play: String?
        /// What the recording says, for the report.
        var text: String?
        var interruptAfterMilliseconds: Int?
        var waitMilliseconds: Int?
        /// Keys: `0`–`9`, `*`, `#`, `A`–`D`.
        var press: String?
        var atOnce: Bool?
        var hangUp: Bool?
    }

    var description: String?
    var language: String?
    /// Given to the gateway as `customParameters`.
    var parameters: [String: String]?
    var steps: [Step]

    /// Reads a script and makes its paths absolute.
    ///
    /// - Throws: `CallerError.script`.
    static func load(_ path: String) throws(CallerError) -> CallScript {
        let url = URL(fileURLWithPath: path)
        do {
            var script = try JSONDecoder().decode(CallScript.self, from: Data(contentsOf: url))
            let folder = url.deletingLastPathComponent()
            for index in script.steps.indices {
                script.steps[index].play = script.steps[index].play.map {
                    $0.hasPrefix("/") ? $0 : folder.appendingPathComponent($0).path
                }
            }
            return script
        } catch {
            throw .script(path, String(describing: error))
        }
    }

    /// A call that plays each recording when the agent has finished.
    init(playing files: [String]) { steps = files.map { Step(play: $0) } }
}

/// Why a simulated call cannot be made or went wrong; the text says what to do.
enum CallerError: Error, Equatable, CustomStringConvertible {
    case script(String, String)
    case recording(String, String)
    case url(String)
    case connect(String, String)

    var description: String {
        switch self {
        case .script(let path, let reason): "cannot use the script \(path): \(reason)"
        case .recording(let path, let reason): "cannot play \(path): \(reason)"
        case .url(let text): "\(text) is no ws:// or wss:// address"
        case .connect(let url, let reason):
            "no Media Streams server answers at \(url) (\(reason)); is the gateway up? "
                + "script/serve starts one"
        }
    }
}
