extension ContinuousClock {
    /// Waits for what another process or task does, where nothing else tells of it: for integration tests.
    ///
    /// - Returns: Whether it came to be in time.
    static func awaits(
        within patience: Duration = .seconds(30), _ condition: () async throws -> Bool
    ) async throws -> Bool {
        let deadline = now.advanced(by: patience)
        while now < deadline {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return try await condition()
    }
}
