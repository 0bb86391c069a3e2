internal import CUV
internal import Glibc

/// Wakes one loop, from any thread.
///
/// This is an eventfd(2) of ours and no `uv_async_t`: a sender marks that handle before and after it
/// wakes the loop, and a loop that has taken the sender's core in between spins until the sender has
/// run on (libuv 1.44, `uv__async_spin`): for ever, nearly, where the loop has the higher priority.
final class LoopWaker: Sendable {
    /// Readable from the first `wake()` until `reset()`.
    let descriptor: Int32

    /// - Throws: `LoopError.eventLoop` when the system has no descriptor left.
    init() throws(LoopError) {
        descriptor = CUV_open_event()
        guard descriptor >= 0 else { throw .eventLoop(-errno) }
    }

    deinit { close(descriptor) }

    func wake() {
        var one: UInt64 = 1
        // Refused only where as many wake-ups wait as the counter can hold.
        _ = unsafe write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Forgets the wake-ups so far; those who wait for more come after this.
    func reset() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}
