internal import ArgumentParser
internal import Foundation
internal import ProviderSimulators
internal import Synchronization

/// The cloud that the demonstration and the benchmark of engines talk to.
@main
struct SimulatedCloudCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "SimulatedCloud",
        abstract: "Simulates speech and language providers on loopback ports.",
        discussion: """
            Prints one JSON line when all of them listen: their addresses, the settings a gateway \
            needs for them, and the address of the control port. Ends with SIGTERM or SIGINT.
            """)

    @Option(help: "The folder with the manifest of the caller's recordings.")
    var fixtures = "audio-fixtures"

    @Option(help: "A JSON file with what the models answer.")
    var answers = "Tests/Support/SimulatedCloud/answers.json"

    @Option(help: "The control port; the providers take those behind it. 0: any that are free.")
    var portBase = 0

    @Option(help: "A name for 127.0.0.1 in the addresses; {provider} stands for the provider's.")
    var host = "127.0.0.1"

    @Option(help: "Where to write the settings as lines a shell can source.")
    var settings: String?

    @Option(help: "Milliseconds from the end of an utterance to its final words.")
    var final = 80

    @Option(help: "Milliseconds before a model's first token.")
    var firstToken = 200

    @Option(help: "Milliseconds between two tokens of four characters.")
    var perToken = 8

    @Option(help: "Milliseconds before the first octet of speech.")
    var firstByte = 120

    @Option(help: "Milliseconds between two messages of 90 ms of speech.")
    var perPiece = 10

    @Option(help: "Milliseconds that opening a connection takes.")
    var handshake = 0

    @Flag(
        help: """
            Understand one more word at the end of each final window, which no other has, and say it \
            at the end of the first sentence of the answer.
            """)
    var turnWords = false

    func run() async throws {
        SimulatedServer.handshakeDelay.withLock { $0 = .milliseconds(handshake) }
        let log = CloudLog()
        let parts = CloudParts(
            board: FaultBoard(log: log), log: log, answers: try CloudAnswers(path: answers),
            recordings: try SimulatedRecordings(fixtures: fixtures),
            latencies: CloudLatencies(
                final: final, firstToken: firstToken, perToken: perToken, firstByte: firstByte,
                perPiece: perPiece),
            turnWords: turnWords ? TurnWords() : nil)
        var listeners: [CloudService: CloudListener] = [:]
        for (index, service) in CloudService.allCases.enumerated() {
            listeners[service] = try await CloudListener(
                service, port: portBase == 0 ? 0 : portBase + 1 + index, parts)
        }
        let control = try await CloudControl(listeners: listeners, parts: parts)
            .serve(port: portBase)
        let urls = listeners.reduce(into: [CloudService: String]()) { urls, entry in
            let name = host.replacing("{provider}", with: entry.key.rawValue)
            urls[entry.key] = entry.value.url.replacing("127.0.0.1", with: name)
        }
        let wanted = CloudSettings.settings(for: urls)
        if let settings {
            let lines = wanted.sorted { $0.key < $1.key }.map { "export \($0.key)='\($0.value)'\n" }
            try lines.joined().write(toFile: settings, atomically: true, encoding: .utf8)
        }
        let ready = Ready(
            control: "http://127.0.0.1:\(control.port)",
            providers: Dictionary(uniqueKeysWithValues: urls.map { ($0.key.rawValue, $0.value) }),
            settings: wanted)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(ready), as: UTF8.self))
        fflush(nil)
        await Self.untilToldToEnd()
        await control.stop()
        for listener in listeners.values { await listener.stop() }
    }

    private struct Ready: Encodable {
        let control: String
        let providers: [String: String]
        let settings: [String: String]
    }

    private static func untilToldToEnd() async {
        let (signals, told) = AsyncStream.makeStream(of: Void.self)
        let sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { told.yield() }
            source.resume()
            return source
        }
        for await _ in signals { break }
        for source in sources { source.cancel() }
    }
}
