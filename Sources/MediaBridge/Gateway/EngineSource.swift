internal import Pipeline

/// One engine of a chain with what makes it ready and what ends it.
struct EngineSource<Engine: Sendable>: Sendable {
    /// As the configuration, events and metrics name it.
    let name: String
    let engine: Engine
    /// Throws what is missing; the chain works without the engine meanwhile.
    var prepare: @Sendable () async throws -> Void = {}
    var shutdown: @Sendable () async -> Void = {}
}
