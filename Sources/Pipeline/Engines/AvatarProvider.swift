/// A face that speaks instead of a voice.
///
/// Its sound and picture go to the viewer by a way of their own, so nothing of them passes through
/// the call; what was heard is known only from what the provider says it has spoken.
package protocol AvatarProvider: Sendable {
    /// Opens a face for one call and returns at once; what is said before it is there waits.
    ///
    /// - Parameters:
    ///   - language: what it speaks.
    ///   - deliver: takes what becomes of it, on any thread, the last time with `.ended`; it never
    ///     blocks.
    /// - Returns: the call's face; closing it ends it, and so does letting it go.
    func open(
        _ language: Language, deliver: @escaping @Sendable (AvatarNotice) -> Void
    ) -> any AvatarLine
}

/// One call's face; every method returns at once and may be called on any thread.
package protocol AvatarLine: Sendable {
    /// Speaks `text` behind all that was said before.
    ///
    /// - Parameters:
    ///   - text: one sentence, in the language the face was opened with.
    ///   - sentence: names it in notices; greater than all before.
    func say(_ text: String, as sentence: Int)
    /// Stops what it speaks and forgets what waits.
    func interrupt()
    /// The call is over.
    func close()
}

package enum AvatarNotice: Equatable, Sendable {
    /// The viewer may join; a second one replaces the first, whose session was lost.
    case joinable(AvatarRoom)
    /// A sentence was heard in full; it lasted so long, by the provider's own word.
    case spoke(sentence: Int, duration: Duration)
    /// A sentence was interrupted, or got stuck, at most so long after its first sound.
    case cut(sentence: Int, after: Duration)
    /// The session is over and another one is on its way, told by `joinable`; what was neither
    /// spoken nor cut is for a plain voice, and so is what comes until then.
    case lost
    /// There is no face any more; the sentences that were not said are for a plain voice.
    case failed(ProviderFailure, unsaid: [Int])
    case ended
}

/// Where a viewer sees a face: a LiveKit room.
package struct AvatarRoom: Equatable, Sendable, CustomStringConvertible,
    CustomDebugStringConvertible
{
    /// `wss://`.
    package let url: String
    /// For this viewer alone; never logged.
    package let accessToken: String

    package init(url: String, accessToken: String) {
        self.url = url
        self.accessToken = accessToken
    }

    package var description: String { "room at \(url)" }
    package var debugDescription: String { description }
}
