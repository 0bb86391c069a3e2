internal import CUV
internal import Glibc
internal import Pipeline
internal import Synchronization

/// What went wrong when a loop was set up.
enum LoopError: Error, Equatable {
    /// `address` is neither an IPv4 nor an IPv6 address.
    case address(String)
    /// The system refused to open the listening socket, with this `errno`.
    case listen(port: UInt16, errno: Int32)
    /// libuv's status.
    case eventLoop(Int32)
    /// libwebsockets made no context; its libuv plugin may not be installed.
    case webSockets
    /// The system made no thread, with this `errno`.
    case thread(Int32)
}

/// One libuv loop with a tick, a waker and a listening socket; used by one thread.
///
/// `now` is read once per wake-up: before it waits for the kernel the loop forgets it.
@safe final class EventLoop {
    /// What happens on the loop; set before `run()`.
    weak var owner: (any EventLoopOwner)?
    let waker: LoopWaker
    private let lookups: HostLookups
    /// Who waits for the address of a host, by the number of the lookup.
    private var unresolved: [Int: (String?) -> Void] = [:]

    private let loop = UnsafeMutablePointer<uv_loop_t>.allocate(capacity: 1)
    private let timer = UnsafeMutablePointer<uv_timer_t>.allocate(capacity: 1)
    private let prepare = UnsafeMutablePointer<uv_prepare_t>.allocate(capacity: 1)
    private let waking = UnsafeMutablePointer<uv_poll_t>.allocate(capacity: 1)
    private var listening: UnsafeMutablePointer<uv_poll_t>?
    private var isListening = false
    private var cached: MonotonicTime?
    private(set) var wakeUpCount = 0
    /// How long the loop lets work gather before it asks the kernel what is ready.
    ///
    /// A wake-up costs more than the frame it brings; under load several come at once for the same
    /// price. Zero, which is right when little comes, has every frame handled at once.
    var gatherTime = Duration.zero

    init() throws(LoopError) {
        waker = try LoopWaker()
        lookups = HostLookups(waker: waker)
        let status = unsafe uv_loop_init(loop)
        guard status == 0 else { throw .eventLoop(status) }
        unsafe uv_poll_init(loop, waking, waker.descriptor)
        unsafe uv_timer_init(loop, timer)
        unsafe uv_prepare_init(loop, prepare)
        let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe timer.pointee.data = owner
        unsafe prepare.pointee.data = owner
        unsafe waking.pointee.data = owner
        unsafe uv_prepare_start(prepare) { handle in
            guard let data = unsafe handle?.pointee.data else { return }
            unsafe Unmanaged<EventLoop>.fromOpaque(data).takeUnretainedValue().willWait()
        }
        unsafe uv_poll_start(waking, Int32(UV_READABLE.rawValue)) { handle, _, _ in
            guard let data = unsafe handle?.pointee.data else { return }
            unsafe Unmanaged<EventLoop>.fromOpaque(data).takeUnretainedValue().wasWoken()
        }
    }

    deinit {
        unsafe loop.deallocate()
        unsafe timer.deallocate()
        unsafe prepare.deallocate()
        unsafe waking.deallocate()
    }

    /// The `uv_loop_t`, for libwebsockets to hang its sockets on.
    var foreignLoop: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(loop) }

    /// The time of this wake-up.
    var now: MonotonicTime {
        if let cached { return cached }
        let now = MonotonicTime.now()
        cached = now
        return now
    }

    /// Has `owner` ticked at `time`, or as soon as possible after it.
    func scheduleTick(at time: MonotonicTime) {
        // libuv counts whole milliseconds from the last wake-up.
        let wait = max(0, now.duration(to: time).milliseconds.rounded(.up))
        unsafe uv_timer_start(
            timer,
            { handle in
                guard let data = unsafe handle?.pointee.data else { return }
                let loop = unsafe Unmanaged<EventLoop>.fromOpaque(data).takeUnretainedValue()
                loop.owner?.tick(at: loop.now)
            }, UInt64(wait), 0)
    }

    /// Has `owner` told whenever a client waits on the listening socket.
    func startListening(on socket: Int32) {
        let poll = UnsafeMutablePointer<uv_poll_t>.allocate(capacity: 1)
        unsafe uv_poll_init(loop, poll, socket)
        unsafe poll.pointee.data = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe listening = poll
        resumeListening()
    }

    func pauseListening() {
        guard let listening = unsafe listening else { return }
        unsafe uv_poll_stop(listening)
        isListening = false
    }

    func resumeListening() {
        guard !isListening, let listening = unsafe listening else { return }
        isListening = true
        unsafe uv_poll_start(listening, Int32(UV_READABLE.rawValue)) { handle, _, _ in
            guard let data = unsafe handle?.pointee.data else { return }
            unsafe Unmanaged<EventLoop>.fromOpaque(data).takeUnretainedValue().owner?.accept()
        }
    }

    func stopListening() {
        guard let poll = unsafe listening else { return }
        unsafe listening = nil
        unsafe CUV_close_poll(poll) { handle in
            unsafe handle?.withMemoryRebound(to: uv_poll_t.self, capacity: 1) { poll in
                unsafe poll.deallocate()
            }
        }
    }

    /// Looks `host` up off the loop; tells the first IP address, or `nil`.
    func resolve(_ host: String, _ completion: @escaping (String?) -> Void) {
        unresolved[lookups.begin(host)] = completion
    }

    /// Runs until `stop()`.
    func run() { unsafe uv_run(loop, UV_RUN_DEFAULT) }

    func stop() { unsafe uv_stop(loop) }

    /// Closes the loop's own handles; `finish()` waits for all to be gone.
    func closeHandles() {
        stopListening()
        unsafe CUV_close_poll(waking, nil)
        unsafe CUV_close_timer(timer)
        unsafe CUV_close_prepare(prepare)
    }

    /// Runs what is left to close; `false` when something will not.
    func finish() -> Bool {
        var rounds = 0
        while unsafe uv_run(loop, UV_RUN_NOWAIT) != 0, rounds < 1_000 { rounds += 1 }
        return unsafe uv_loop_alive(loop) == 0
    }

    /// Frees the libuv loop; nothing may be left on it.
    func closeLoop() { unsafe uv_loop_close(loop) }

    /// Keeps the loop's memory for good: handles that would not close still point into it.
    func abandon() { _ = unsafe Unmanaged.passRetained(self) }

    private func wasWoken() {
        waker.reset()
        for answer in lookups.takeAnswers() {
            unresolved.removeValue(forKey: answer.lookup)?(answer.address)
        }
        owner?.messagesWait()
    }

    private func willWait() {
        cached = nil
        wakeUpCount &+= 1
        if gatherTime > .zero {
            usleep(UInt32(gatherTime.components.attoseconds / 1_000_000_000_000))
        }
    }
}

/// What an event loop tells its owner, on its thread.
protocol EventLoopOwner: AnyObject {
    func tick(at now: MonotonicTime)
    func messagesWait()
    func accept()
}
