internal import Glibc

/// The place of calls' threads in the kernel's scheduling (sched(7)).
///
/// Frames must not wait until other work has had its time slice: that is what callers would hear.
/// Threads that only carry calls are scheduled before all ordinary ones and among themselves by
/// turns, with the lowest of the real-time priorities. Whatever computes for long (recognisers,
/// records, helper processes) stays ordinary, and the kernel keeps a share for it (5 % unless it was
/// told otherwise).
enum RealTime {
    /// What to do where it is not permitted.
    static let advice =
        "calls' threads wait their turn with everything else on this machine: give CAP_SYS_NICE or "
        + "a limit RLIMIT_RTPRIO of 1 (systemd: LimitRTPRIO=1; Docker: --ulimit rtprio=1 and "
        + "--cap-add SYS_NICE), or set realTime to false"

    private static let lowestPriority: Int32 = 1
    /// `SCHED_RESET_ON_FORK`: what a thread starts is ordinary.
    private static let endsWithThread: Int32 = 0x4000_0000

    /// Puts the calling thread there for good.
    ///
    /// - Returns: `false` where the system does not permit it; the thread stays ordinary.
    @discardableResult static func enter() -> Bool {
        schedule(SCHED_RR | endsWithThread, priority: lowestPriority)
    }

    /// Whether the system permits it: with `CAP_SYS_NICE`, or a limit `RLIMIT_RTPRIO` of 1 or more.
    static var isPermitted: Bool {
        guard enter() else { return false }
        // The flag stays, as nobody may take it off again; it does nothing to an ordinary thread.
        return schedule(SCHED_OTHER | endsWithThread, priority: 0)
    }

    /// Whether the calling thread is there.
    static var isEntered: Bool { sched_getscheduler(0) & ~endsWithThread == SCHED_RR }

    private static func schedule(_ policy: Int32, priority: Int32) -> Bool {
        var parameters = sched_param()
        parameters.sched_priority = priority
        return unsafe sched_setscheduler(0, policy, &parameters) == 0
    }
}
