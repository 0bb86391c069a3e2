internal import Foundation

/// Who is told what happens in calls: webhooks' limits, and CRM.
struct OutboxConfiguration: Sendable {
    enum CRM: String, CaseIterable, Sendable { case supabase, hubspot, json }

    /// Webhooks may lead to this machine and its network, and be plain HTTP.
    var webhooksAllowPrivate = false
    /// All of them are told.
    var crm: [CRM] = []
    var supabaseURL = ""
    var supabaseKey: Secret?
    var hubspotURL = "https://api.hubapi.com"
    var hubspotToken: Secret?
    /// A unique property of HubSpot's calls that holds our call's id.
    var hubspotCallProperty: String?
    /// Callers whom HubSpot does not know become contacts.
    var hubspotCreatesContacts = true
    var jsonURL = ""
    var jsonKey: Secret?

    init() {}

    init(_ reader: SettingReader) throws(ConfigurationError) {
        webhooksAllowPrivate = try reader.flag("webhooksAllowPrivate") ?? webhooksAllowPrivate
        crm = try reader.chain("crm") ?? crm
        supabaseURL = try Self.address("supabase.url", "SUPABASE_URL", reader) ?? supabaseURL
        supabaseKey = try reader.secret("SUPABASE_SERVICE_KEY", setting: "supabase.serviceKey")
        hubspotURL = try Self.address("hubspot.baseURL", "HUBSPOT_BASE_URL", reader) ?? hubspotURL
        hubspotToken = try reader.secret("HUBSPOT_ACCESS_TOKEN", setting: "hubspot.accessToken")
        hubspotCallProperty = reader.text("hubspot.callProperty")
        hubspotCreatesContacts =
            try reader.flag("hubspot.createContacts") ?? hubspotCreatesContacts
        jsonURL = try Self.address("crmJSON.url", "CRM_JSON_URL", reader) ?? jsonURL
        jsonKey = try reader.secret("CRM_JSON_KEY", setting: "crmJSON.key")
        for name in crm {
            if let lack = lack(of: name) { throw .value("crm", name.rawValue, lack) }
        }
    }

    private func lack(of crm: CRM) -> String? {
        switch crm {
        case .supabase where supabaseURL.isEmpty || supabaseKey == nil:
            "supabase only with SUPABASE_URL and SUPABASE_SERVICE_KEY"
        case .hubspot where hubspotToken == nil: "hubspot only with HUBSPOT_ACCESS_TOKEN"
        case .json where jsonURL.isEmpty: "json only with CRM_JSON_URL"
        case .supabase, .hubspot, .json: nil
        }
    }

    private static func address(
        _ setting: String, _ variable: String, _ reader: SettingReader
    ) throws(ConfigurationError) -> String? {
        guard let text = reader.text(setting) ?? reader.environment[variable], !text.isEmpty else {
            return nil
        }
        guard let url = URL(string: text), url.host() != nil,
            ["http", "https"].contains(url.scheme)
        else { throw .value(setting, text, "an address such as https://host") }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
