internal import Pipeline

extension ProviderChain {
    /// Whom a request would ask first now.
    var firstChoice: Engine? { firstChoiceIndex.map { links[$0].engine } }

    /// Opens a connection to whom a request would ask first, with the retries of the contract, and
    /// tells the chain what came of it.
    ///
    /// - Parameter open: connects to one engine.
    /// - Throws: why it was given up; the next request finds out by itself.
    func warmUp(
        _ open: (Engine) async throws(ProviderFailure) -> Void
    ) async throws(ProviderFailure) {
        guard let provider = firstChoiceIndex else { return }
        var warmUp = ConnectionWarmUp(of: provider)
        var event = ConnectionWarmUp.Event.begin
        while !Task.isCancelled {
            switch handle(event, by: &warmUp) {
            case .connect:
                do throws(ProviderFailure) {
                    try await open(links[provider].engine)
                    event = .opened
                } catch {
                    // Cancelled: the provider is not to blame.
                    guard !Task.isCancelled else { return }
                    event = .failed(error)
                }
            case .giveUp(let failure): throw failure
            case .none:
                guard let deadline = warmUp.deadline else { return }
                await clock.wait(until: deadline)
                event = .deadline
            }
        }
    }
}
