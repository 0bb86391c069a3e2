internal import Foundation
internal import Logging
internal import Records

/// What knows people, and how it is reached.
struct PeopleServices: Sendable {
    /// Over which other systems are asked and told.
    let http: OutboxHTTP
    /// Calls are logged over it, and people looked up.
    let hubspot: CRMConnection
    /// `nil` where nobody is to be asked who calls.
    let contacts: ContactService?
    /// What calls ask.
    let callers: CallerLookup?

    var directory: ContactDirectory? { contacts?.directory }
}

extension Gateway {
    /// What finds out who calls; asks nobody yet.
    func peopleServices(_ store: SQLiteStore) -> PeopleServices {
        let logger = logger
        let http = OutboxHTTP()
        let hubspot = configuration.outbox.hubspotConnection(http)
        let directory = configuration.contactDirectory(store, http, hubspot: hubspot) {
            logger.warning("a source of contacts refuses us", metadata: ["why": "\($0)"])
        }
        let figures = CallerFigures()
        return PeopleServices(
            http: http, hubspot: hubspot,
            contacts: directory.map {
                ContactService(directory: $0, figures: figures, logger: logger)
            },
            callers: directory.map {
                CallerLookup(
                    directory: $0, limit: configuration.contacts.limit,
                    noVariables: configuration.noCallerVariables, figures: figures)
            })
    }
}

extension GatewayConfiguration {
    /// What templates may name of callers, for those whom nobody knows; empty where nobody is asked.
    var noCallerVariables: [String: String] {
        contacts.sources.isEmpty ? [:] : KnownCaller.noVariables(fields: contacts.fieldNames)
    }

    /// - Returns: `nil` where nobody is to be asked.
    func contactDirectory(
        _ store: any RecordStore, _ transport: any OutboxTransport, hubspot: CRMConnection,
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) -> ContactDirectory? {
        guard contacts.asksOthers || !contacts.sources.isEmpty && !redactPhoneNumbers else {
            return nil
        }
        var settings = ContactDirectory.Settings()
        settings.keptSeconds = contacts.kept / .seconds(1)
        settings.unknownKeptSeconds = min(settings.unknownKeptSeconds, settings.keptSeconds)
        // Where records may not hold numbers, they cannot hold whose they are.
        settings.usesRecords = !redactPhoneNumbers
        settings.trustsRecords = contacts.sources.contains(.store)
        let sources = contacts.sources.compactMap { source -> (any ContactSource)? in
            switch source {
            case .store: nil
            case .hubspot: HubSpotContacts(hubspot, fields: contacts.hubspotFields)
            case .supabase:
                SupabaseContacts(
                    outbox.supabaseConnection(transport), settings: contacts.supabase)
            case .json:
                JSONContacts(
                    CRMConnection(
                        transport, base: "",
                        headers: contacts.jsonKey.map { [("Authorization", "Bearer " + $0.value)] }
                            ?? []), settings: contacts.json)
            case .shopify:
                ShopifyCustomers(
                    CRMConnection(
                        transport, base: contacts.shopifyURL,
                        headers: ShopifyCustomers.headers(
                            token: contacts.shopifyToken?.value ?? "")),
                    settings: contacts.shopify)
            }
        }
        return ContactDirectory(
            store: store, sources: sources, settings: settings, report: report)
    }
}

extension OutboxConfiguration {
    /// To PostgREST; reads and writes go over it.
    func supabaseConnection(_ transport: any OutboxTransport) -> CRMConnection {
        CRMConnection(
            transport, base: supabaseURL + "/rest/v1",
            headers: SupabaseReceiver.headers(key: supabaseKey?.value ?? ""))
    }

    /// One for all that goes to HubSpot: its limits are the account's.
    func hubspotConnection(_ transport: any OutboxTransport) -> CRMConnection {
        CRMConnection(
            transport, base: hubspotURL,
            headers: [("Authorization", "Bearer " + (hubspotToken?.value ?? ""))],
            rates: HubSpotReceiver.rates)
    }
}
