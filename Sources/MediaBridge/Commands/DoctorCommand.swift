internal import ArgumentParser
internal import Pipeline

/// `mediabridge doctor`: what is missing, and how to get it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Tells what is missing on this machine and how to get it.")

    @Option(help: "A configuration file instead of mediabridge.yaml.")
    var config: String?

    func run() async throws {
        let configuration = try await GatewayConfiguration.load(file: config)
        let ports = "media port \(configuration.mediaPort), API \(configuration.apiPort)"
        print("configuration  ok (\(ports))")
        let engines = EngineSet(configuration)
        let readiness = await engines.prepare()
        await engines.shutdown()
        report("stt  \(configuration.stt.rawValue)", readiness.stt)
        print("llm  \(configuration.agent.rawValue)  ok")
        report("tts  \(configuration.tts.rawValue)", readiness.tts)
        report("vad  \(configuration.vad.rawValue)", readiness.vad)
        if readiness.parts.contains(where: { $0.1 != nil }) { throw ExitCode.failure }
    }

    private func report(_ part: String, _ error: EngineError?) {
        print(error.map { "\(part)  MISSING: \($0.text)" } ?? "\(part)  ok")
    }
}
