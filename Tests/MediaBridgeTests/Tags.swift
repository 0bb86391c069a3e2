import Testing

extension Tag {
    /// Uses a real engine, the real clock or other processes.
    @Tag static var integration: Self
}
