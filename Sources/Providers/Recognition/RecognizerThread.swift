internal import CPocketSphinx
internal import Dispatch
internal import Glibc
internal import Pipeline

/// One named OS thread with a bell: it sleeps until the bell rings or the time is up.
final class RecognizerThread: Sendable {
    private let bell = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: shown by `top -H`; the kernel keeps 15 octets.
    ///   - body: what runs on it; it returns when the thread is to end.
    /// - Throws: `EngineError` when the system makes no thread.
    func start(name: String, body: @escaping @Sendable () -> Void) throws(EngineError) {
        let start = ThreadStart { [ended] in
            // Signals belong to the main thread.
            var signals = sigset_t()
            unsafe sigfillset(&signals)
            unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
            unsafe CPocketSphinx_name_thread(name)
            body()
            ended.signal()
        }
        var handle = pthread_t()
        let argument = unsafe Unmanaged.passRetained(start)
        let status = unsafe pthread_create(
            &handle, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        guard status == 0 else {
            unsafe argument.release()
            throw .failed("no thread for the recogniser: error \(status)")
        }
        pthread_detach(handle)
    }

    /// Wakes the thread, or keeps it from its next sleep; any thread.
    func ring() { bell.signal() }

    /// Waits for the bell, then forgets further rings.
    ///
    /// - Parameter limit: the longest wait; `nil` waits for ever.
    func sleep(atMost limit: Duration?) {
        if let limit {
            let milliseconds = Int(limit.milliseconds.rounded(.up))
            guard bell.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
            else { return }
        } else {
            bell.wait()
        }
        while bell.wait(timeout: .now()) == .success {}
    }

    /// Blocks until the thread has ended; once per started thread.
    func join() { ended.wait() }
}

/// What a new thread needs to start.
private final class ThreadStart {
    private let body: () -> Void
    init(body: @escaping () -> Void) { self.body = body }
    func run() { body() }
}
