internal import Synchronization

/// Counts the calls of all loops and refuses those over the limit.
final class AdmissionGate: Sendable {
    private let admitted = Atomic<Int>(0)
    private let isOpen = Atomic<Bool>(true)
    private let maxCalls: Int

    init(maxCalls: Int) { self.maxCalls = maxCalls }

    /// Whether new calls are let in at all.
    var isAdmitting: Bool { isOpen.load(ordering: .relaxed) }
    /// Whether one more call would be let in now.
    var hasRoom: Bool { isAdmitting && count < maxCalls }
    /// Calls admitted and not yet released.
    var count: Int { admitted.load(ordering: .relaxed) }

    /// No call is admitted after this; the ones inside are unharmed.
    func close() { isOpen.store(false, ordering: .relaxed) }

    /// Takes a place for a call; `release()` gives it back.
    func admit() -> Bool {
        guard isOpen.load(ordering: .relaxed) else { return false }
        guard admitted.wrappingAdd(1, ordering: .relaxed).newValue <= maxCalls else {
            release()
            return false
        }
        return true
    }

    func release() { _ = admitted.wrappingSubtract(1, ordering: .relaxed) }
}
