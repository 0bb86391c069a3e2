internal import Logging
internal import ServiceLifecycle

/// Writes the loops' flight blocks to files, and deletes old ones.
struct FlightService: Service {
    /// So much written, and the folder is looked through.
    private static let octetsPerExpiry = 16_777_216

    let outlet: FlightOutlet
    let files: FlightFiles
    let logger: Logger

    /// Runs until asked to stop; what was sent before that is still written.
    func run() async throws {
        await withGracefulShutdownHandler {
            await write()
        } onGracefulShutdown: {
            outlet.finish()
        }
    }

    private func write() async {
        files.expire()
        var written = 0
        var failing = false
        for await block in outlet.blocks {
            do {
                try files.append(block)
                failing = false
            } catch {
                // One line for a disk that is full, not one for every second of every call.
                if !failing { logger.error("flight record", metadata: ["error": "\(error)"]) }
                failing = true
            }
            written += block.octets.count
            guard written >= Self.octetsPerExpiry else { continue }
            written = 0
            files.expire()
        }
    }
}
