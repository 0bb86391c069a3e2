/// How calls that ElevenLabs has run are kept.
package struct ElevenLabsSettings: Sendable {
    /// Of the webhook; `nil`: its events are refused.
    package var webhookSecret: String?
    /// US dollars of one credit; `nil`: costs are kept in credits.
    package var creditPrice: Double?
    /// ISO 639-1, of calls that tell none.
    package var language = "en"

    package init() {}
}
