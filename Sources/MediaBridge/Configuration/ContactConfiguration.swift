internal import Foundation
internal import Records

/// Who is asked who calls, and what is taken over of the answers.
struct ContactConfiguration: Sendable {
    enum Source: String, CaseIterable, Sendable {
        /// Our own records.
        case store
        case hubspot, supabase, json, shopify
    }

    /// Asked all at once, the most trusted first.
    var sources = [Source.store]
    /// The greeting waits so long for a name, and no longer.
    var limit = Duration.milliseconds(300)
    /// How long a source's answer is good.
    var kept = Duration.seconds(86_400)
    /// People whom a source told of are kept so long after the last lookup; zero: for ever.
    var days = 0
    var hubspotFields: [ContactField] = []
    var supabase = SupabaseContacts.Settings()
    var json = JSONContacts.Settings(url: "")
    var jsonKey: Secret?
    /// Of the shop's API.
    var shopifyURL = ""
    var shopifyToken: Secret?
    var shopify = ShopifyCustomers.Settings()

    /// Names that templates have for other things.
    private static let taken: Set = [
        "name", "first_name", "customer_id", "language", "weekday", "date", "business", "services",
        "hours", "currency", "department", "call_id", "call_language", "caller_number",
        "called_number",
    ]

    init() {}

    /// - Parameters:
    ///   - reader: of the settings.
    ///   - outbox: has what leads to HubSpot and Supabase.
    /// - Throws: `ConfigurationError` that names the setting.
    init(_ reader: SettingReader, _ outbox: OutboxConfiguration) throws(ConfigurationError) {
        sources =
            reader.list("contacts") == ["none"] ? [] : try reader.chain("contacts") ?? sources
        limit = try reader.duration("contactLimit") ?? limit
        guard limit <= .seconds(2) else {
            throw .value("contactLimit", "\(limit)", "a time up to 2s: the caller waits for it")
        }
        kept = try reader.duration("contactTime") ?? kept
        days = try reader.number("contactDays", in: 0...36_500) ?? days
        hubspotFields = try Self.fields("hubspot.contactFields", reader) ?? hubspotFields
        supabase.table = try Self.name("supabase.contactTable", reader) ?? supabase.table
        supabase.phoneColumn =
            try Self.name("supabase.contactPhone", reader) ?? supabase.phoneColumn
        supabase.nameColumn = try Self.name("supabase.contactName", reader) ?? supabase.nameColumn
        supabase.idColumn = try Self.name("supabase.contactID", reader) ?? supabase.idColumn
        supabase.fields = try Self.fields("supabase.contactFields", reader) ?? supabase.fields
        json.url = try Self.template(reader) ?? json.url
        json.idMember = try Self.name("contactJSON.id", reader) ?? json.idMember
        json.nameMember = try Self.name("contactJSON.name", reader) ?? json.nameMember
        json.fields = try Self.fields("contactJSON.fields", reader) ?? json.fields
        jsonKey = try reader.secret("CONTACT_JSON_KEY", setting: "contactJSON.key")
        shopifyURL = try Self.shop(reader) ?? shopifyURL
        shopifyToken = try reader.secret("SHOPIFY_ACCESS_TOKEN", setting: "shopify.accessToken")
        shopify.version = reader.text("shopify.version") ?? shopify.version
        shopify.namespace = reader.text("shopify.namespace") ?? shopify.namespace
        shopify.metafields = try Self.fields("shopify.metafields", reader) ?? shopify.metafields
        for source in sources {
            if let lack = lack(of: source, outbox) {
                throw .value("contacts", source.rawValue, lack)
            }
        }
    }

    /// What the sources in use tell beside the name, by our names.
    var fieldNames: Set<String> {
        var fields: [ContactField] = []
        for source in sources {
            switch source {
            case .store: break
            case .hubspot: fields += hubspotFields
            case .supabase: fields += supabase.fields
            case .json: fields += json.fields
            case .shopify: fields += shopify.metafields
            }
        }
        return Set(fields.map(\.name))
    }

    /// Systems that are not our own are asked.
    var asksOthers: Bool { sources.contains { $0 != .store } }

    private func lack(of source: Source, _ outbox: OutboxConfiguration) -> String? {
        switch source {
        case .hubspot where outbox.hubspotToken == nil: "hubspot only with HUBSPOT_ACCESS_TOKEN"
        case .supabase where outbox.supabaseURL.isEmpty || outbox.supabaseKey == nil:
            "supabase only with SUPABASE_URL and SUPABASE_SERVICE_KEY"
        case .json where json.url.isEmpty: "json only with CONTACT_JSON_URL"
        case .shopify where shopifyURL.isEmpty || shopifyToken == nil:
            "shopify only with SHOPIFY_SHOP and SHOPIFY_ACCESS_TOKEN"
        case .store, .hubspot, .supabase, .json, .shopify: nil
        }
    }

    private static func fields(
        _ setting: String, _ reader: SettingReader
    ) throws(ConfigurationError) -> [ContactField]? {
        guard let texts = reader.list(setting) else { return nil }
        var fields: [ContactField] = []
        for text in texts {
            guard let field = ContactField(text), !Self.taken.contains(field.name) else {
                throw .value(
                    setting, text,
                    "names such as skin_type, or plan=membership_level where it is called so there; "
                        + "name, language and the like are taken")
            }
            fields.append(field)
        }
        return fields
    }

    /// A name that goes into addresses as it is.
    private static func name(
        _ setting: String, _ reader: SettingReader
    ) throws(ConfigurationError) -> String? {
        guard let text = reader.text(setting) else { return nil }
        guard ContactField.isName(text) else {
            throw .value(setting, text, "letters, digits and underscores")
        }
        return text
    }

    private static func template(_ reader: SettingReader) throws(ConfigurationError) -> String? {
        let setting = "contactJSON.url"
        guard let text = reader.text(setting) ?? reader.environment["CONTACT_JSON_URL"],
            !text.isEmpty
        else { return nil }
        guard let url = URL(string: text.replacing("{number}", with: "1")), url.host() != nil,
            ["http", "https"].contains(url.scheme)
        else {
            throw .value(setting, text, "an address such as https://host/people?phone={number}")
        }
        return text
    }

    /// `my-shop`, its host, or an address.
    private static func shop(_ reader: SettingReader) throws(ConfigurationError) -> String? {
        let setting = "shopify.shop"
        guard let text = reader.text(setting) ?? reader.environment["SHOPIFY_SHOP"], !text.isEmpty
        else { return nil }
        let host = text.contains(".") ? text : text + ".myshopify.com"
        let address = text.contains("://") ? text : "https://" + host
        guard let url = URL(string: address), url.host() != nil,
            ["http", "https"].contains(url.scheme)
        else { throw .value(setting, text, "the name of a shop, such as my-shop") }
        return address.hasSuffix("/") ? String(address.dropLast()) : address
    }
}
