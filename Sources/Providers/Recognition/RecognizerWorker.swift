internal import Pipeline
internal import Synchronization

/// What a session asks of its worker.
enum RecognizerCommand<Decoder: CallDecoder>: Sendable {
    case open(CallSetup)
    case decoder(Result<Decoder, EngineError>)
    case begin(Utterance, AudioRing.Position)
    case finish(Utterance.ID, AudioRing.Position)
    case cancel(Utterance.ID)
    case close
}

/// One thread that decodes the calls pinned to it, turn and turn about.
final class RecognizerWorker<Decoder: CallDecoder>: Sendable {
    private struct Inbox {
        var commands: [(session: Int, command: RecognizerCommand<Decoder>)] = []
        var isStopping = false
    }

    private let inbox = Mutex(Inbox())
    private let thread = RecognizerThread()

    /// - Parameter name: the thread's, of at most 15 octets.
    /// - Throws: `EngineError` when the system makes no thread.
    init(name: String) throws(EngineError) {
        // The body holds the worker until `stop()`.
        try thread.start(name: name) { [self] in run() }
    }

    /// Leaves a command; any thread, returns at once.
    func post(_ command: RecognizerCommand<Decoder>, to session: Int) {
        inbox.withLock { $0.commands.append((session, command)) }
        thread.ring()
    }

    /// Ends the thread after the piece of audio it works on; open utterances get no result.
    func stop() {
        let wasStopping = inbox.withLock { inbox in
            let wasStopping = inbox.isStopping
            inbox.isStopping = true
            return wasStopping
        }
        guard !wasStopping else { return }
        thread.ring()
        thread.join()
    }

    private func run() {
        var calls: [Int: CallDecoding<Decoder>] = [:]
        while true {
            let (commands, isStopping) = inbox.withLock { inbox in
                let taken = inbox.commands
                inbox.commands = []
                return (taken, inbox.isStopping)
            }
            guard !isStopping else { return }
            for (session, command) in commands {
                switch command {
                case .open(let setup): calls[session] = CallDecoding(setup)
                case .close: calls[session] = nil
                case .decoder, .begin, .finish, .cancel: calls[session]?.handle(command)
                }
            }
            var isBehind = false
            var isOpen = false
            for call in calls.values {
                if call.decodeSome() { isBehind = true }
                if call.hasOpenUtterance { isOpen = true }
            }
            if !isBehind { thread.sleep(atMost: isOpen ? Self.pollInterval : nil) }
        }
    }

    /// How often rings are looked at while an utterance is open; writing to them rings no bell.
    private static var pollInterval: Duration { .milliseconds(20) }
}
