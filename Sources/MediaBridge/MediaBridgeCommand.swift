internal import ArgumentParser

/// The program: `serve`, `call`, `testcall`, `replay`, `key`, `doctor`.
@main
struct MediaBridgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mediabridge",
        abstract: "A self-hosted voice gateway: answers calls, listens, talks, hands over.",
        version: "0.1.0",
        subcommands: [
            ServeCommand.self, CallCommand.self, TestCallCommand.self, ReplayCommand.self,
            KeyCommand.self,
            DoctorCommand.self,
        ])
}
