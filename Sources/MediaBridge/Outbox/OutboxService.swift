internal import Records
internal import ServiceLifecycle

/// Tells webhooks and CRM what the outbox holds, until the gateway stops.
struct OutboxService: Service {
    let dispatcher: OutboxDispatcher
    let http: OutboxHTTP
    let webhooks: WebhookReceiver.Services

    /// Runs until asked to stop; what came until then is tried once more.
    func run() async throws {
        await withGracefulShutdownHandler {
            await dispatcher.run()
        } onGracefulShutdown: {
            dispatcher.stop()
        }
        await http.shutdown()
    }
}
