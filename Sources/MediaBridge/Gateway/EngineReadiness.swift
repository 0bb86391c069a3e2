internal import Pipeline

/// What the engines lack, when they lack something.
struct EngineReadiness: Sendable {
    /// One engine of one stage.
    struct Part: Sendable {
        /// `stt`, `llm`, `tts` or `vad`.
        let stage: String
        let name: String
        var lack: EngineError?
    }

    var parts: [Part] = []

    /// Why a stage cannot work at all; `nil` while one of its engines can.
    func failure(of stage: EngineStage) -> EngineError? {
        let engines = parts.filter { $0.stage == stage.rawValue }
        return engines.contains { $0.lack == nil } ? nil : engines.first?.lack
    }

    /// Notes what is missing beside the engines themselves, with the first of the stage.
    mutating func note(_ lack: EngineError, of stage: EngineStage) {
        guard let index = parts.firstIndex(where: { $0.stage == stage.rawValue }),
            parts[index].lack == nil
        else { return }
        parts[index].lack = lack
    }
}
