internal import Pipeline

/// The engines a call works with, shared by all calls.
struct CallEngines: Sendable {
    let recognizer: any SpeechRecognizer
    let model: any LanguageModel
    let synthesizer: any SpeechSynthesizer
    let tools: any ToolRunner
    /// `nil`: connections are opened when they are needed.
    var warmUp: EngineWarmUp?
    /// `nil`: no call has a face.
    var avatar: (any AvatarProvider)?
}

/// What a call on a media loop asks of the engines on the control plane.
enum EngineRequest: Sendable {
    case ask(ModelRequest, generation: Int)
    case speak(String, chunk: Conversation.ChunkID)
    case speakByFace(String, chunk: Conversation.ChunkID)
    case runTool(ToolCall, generation: Int)
    case cancel(generation: Int)
}
