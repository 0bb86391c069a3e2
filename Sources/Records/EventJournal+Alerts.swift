package import Events

/// What is told of the gateway itself, beside calls.
extension EventJournal {
    /// Tells webhooks that take `error`, through the outbox, and everybody who watches all calls.
    ///
    /// - Throws: when the store cannot keep it for webhooks; who watches was told.
    package func announce(_ alert: AlertRecord) async throws(RecordStoreError) {
        let time = wallClock()
        await feed?.announce(AlertNotice(time: time, alert: alert))
        try await store?.announce(alert, at: time)
    }
}
