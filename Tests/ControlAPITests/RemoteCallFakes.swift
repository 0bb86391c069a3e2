import Records
import Synchronization

@testable import ControlAPI

/// Answers as told, and remembers what it was asked.
final class FakeTransport: OutboxTransport, Sendable {
    let asked = Mutex<[OutboxRequest]>([])
    private let answer: Result<OutboxAnswer, OutboxTransportError>

    init(_ answer: Result<OutboxAnswer, OutboxTransportError> = .success(OutboxAnswer(status: 200)))
    {
        self.answer = answer
    }

    func send(_ request: OutboxRequest) async throws(OutboxTransportError) -> OutboxAnswer {
        asked.withLock { $0.append(request) }
        return try answer.get()
    }
}

/// Tools by name: `echo` gives its arguments back, `never` needs for ever, others fail.
final class FakeTools: RemoteToolRunner, Sendable {
    let runs = Mutex<[String]>([])

    func run(
        _ name: String, arguments: String, id: String, callID: String
    ) async -> RemoteToolOutcome {
        runs.withLock { $0.append(id) }
        switch name {
        case "echo": return RemoteToolOutcome(succeeded: true, content: arguments + "\nand more")
        case "never":
            let (silence, held) = AsyncStream.makeStream(of: Void.self)
            for await _ in silence {}
            held.finish()
            return RemoteToolOutcome(succeeded: true, content: "too late")
        default: return RemoteToolOutcome(succeeded: false, content: "No such\r\ntool")
        }
    }
}

extension RemoteCallServices {
    /// Of servers that are not asked.
    static func idle(_ journal: EventJournal, _ store: SQLiteStore) -> Self {
        RemoteCallServices(
            vapi: VapiService(
                settings: VapiSettings(), signature: VapiSignature(secret: nil, signingKey: nil),
                journal: journal, store: store, tools: FakeTools(), transport: FakeTransport(),
                logger: silence),
            elevenLabs: ElevenLabsService(
                settings: ElevenLabsSettings(), journal: journal, store: store, logger: silence))
    }
}
