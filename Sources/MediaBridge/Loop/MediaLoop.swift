internal import Glibc
internal import Pipeline
internal import Synchronization

/// One media loop: an OS thread with its sockets, its 20 ms tick and the handler that lives on it.
///
/// Several loops may listen on one port; the kernel spreads the calls over them.
final class MediaLoop<Handler: LoopHandler>: Sendable {
    let poster: MediaLoopPoster<Handler.Message>
    /// What the loop counted, as of the last second.
    let counters: EdgeSnapshot
    /// The port it listens on.
    let port: UInt16

    private let thread: LoopThread
    private let orders: LoopOrders

    /// Listens and starts the thread.
    ///
    /// - Parameters:
    ///   - index: which of the loops this is; names the thread `media-loop-N`.
    ///   - name: of the thread, where that says nothing.
    ///   - settings: the address, the port and the limits.
    ///   - gate: counts the calls of all loops.
    ///   - makeHandler: called once, on the loop's thread, with what posts to this loop.
    /// - Throws: what kept the loop from listening or starting.
    init(
        index: Int, name: String? = nil, settings: EdgeSettings, gate: AdmissionGate,
        makeHandler:
            @escaping @Sendable (LoopServices, MediaLoopPoster<Handler.Message>) -> Handler
    ) throws(LoopError) {
        let runner = try LoopRunner<Handler>(index: index, settings: settings, gate: gate)
        poster = runner.poster
        counters = runner.snapshot
        port = runner.port
        orders = runner.orders
        let start = Handover { runner.run(makeHandler: makeHandler) }
        thread = try LoopThread(
            name: name ?? "media-loop-\(index)", isRealTime: settings.isRealTime
        ) {
            start.take()?()
        }
    }

    /// Stops listening and has the handler drain; the loop ends when its last accepted socket has
    /// closed, or after `drainLimit`.
    func stop(drainLimit: Duration) { orders.stop(drainLimit: drainLimit) }

    /// Blocks until the loop's thread has ended.
    func join() { thread.join() }

    /// Waits until the loop's thread has ended.
    func ended() async { await thread.ended() }
}

/// Lets this process open as many sockets as the system allows; called once, before any loop starts.
///
/// The soft limit becomes the hard one, up to 65 536: libwebsockets keeps two tables of that length
/// per loop. Returns the new limit.
@discardableResult func raiseDescriptorLimit() -> Int {
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 65_536))
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(limit.rlim_cur)
}

/// What other threads want of a loop beside its messages.
final class LoopOrders: Sendable {
    private let drainLimit = Mutex<Duration?>(nil)
    private let waker: LoopWaker

    init(waker: LoopWaker) { self.waker = waker }

    func stop(drainLimit limit: Duration) {
        drainLimit.withLock { $0 = limit }
        waker.wake()
    }

    /// How long a drain may take, once a stop is asked for.
    var stopAsked: Duration? { drainLimit.withLock { $0 } }
}

/// Hands what the caller has set up to the thread that owns it from then on.
private final class Handover: @unchecked Sendable {
    // Invariant: `take()` is called once, by the new thread, and the maker keeps no other reference.
    private var body: (() -> Void)?

    init(_ body: @escaping () -> Void) { self.body = body }

    func take() -> (() -> Void)? {
        defer { body = nil }
        return body
    }
}
