internal import ArgumentParser
internal import Codecs
internal import Events
internal import Foundation
internal import Pipeline

/// `mediabridge call`: a simulated Twilio caller.
struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Calls a Media Streams server as Twilio would, and measures the conversation.",
        discussion: """
            Plays recordings (or a script) in real time, listens to the answers, interrupts when \
            the script says so, and prints the conversation and the latency ledger of every turn. \
            Works with any Media Streams server; ours tells its own figures too.
            """)

    @Argument(help: "WAV files to say, each when the agent has finished.")
    var files: [String] = []

    @Option(help: "The server's WebSocket address.")
    var url = "ws://127.0.0.1:8081/twilio"

    @Option(help: "A JSON script of what the caller does, instead of files.")
    var script: String?

    @Option(help: "The gateway's control API, for its own figures.")
    var api = "http://127.0.0.1:8080"

    @Option(help: "How many callers call at once.")
    var calls = 1

    @Option(help: "Milliseconds between the starts of two callers.")
    var stagger = 137

    @Option(help: "Where to write the stereo recording (left: caller, right: agent).")
    var record: String?

    @Option(help: "Language of the call: en or es.")
    var language: String?

    @Flag(help: "Print one JSON object on standard output, the conversation on standard error.")
    var json = false

    func validate() throws {
        guard !files.isEmpty || script != nil else {
            throw ValidationError("Name WAV files to say, or a --script.")
        }
        guard calls >= 1, stagger >= 0 else {
            throw ValidationError("--calls takes a number from 1, --stagger one from 0.")
        }
    }

    func run() async throws {
        let script: CallScript
        if let path = self.script {
            script = try CallScript.load(path)
        } else {
            script = CallScript(playing: files)
        }
        guard let target = ConnectTarget(url) else { throw CallerError.url(url) }
        var parameters = script.parameters ?? [:]
        if let language = language ?? script.language { parameters["language"] = language }
        let plan = CallPlan(
            target: target, calls: calls, stagger: .milliseconds(stagger),
            steps: try script.phoneSteps(), parameters: parameters)
        let run = CallRun(
            url: url, plan: plan, client: URL(string: api).map { GatewayClient(base: $0) },
            prints: Printer(toStandardError: json))
        var report = try await run.make()
        if let record { report.recording = try run.write(recording: record) }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
        } else {
            print(report.table)
        }
        guard report.succeeded else { throw ExitCode.failure }
    }
}

extension CallScript {
    /// The steps a telephone takes, with their recordings loaded.
    func phoneSteps() throws(CallerError) -> [SimulatedPhone.Step] {
        var result: [SimulatedPhone.Step] = []
        for step in steps {
            if let path = step.play {
                let recording = try CallerRecording(path: path, text: step.text)
                result.append(
                    .init(
                        action: .say(recording, interruptAfter: step.interruptAfterMilliseconds),
                        isAtOnce: step.atOnce ?? false))
            }
            if let keys = step.press, !keys.isEmpty {
                result.append(
                    .init(
                        action: .press(
                            Array(keys), interruptAfter: step.interruptAfterMilliseconds),
                        isAtOnce: step.atOnce ?? false))
            }
            if let wait = step.waitMilliseconds {
                result.append(.init(action: .wait(frames: max(1, wait / 20))))
            }
            if step.hangUp ?? false { result.append(.init(action: .hangUp)) }
        }
        return result
    }
}
