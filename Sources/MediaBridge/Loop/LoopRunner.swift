internal import Glibc
internal import Pipeline

/// Runs one loop on the thread that owns it.
final class LoopRunner<Handler: LoopHandler>: EventLoopOwner {
    let poster: MediaLoopPoster<Handler.Message>
    let snapshot = EdgeSnapshot()
    let orders: LoopOrders
    let port: UInt16

    private enum Stage {
        case serving
        case draining(until: MonotonicTime)
        /// Peers have been told; what is left is cut at this time.
        case closing(until: MonotonicTime)
        case over
    }
    private var stage = Stage.serving
    private var handler: Handler?
    private var listener: ListeningSocket?
    private var inbox: [Handler.Message] = []
    private var nextTick = MonotonicTime(sinceStart: .zero)
    private var tickCount = 0
    private var receivedAtLastTick = 0
    private let index: Int
    private let settings: EdgeSettings
    private let loop: EventLoop
    private let context: WebSocketContext

    private static var tickInterval: Duration { .milliseconds(20) }
    private static var ticksPerSecond: Int { 50 }
    /// From 6 000 messages a second on (120 calls), frames gather for 250 µs.
    ///
    /// Measured with sockets
    /// that send 50 messages a second: a third less CPU per frame with 200, half with 400; with 50 it
    /// would cost more than it saves.
    private static var busyMessagesPerTick: Int { 120 }
    private static var gatherTime: Duration { .microseconds(250) }
    /// Accepted per wake-up, so that a burst of handshakes does not hold up the audio.
    private static var acceptsPerWakeUp: Int { 16 }

    init(index: Int, settings: EdgeSettings, gate: AdmissionGate) throws(LoopError) {
        var listener: ListeningSocket?
        if settings.listens {
            listener = try ListeningSocket(address: settings.address, port: settings.port)
        }
        port = listener?.port ?? 0
        self.index = index
        self.settings = settings
        loop = try EventLoop()
        context = try WebSocketContext(settings: settings, gate: gate, loop: loop)
        poster = MediaLoopPoster(capacity: settings.limits.postedMessages, waker: loop.waker)
        orders = LoopOrders(waker: loop.waker)
        self.listener = consume listener
    }

    func run(makeHandler: (LoopServices, MediaLoopPoster<Handler.Message>) -> Handler) {
        loop.owner = self
        handler = makeHandler(
            LoopServices(index: index, context: context, loop: loop), poster)
        if let descriptor = listener?.descriptor { loop.startListening(on: descriptor) }
        nextTick = loop.now.advanced(by: Self.tickInterval)
        loop.scheduleTick(at: nextTick)
        loop.run()
        finish()
    }

    func accept() {
        for _ in 0..<Self.acceptsPerWakeUp {
            guard let client = listener?.accept() else {
                // Out of descriptors: the client stays in the kernel's queue until the next tick.
                if errno == EMFILE || errno == ENFILE { loop.pauseListening() }
                return
            }
            guard context.sockets.count < settings.limits.maxConnections else {
                context.counters[.socketsOverLimit] &+= 1
                Glibc.close(client)
                continue
            }
            let socket = BoundSocket<Handler.Connection>(context: context, isAccepted: true) {
                [unowned self] request, socket in accept(request, on: socket)
            }
            context.adopt(client, as: socket)
        }
    }

    func messagesWait() {
        if case .serving = stage, let drainLimit = orders.stopAsked { drain(for: drainLimit) }
        poster.take(into: &inbox)
        let now = loop.now
        context.counters[.postsReceived] &+= inbox.count
        for message in inbox { handler?.handle(message, at: now) }
        inbox.removeAll(keepingCapacity: true)
    }

    func tick(at now: MonotonicTime) {
        let lateness = nextTick.duration(to: now)
        context.counters[.ticks] &+= 1
        if lateness > .milliseconds(5) { context.counters[.ticksLate] &+= 1 }
        let microseconds = Int(lateness.milliseconds * 1_000)
        if microseconds > context.counters[.tickLatenessMaxMicroseconds] {
            context.counters[.tickLatenessMaxMicroseconds] = microseconds
        }
        handler?.tick(at: now)
        context.expire(at: now)
        let received = context.counters[.messagesReceived]
        let isBusy = received &- receivedAtLastTick >= Self.busyMessagesPerTick
        loop.gatherTime = isBusy ? Self.gatherTime : .zero
        receivedAtLastTick = received
        tickCount += 1
        if tickCount % Self.ticksPerSecond == 0 {
            publish()
            if case .serving = stage { loop.resumeListening() }
        }
        advanceStop(at: now)
        while nextTick <= now { nextTick = nextTick.advanced(by: Self.tickInterval) }
        loop.scheduleTick(at: nextTick)
    }

    private func accept(_ request: UpgradeRequest, on socket: WebSocket) -> Handler.Connection {
        guard let handler else { preconditionFailure("a loop accepts only while it runs") }
        return handler.accept(request, on: socket)
    }

    private func publish() {
        var handshaking = 0
        for socket in context.sockets {
            if case .handshaking = socket.phase { handshaking += 1 }
        }
        context.counters[.openSockets] = context.sockets.count - handshaking
        context.counters[.handshakingSockets] = handshaking
        context.counters[.wakeUps] = loop.wakeUpCount
        context.counters.publish(to: snapshot)
        context.counters[.tickLatenessMaxMicroseconds] = 0
    }

    private func drain(for limit: Duration) {
        loop.stopListening()
        listener = nil
        let deadline = loop.now.advanced(by: limit)
        stage = .draining(until: deadline)
        handler?.drain(until: deadline, at: loop.now)
    }

    private func advanceStop(at now: MonotonicTime) {
        switch stage {
        case .serving: break
        case .draining(let deadline):
            guard context.acceptedCount == 0 || now >= deadline else { return }
            for socket in context.sockets { socket.loopStops() }
            stage = .closing(until: now.advanced(by: settings.limits.closeLimit))
        case .closing(let deadline):
            guard context.sockets.isEmpty || now >= deadline else { return }
            stage = .over
            loop.stop()
        case .over: break
        }
    }

    private func finish() {
        poster.close()
        loop.closeHandles()
        context.destroy()
        // What is not closed by now never will be; its memory is better lost than used.
        if loop.finish() {
            context.free()
            loop.closeLoop()
        } else {
            loop.abandon()
        }
        handler = nil
        publish()
    }
}
