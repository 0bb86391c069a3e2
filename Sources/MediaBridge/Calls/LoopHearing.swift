internal import Pipeline

/// How the calls of a gateway tell speech from silence.
enum VoiceDetection: Sendable {
    /// The Silero network; its weights are shared by all calls.
    case silero(SileroWeights)
    case energy
    /// Nobody listens: a load test of the bare edge.
    case none
}

/// The ears of one loop's calls: the network runs their windows together (`SileroPool`).
///
/// Used on the loop's thread only.
final class LoopHearing {
    private let detection: VoiceDetection
    private var pool: SileroPool?
    /// Calls whose frames wait for their probabilities, in the order of their first frame.
    private var waiting: [(call: Call, slot: SileroPool.Slot)] = []
    /// Those that are being told; keeps the memory of both lists.
    private var told: [(call: Call, slot: SileroPool.Slot)] = []

    init(_ detection: VoiceDetection) {
        self.detection = detection
        if case .silero(let weights) = detection { pool = SileroPool(weights: weights) }
        waiting.reserveCapacity(SileroBatch.laneCount)
        told.reserveCapacity(SileroBatch.laneCount)
    }

    /// A call's place in the network; `nil` when the network is not in use.
    func open() -> SileroPool.Slot? { pool?.open() }

    /// A call's detector by energy; `nil` when it is not in use.
    func makeEnergyDetector() -> EnergyDetector? {
        if case .energy = detection { EnergyDetector() } else { nil }
    }

    func close(_ slot: SileroPool.Slot) {
        waiting.removeAll { $0.slot == slot }
        pool?.close(slot)
    }

    /// Hears one frame; the call is told its probability now, or with the loop's next windows.
    func hear(
        _ frame: Span<Int16>, in slot: SileroPool.Slot, of call: Call, at now: MonotonicTime
    ) {
        switch pool?.hear(frame, in: slot) {
        case .known(let probability): call.heard(frame, probability, at: now)
        case .waiting: wait(call, slot)
        case .due:
            wait(call, slot)
            flush(at: now)
        case nil: break
        }
    }

    /// Runs the windows that wait and tells their calls.
    func flush(at now: MonotonicTime) {
        guard !waiting.isEmpty else { return }
        pool?.run()
        swap(&waiting, &told)
        var frame = InlineArray<160, Int16>(repeating: 0)
        for (call, slot) in told {
            // A call that ends meanwhile hears nothing more, whoever has its slot then.
            while let probability = pool?.takeResult(in: slot, into: &frame) {
                call.heard(frame.span, probability, at: now)
            }
        }
        told.removeAll(keepingCapacity: true)
    }

    private func wait(_ call: Call, _ slot: SileroPool.Slot) {
        // A call whose frames queue up stands there already.
        if !waiting.contains(where: { $0.slot == slot }) { waiting.append((call, slot)) }
    }
}
