internal import Foundation
internal import Logging
internal import Records

/// Knows who keeps which call that runs at Vapi.
actor VapiDesk {
    private let settings: VapiCall.Settings
    private let journal: EventJournal
    private let store: any RecordStore
    private let logger: Logger
    private var keepers: [String: VapiCallKeeper] = [:]
    private var order: [String] = []
    /// Forgotten calls are found in the journal again.
    private static let capacity = 5_000

    init(
        settings: VapiCall.Settings, journal: EventJournal, store: any RecordStore, logger: Logger
    ) {
        self.settings = settings
        self.journal = journal
        self.store = store
        self.logger = logger
    }

    /// Whoever keeps the call with our name `id`, from now on if nobody did.
    func keeper(of id: String) async -> VapiCallKeeper {
        if let keeper = keepers[id] { return keeper }
        let keeper = VapiCallKeeper(
            id: id, settings: settings, journal: journal, store: store, logger: logger)
        keepers[id] = keeper
        order.append(id)
        if order.count > Self.capacity { await forgetOne() }
        return keeper
    }

    /// Takes up the calls that an earlier run has left open.
    func resume() async {
        for call in await journal.liveCalls() where call.carrier == CallSource.vapi.rawValue {
            _ = await keeper(of: call.id)
        }
    }

    /// Ends calls whose report does not come, and forgets those whose report has.
    func expire(at now: Date) async {
        for (id, keeper) in keepers {
            await keeper.expire(at: now)
            if await keeper.isSettled { forget(id) }
        }
    }

    /// The oldest one that is over, or else the oldest.
    private func forgetOne() async {
        var oldest = order.first
        for id in order.prefix(100) {
            guard let keeper = keepers[id], await keeper.isSettled else { continue }
            oldest = id
            break
        }
        if let oldest { forget(oldest) }
    }

    private func forget(_ id: String) {
        order.removeAll { $0 == id }
        keepers[id] = nil
    }
}
