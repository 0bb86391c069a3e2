internal import ArgumentParser
internal import Pipeline
internal import Records

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
        if configuration.isRealTime {
            print("scheduling  " + (RealTime.isPermitted ? "ok (real time)" : RealTime.advice))
        }
        let engines = try EngineSet(configuration)
        var readiness = await engines.prepare()
        await engines.rehearse(&readiness)
        await engines.shutdown()
        var isReady = true
        for part in readiness.parts {
            report("\(part.stage)  \(part.name)", part.lack?.text)
            isReady = isReady && part.lack == nil
        }
        for (source, lack) in await Self.contacts(configuration) {
            report("contacts  \(source)", lack)
            isReady = isReady && lack == nil
        }
        if !isReady { throw ExitCode.failure }
    }

    /// What the sources that know callers lack.
    private static func contacts(
        _ configuration: GatewayConfiguration
    ) async -> [(source: String, lack: String?)] {
        guard configuration.contacts.asksOthers, let store = try? SQLiteStore() else { return [] }
        let http = OutboxHTTP()
        let hubspot = configuration.outbox.hubspotConnection(http)
        let directory = configuration.contactDirectory(store, http, hubspot: hubspot)
        let lacks = await directory?.check() ?? []
        await http.shutdown()
        return lacks
    }

    private func report(_ part: String, _ lack: String?) {
        print(lack.map { "\(part)  MISSING: \($0)" } ?? "\(part)  ok")
    }
}
