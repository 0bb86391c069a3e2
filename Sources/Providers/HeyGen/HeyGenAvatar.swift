package import Pipeline

/// HeyGen's streaming avatar: a face that says our sentences, seen in a LiveKit room.
///
/// The provider calls this interface superseded by LiveAvatar, whose keys are others. Every
/// sentence is a `repeat` task in synchronous mode, so that it is answered once it was spoken.
package struct HeyGenAvatar: AvatarProvider {
    package enum Quality: String, CaseIterable, Sendable { case low, medium, high }

    package struct Settings: Sendable {
        package var baseURL = "https://api.heygen.com"
        /// Never logged.
        package var key = ""
        /// Which face.
        package var avatar = ""
        /// The provider's voices; the face's own where there is none.
        package var voices: [Language: String] = [:]
        package var quality = Quality.medium
        package var timing = AvatarSession.Timing()

        package init() {}
    }

    private let settings: Settings
    private let http: ProviderHTTP

    /// - Parameters:
    ///   - settings: whose face.
    ///   - http: shared with other engines; its owner shuts it down.
    package init(settings: Settings, http: ProviderHTTP) {
        self.settings = settings
        self.http = http
    }

    /// - Throws: `EngineError.unavailable` that names what is missing, or `ProviderFailure`.
    package func check() async throws {
        guard !settings.key.isEmpty else {
            throw EngineError.unavailable("heygen has no key: set HEYGEN_API_KEY")
        }
        guard !settings.avatar.isEmpty else {
            throw EngineError.unavailable("heygen has no avatar: set MEDIABRIDGE_HEYGEN_MODEL")
        }
        let wire = HeyGenWire(settings: settings, language: .english)
        let answer = await HeyGenLine.exchange(.makeToken, wire, http)
        if case .failed(let failure) = answer { throw failure }
    }

    package func open(
        _ language: Language, deliver: @escaping @Sendable (AvatarNotice) -> Void
    ) -> any AvatarLine {
        HeyGenLine(
            HeyGenWire(settings: settings, language: language), http, settings.timing,
            deliver: deliver)
    }
}

/// Drives one session: its events come one by one, its requests run beside each other.
final class HeyGenLine: AvatarLine {
    private let events: AsyncStream<AvatarSession.Event>.Continuation

    init(
        _ wire: HeyGenWire, _ http: ProviderHTTP, _ timing: AvatarSession.Timing,
        deliver: @escaping @Sendable (AvatarNotice) -> Void
    ) {
        let (stream, events) = AsyncStream.makeStream(of: AvatarSession.Event.self)
        self.events = events
        // It ends with the session, which `close` ends within seconds.
        Task {
            await Self.run(AvatarSession(timing: timing), stream, events, wire, http, deliver)
        }
        events.yield(.begin)
    }

    deinit { close() }

    func say(_ text: String, as sentence: Int) { events.yield(.say(text, sentence: sentence)) }
    func interrupt() { events.yield(.interrupt) }
    func close() { events.yield(.end) }

    private static func run(
        _ session: AvatarSession, _ stream: AsyncStream<AvatarSession.Event>,
        _ events: AsyncStream<AvatarSession.Event>.Continuation, _ wire: HeyGenWire,
        _ http: ProviderHTTP, _ deliver: @escaping @Sendable (AvatarNotice) -> Void
    ) async {
        var session = session
        var alarm: (at: MonotonicTime, task: Task<Void, any Error>)?
        await withDiscardingTaskGroup { group in
            for await event in stream {
                session.handle(event, at: .now())
                while let action = session.nextAction() {
                    switch action {
                    case .send(let request):
                        group.addTask {
                            let answer = await exchange(request, wire, http)
                            events.yield(.answered(request, answer))
                        }
                    case .tell(let notice):
                        deliver(notice)
                        // Requests under way are let go; a stop has been answered or given up.
                        if notice == .ended { events.finish() }
                    }
                }
                guard session.deadline != alarm?.at else { continue }
                alarm?.task.cancel()
                alarm = session.deadline.map { deadline in
                    let task = Task {
                        try await Task.sleep(for: MonotonicTime.now().duration(to: deadline))
                        events.yield(.timeout)
                    }
                    return (deadline, task)
                }
            }
            alarm?.task.cancel()
            group.cancelAll()
        }
    }

    static func exchange(
        _ request: AvatarSession.Request, _ wire: HeyGenWire, _ http: ProviderHTTP
    ) async -> AvatarSession.Answer {
        do throws(ProviderHTTPError) {
            let answer = try await http.send(wire.message(request))
            let body = try await answer.body.collect(upTo: 1 << 16)
            return HeyGenWire.answer(
                to: request, status: answer.status, retryAfter: answer.header("retry-after"),
                body: body)
        } catch {
            return .failed(ProviderFailure(http: error))
        }
    }
}
