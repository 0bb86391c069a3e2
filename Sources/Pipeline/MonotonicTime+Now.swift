extension MonotonicTime {
    private static let processStart = SuspendingClock.now

    /// The time now, in whole microseconds, so that flight records stay small and exact.
    ///
    /// Only the edge calls this, once per wake-up; machines are handed the value.
    package static func now() -> MonotonicTime {
        let (seconds, attoseconds) = processStart.duration(to: SuspendingClock.now).components
        return MonotonicTime(
            sinceStart: .microseconds(seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
    }
}
