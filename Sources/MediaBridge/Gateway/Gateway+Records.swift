internal import Logging
internal import Records

extension Gateway {
    /// The journal over its store, with the calls closed that a gateway left behind when it died.
    func openJournal(_ store: SQLiteStore) async throws -> EventJournal {
        let journal = EventJournal(configuration: try journalConfiguration(), store: store)
        let interrupted = try await journal.recover()
        if interrupted > 0 {
            logger.warning(
                "calls of an earlier run were closed as interrupted",
                metadata: ["calls": "\(interrupted)"])
        }
        if configuration.keepsRecordsInMemory {
            logger.notice("records are kept in memory; set MEDIABRIDGE_DATABASE to keep them")
        }
        return journal
    }
}

extension GatewayConfiguration {
    var keepsRecordsInMemory: Bool { database == "memory" }

    var storeConfiguration: SQLiteStore.Configuration {
        var store = SQLiteStore.Configuration(keepsRecordsInMemory ? .memory : .file(database))
        store.redaction = Redaction(
            phoneNumbers: redactPhoneNumbers, transcripts: redactTranscripts)
        return store
    }

    /// A store in memory keeps as many calls as the journal did without one.
    var retention: RetentionPolicy {
        var policy = RetentionPolicy()
        policy.eventDays = eventDays == 0 ? nil : eventDays
        policy.callDays = callDays == 0 ? nil : callDays
        policy.contactDays = contacts.days == 0 ? nil : contacts.days
        // Answers go once they are old, not before.
        policy.contactLookupDays = max(7, Int(contacts.kept / .seconds(86_400)) + 1)
        policy.endedCalls = keepsRecordsInMemory ? 500 : nil
        return policy
    }

    /// Memory is small.
    var retentionInterval: Duration { keepsRecordsInMemory ? .seconds(60) : .seconds(3_600) }
}
