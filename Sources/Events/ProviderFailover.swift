/// Another provider took over, because one failed or was too slow.
package struct ProviderFailover: Equatable, Sendable, Codable {
    /// `stt`, `llm` or `tts`.
    package let stage: String
    package let from: String
    /// `human` when no provider was left.
    package let to: String
    /// Such as `refused`, `server_500` or `stalled_before_first`.
    package let cause: String
    /// The silence the caller heard because of it, in milliseconds.
    package let gapMilliseconds: Double

    package init(
        stage: String, from: String, to: String, cause: String, gapMilliseconds: Double
    ) {
        self.stage = stage
        self.from = from
        self.to = to
        self.cause = cause
        self.gapMilliseconds = gapMilliseconds
    }

    private enum CodingKeys: String, CodingKey {
        case stage
        case from
        case to
        case cause
        case gapMilliseconds = "gap_ms"
    }
}
