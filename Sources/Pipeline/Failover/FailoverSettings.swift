/// How patient a chain of providers is.
package struct FailoverSettings: Equatable, Sendable {
    package var backoff = Backoff()
    /// So many failures in a row, over all calls, shut a provider out.
    package var failuresToOpen = 3
    /// How long a provider that was shut out is left alone; doubles each time a probe fails.
    package var coolDown = Duration.seconds(10)
    package var longestCoolDown = Duration.seconds(160)
    /// The same for a wrong key, model or voice, which heal only by hand.
    package var permanentCoolDown = Duration.seconds(300)
    /// A probe that nobody heard of again for this long is forgotten.
    package var probeLease = Duration.seconds(30)

    /// The deadline for a first token or octet is never shorter.
    package var shortestDeadline = Duration.milliseconds(250)
    /// It is never longer, and a provider that exceeds it is shut out for a while at once.
    package var longestDeadline = Duration.seconds(3)
    /// The deadline until a provider is known.
    package var unknownDeadline = Duration.seconds(1)
    /// So many requests make a provider known.
    package var samplesToKnow = 10
    /// The built-in engine is fast and simple, and would win every race: it joins one no earlier.
    package var lastResortDelay = Duration.milliseconds(1_500)
    /// How long, at most, the last but one has for itself when others have failed before it.
    package var lastChance = Duration.milliseconds(800)

    /// Between two pieces of one answer; with the next provider's start it stays below 2 s.
    package var longestPause = Duration.seconds(1)
    /// With nothing else running, a retry that comes later than this is not waited for.
    package var retryPatience = Duration.milliseconds(1_500)
    /// After this long without a word from anybody, the request is given up.
    package var giveUpDelay = Duration.seconds(8)

    package init() {}
}
