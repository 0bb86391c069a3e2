internal import CUV
internal import Glibc
internal import Synchronization

/// One named OS thread that runs `body` once, with every signal blocked: signals are the main
/// thread's.
final class LoopThread: Sendable {
    private let thread: Mutex<pthread_t?>
    private let end = EndOfThread()

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: shown by `top -H`; the kernel keeps 15 octets.
    ///   - isRealTime: it is scheduled before ordinary threads, where the system permits it.
    ///   - body: what runs on it.
    /// - Throws: `LoopError.thread` when the system makes none.
    init(
        name: String, isRealTime: Bool = false, body: @escaping @Sendable () -> Void
    ) throws(LoopError) {
        let end = end
        let start = ThreadStart(name: name) {
            if isRealTime { RealTime.enter() }
            body()
            end.signal()
        }
        var handle = pthread_t()
        let status = unsafe pthread_create(
            &handle, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(start).toOpaque())
        guard status == 0 else { throw .thread(status) }
        thread = Mutex(handle)
    }

    /// Blocks until the thread has ended.
    func join() {
        let handle = thread.withLock { thread in
            let handle = thread
            thread = nil
            return handle
        }
        if let handle { pthread_join(handle, nil) }
    }

    /// Waits until the thread has ended, without blocking a thread.
    func ended() async { await end.wait() }
}

/// What a new thread needs to start.
private final class ThreadStart {
    private let name: String
    private let body: () -> Void

    init(name: String, body: @escaping () -> Void) {
        self.name = name
        self.body = body
    }

    func run() {
        var signals = sigset_t()
        unsafe sigfillset(&signals)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        unsafe CUV_name_thread(name)
        body()
    }
}

/// Resumes whoever waits for a thread once it has ended.
private final class EndOfThread: Sendable {
    private enum State {
        case running([CheckedContinuation<Void, Never>])
        case ended
    }
    private let state = Mutex(State.running([]))

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                switch state {
                case .running(let waiting):
                    state = .running(waiting + [continuation])
                    return false
                case .ended: return true
                }
            }
            if isOver { continuation.resume() }
        }
    }

    func signal() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .running(let waiting) = state else { return [] }
            state = .ended
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
