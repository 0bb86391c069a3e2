internal import Pipeline
internal import Synchronization

/// The loop's end of one call's recognition: it only leaves notes for the worker.
final class DecodedSession<Decoder: CallDecoder>: RecognitionSession {
    private let id: Int
    private let gate: RingGate
    private let worker: RecognizerWorker<Decoder>
    private let onClose: @Sendable () -> Void
    private let isClosed = Mutex(false)

    init(
        id: Int, gate: RingGate, worker: RecognizerWorker<Decoder>,
        onClose: @escaping @Sendable () -> Void
    ) {
        self.id = id
        self.gate = gate
        self.worker = worker
        self.onClose = onClose
    }

    deinit { close() }

    func begin(_ utterance: Utterance, from start: AudioRing.Position) {
        worker.post(.begin(utterance, start), to: id)
    }

    func finish(_ utterance: Utterance.ID, at end: AudioRing.Position) {
        worker.post(.finish(utterance, end), to: id)
    }

    func cancel(_ utterance: Utterance.ID) { worker.post(.cancel(utterance), to: id) }

    func close() {
        let wasClosed = isClosed.withLock { isClosed in
            let wasClosed = isClosed
            isClosed = true
            return wasClosed
        }
        guard !wasClosed else { return }
        gate.close()
        worker.post(.close, to: id)
        onClose()
    }
}

/// The worker's way to the call's audio, which the loop can shut at any moment.
///
/// The lock is held for copying at most 100 ms of audio; the loop takes it only to close.
final class RingGate: Sendable {
    private let ring: Mutex<AudioRing?>

    init(_ ring: AudioRing) { self.ring = Mutex(ring) }

    /// Drops what stands before `start`.
    func discard(before start: AudioRing.Position) {
        ring.withLock { $0?.discard(before: start) }
    }

    /// Takes up to `limit` octets; none when the ring is empty or the call over.
    func read(atMost limit: Int) -> (start: AudioRing.Position, octets: [UInt8]) {
        ring.withLock { ring in
            guard let ring, limit > 0 else { return (0, []) }
            var start = 0
            let octets = [UInt8](capacity: limit) { output in start = ring.read(into: &output) }
            return (start, octets)
        }
    }

    /// The ring is not read after this returns.
    func close() { ring.withLock { $0 = nil } }
}
