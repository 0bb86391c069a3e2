internal import ArgumentParser

/// The program: `serve`, `call`, `doctor`.
@main
struct MediaBridgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mediabridge",
        abstract: "A self-hosted voice gateway: answers calls, listens, talks, hands over.",
        subcommands: [ServeCommand.self, CallCommand.self, DoctorCommand.self])
}
