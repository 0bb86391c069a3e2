internal import Pipeline
internal import Synchronization

/// One thread that speaks the texts of one voice, one after the other.
final class SherpaSpeaker: Sendable {
    /// A text on its way; on its thread alone but for `isWanted`.
    struct Job: Sendable {
        let voice: SherpaVoice
        let text: String
        let sentences: [[Int32]]
        let speaker: Int
        /// Asked before every sentence, and before the first.
        let isWanted: @Sendable () -> Bool
        /// Takes the samples of one sentence, -1…1.
        let take: @Sendable ([Float]) -> Void
        /// Told once it is over; whether there was any sound.
        let end: @Sendable (Bool) -> Void
    }

    private struct Inbox {
        var jobs: [Job] = []
        var isStarted = false
        var isStopping = false
    }

    private let inbox = Mutex(Inbox())
    private let thread = RecognizerThread()
    private let name: String
    private let maximumWaiting: Int

    /// - Parameters:
    ///   - name: the thread's, of at most 15 octets.
    ///   - maximumWaiting: texts above it are refused.
    init(name: String, maximumWaiting: Int) {
        self.name = name
        self.maximumWaiting = maximumWaiting
    }

    /// Takes a text; its turn comes when those before it are spoken.
    func submit(_ job: Job) throws(EngineError) {
        let isFirst = try inbox.withLock { inbox throws(EngineError) in
            guard !inbox.isStopping else { throw .unavailable("sherpa-onnx was shut down") }
            // Those whose caller has gone cost nothing.
            inbox.jobs.removeAll { job in
                guard !job.isWanted() else { return false }
                job.end(true)
                return true
            }
            guard inbox.jobs.count < maximumWaiting else {
                throw .overloaded("\(maximumWaiting) texts wait for sherpa-onnx already")
            }
            inbox.jobs.append(job)
            defer { inbox.isStarted = true }
            return !inbox.isStarted
        }
        // The body holds the speaker until `stop()`.
        if isFirst { try thread.start(name: name) { [self] in run() } }
        thread.ring()
    }

    /// Ends the thread after the sentence it works on; what waits fails.
    func stop() {
        let (isRunning, jobs) = inbox.withLock { inbox in
            let isRunning = inbox.isStarted && !inbox.isStopping
            inbox.isStopping = true
            let jobs = inbox.jobs
            inbox.jobs = []
            return (isRunning, jobs)
        }
        for job in jobs { job.end(false) }
        guard isRunning else { return }
        thread.ring()
        thread.join()
    }

    private func run() {
        while true {
            let (job, isStopping) = inbox.withLock { inbox in
                (inbox.jobs.isEmpty ? nil : inbox.jobs.removeFirst(), inbox.isStopping)
            }
            guard !isStopping else {
                job?.end(false)
                return
            }
            if let job { speak(job) } else { thread.sleep(atMost: nil) }
        }
    }

    private func speak(_ job: Job) {
        guard job.isWanted() else { return job.end(true) }
        let hasSpoken = job.voice.speak(job.text, job.sentences, speaker: job.speaker) { samples in
            guard job.isWanted(), !inbox.withLock({ $0.isStopping }) else { return false }
            job.take(samples)
            return job.isWanted()
        }
        job.end(hasSpoken || !job.isWanted())
    }
}
