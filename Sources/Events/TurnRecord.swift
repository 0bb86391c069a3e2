/// One turn of a conversation with its latency ledger (DESIGN §5).
///
/// Every figure is in milliseconds; `nil` when the stage did not take part in the turn.
package struct TurnRecord: Equatable, Sendable, Codable {
    /// Counts from 1 within a call.
    package var turn: Int
    package var user: String
    /// The answer as the model gave it.
    package var agent: String
    /// The part of the answer that reached the caller's ear.
    package var heard: String
    package var interrupted: Bool
    /// The first audio was a filler that covered a wait.
    package var filler: Bool
    /// The model was asked before the turn was over; `nil` when it was not.
    package var speculated: Bool?

    /// End of the caller's voice to the decision that the turn is over.
    package var endpointing: Double?
    /// That decision to the final transcript.
    package var sttLatency: Double?
    /// Final transcript to the model's first token.
    package var llmLatency: Double?
    /// First token to the first speakable chunk.
    package var chunking: Double?
    /// First chunk to the first synthesised audio.
    package var ttsLatency: Double?
    /// First synthesised audio to the first octet handed to the socket.
    package var send: Double?
    /// End of the caller's voice to the first octet handed to the socket.
    package var totalLatency: Double?
    /// Of the total, what was neither the deliberate pause nor an engine's.
    package var bridge: Double?
    /// End of the caller's voice to the first mark that came back, where the carrier sends marks.
    package var firstAudioHeard: Double?

    /// When the caller's voice ended, by the process's clock; for traces, and no part of JSON.
    package var voiceEndSinceStart: Duration?

    package init(turn: Int, user: String) {
        self.turn = turn
        self.user = user
        agent = ""
        heard = ""
        interrupted = false
        filler = false
    }

    private enum CodingKeys: String, CodingKey {
        case turn, user, agent, heard, interrupted, filler, speculated
        case endpointing = "endpointing_ms"
        case sttLatency = "stt_latency_ms"
        case llmLatency = "llm_latency_ms"
        case chunking = "chunking_ms"
        case ttsLatency = "tts_latency_ms"
        case send = "send_ms"
        case totalLatency = "total_latency_ms"
        case bridge = "bridge_ms"
        case firstAudioHeard = "first_audio_heard_ms"
    }
}
