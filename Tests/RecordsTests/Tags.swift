import Testing

extension Tag {
    /// Uses processes, sockets or the real clock.
    @Tag static var integration: Self
}
