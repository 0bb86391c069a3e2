/// Values by key, bounded in number and octets; the one used longest ago goes first.
///
/// A value is as old as when it was stored, however often it is used.
struct BoundedStore<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let value: Value
        let storedAt: MonotonicTime
        var lastUse: Int
        let octetCount: Int
    }

    private(set) var counters = ResponseCache.Counters()
    private(set) var octetCount = 0
    private var entries: [Key: Entry] = [:]
    private var useCount = 0
    private let timeToLive: Duration
    private let mostValues: Int
    private let mostOctets: Int

    init(timeToLive: Duration, mostValues: Int, mostOctets: Int) {
        self.timeToLive = timeToLive
        self.mostValues = mostValues
        self.mostOctets = mostOctets
    }

    var count: Int { entries.count }

    /// The value, if there is one that is young enough.
    mutating func value(of key: Key, at now: MonotonicTime) -> Value? {
        guard var entry = entries[key] else {
            counters.misses += 1
            return nil
        }
        guard now < entry.storedAt.advanced(by: timeToLive) else {
            counters.misses += 1
            counters.expired += 1
            remove(key)
            return nil
        }
        counters.hits += 1
        useCount += 1
        entry.lastUse = useCount
        entries[key] = entry
        return entry.value
    }

    /// Until when a value is young enough; `nil`: there is none.
    func expiry(of key: Key) -> MonotonicTime? {
        entries[key]?.storedAt.advanced(by: timeToLive)
    }

    /// Keeps a value in place of the one that was there.
    ///
    /// - Parameters:
    ///   - value: of the key from now on.
    ///   - key: what it will be asked by.
    ///   - octets: its size in memory; one that is larger than all there may be is not kept.
    ///   - now: when it was made.
    mutating func store(
        _ value: Value, for key: Key, octetCount octets: Int, at now: MonotonicTime
    ) {
        remove(key)
        guard octets <= mostOctets, mostValues > 0 else { return }
        useCount += 1
        counters.stored += 1
        entries[key] = Entry(value: value, storedAt: now, lastUse: useCount, octetCount: octets)
        octetCount += octets
        while entries.count > mostValues || octetCount > mostOctets {
            // Linear in their number, but only when something is stored, off the audio path.
            guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
                return
            }
            counters.evicted += 1
            remove(oldest.key)
        }
    }

    /// Gives up what is not to be told any more.
    mutating func invalidate(where isStale: (Key) -> Bool) {
        for key in entries.keys where isStale(key) {
            counters.invalidated += 1
            remove(key)
        }
    }

    private mutating func remove(_ key: Key) {
        guard let entry = entries.removeValue(forKey: key) else { return }
        octetCount -= entry.octetCount
    }
}
