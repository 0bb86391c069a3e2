import Records
import Testing

@testable import MediaBridge

/// The settings of who is asked who calls.
@Suite struct ContactConfigurationTests {
    private func load(_ environment: [String: String]) async throws -> ContactConfiguration {
        try await GatewayConfiguration.load(file: nil, environment: environment).contacts
    }

    @Test func ourOwnRecordsAreAskedByDefault() async throws {
        let set = try await load([:])
        #expect(set.sources == [.store])
        #expect(set.limit == .milliseconds(300))
        #expect(set.kept == .seconds(24 * 3_600))
        #expect(!set.asksOthers)
        #expect(set.fieldNames.isEmpty)
        #expect(try await load(["MEDIABRIDGE_CONTACTS": "none"]).sources.isEmpty)
    }

    @Test func everySourceIsSet() async throws {
        let set = try await load([
            "MEDIABRIDGE_CONTACTS": "store, hubspot, supabase, json, shopify",
            "MEDIABRIDGE_CONTACT_LIMIT": "150ms", "MEDIABRIDGE_CONTACT_TIME": "12h",
            "MEDIABRIDGE_CONTACT_DAYS": "90", "HUBSPOT_ACCESS_TOKEN": "t",
            "MEDIABRIDGE_HUBSPOT_CONTACT_FIELDS": "company, plan=membership_level",
            "SUPABASE_URL": "https://x.supabase.co", "SUPABASE_SERVICE_KEY": "k",
            "MEDIABRIDGE_SUPABASE_CONTACT_TABLE": "people",
            "CONTACT_JSON_URL": "https://x.test/who?n={number}", "CONTACT_JSON_KEY": "j",
            "SHOPIFY_SHOP": "luna", "SHOPIFY_ACCESS_TOKEN": "s",
        ])
        #expect(set.sources == [.store, .hubspot, .supabase, .json, .shopify])
        #expect(set.limit == .milliseconds(150))
        #expect(set.kept == .seconds(12 * 3_600))
        #expect(set.days == 90)
        #expect(set.hubspotFields.map(\.source) == ["company", "membership_level"])
        #expect(set.supabase.table == "people")
        #expect(set.json.url == "https://x.test/who?n={number}")
        #expect(set.shopifyURL == "https://luna.myshopify.com")
        // What the contract with existing users names.
        #expect(set.shopify.namespace == "beta_skincare")
        #expect(set.shopify.metafields.map(\.source) == ["skin_type", "skin_concerns"])
        #expect(set.fieldNames == ["company", "plan", "skin_type", "skin_concerns"])
    }

    @Test(arguments: [
        (["MEDIABRIDGE_CONTACTS": "hubspot"], "HUBSPOT_ACCESS_TOKEN"),
        (["MEDIABRIDGE_CONTACTS": "supabase"], "SUPABASE_URL"),
        (["MEDIABRIDGE_CONTACTS": "json"], "CONTACT_JSON_URL"),
        (["MEDIABRIDGE_CONTACTS": "shopify", "SHOPIFY_SHOP": "x"], "SHOPIFY_ACCESS_TOKEN"),
        (["MEDIABRIDGE_CONTACTS": "crm"], "each of store, hubspot"),
        (["MEDIABRIDGE_CONTACT_LIMIT": "3s"], "up to 2s"),
        (["MEDIABRIDGE_SHOPIFY_METAFIELDS": "skin_type,language"], "are taken"),
        (["MEDIABRIDGE_HUBSPOT_CONTACT_FIELDS": "a b"], "hubspot.contactFields"),
        (["MEDIABRIDGE_SUPABASE_CONTACT_TABLE": "a;b"], "letters, digits"),
        (["CONTACT_JSON_URL": "ftp://x"], "contactJSON.url"),
        (["SHOPIFY_SHOP": "ftp://x"], "shopify.shop"),
    ])
    func settingsSayWhatTheyTake(environment: [String: String], expected: String) async throws {
        let error = try #require(
            await #expect(throws: ConfigurationError.self) { try await load(environment) })
        #expect("\(error)".contains(expected), "\(error)")
    }

    /// Templates may name what calls may know, and nothing else.
    @Test func templatesNameCallers() async throws {
        let template = "You talk to {{name}} ({{first_name}}), skin: {{skin_type}}."
        let shop = [
            "MEDIABRIDGE_CONTACTS": "shopify", "SHOPIFY_SHOP": "x", "SHOPIFY_ACCESS_TOKEN": "s",
            "MEDIABRIDGE_SYSTEM_PROMPT": template,
        ]
        let known = try await GatewayConfiguration.load(file: nil, environment: shop)
        let engines = try EngineSet(known)
        await engines.shutdown()
        var none = shop
        none["MEDIABRIDGE_CONTACTS"] = "none"
        let unknown = try await GatewayConfiguration.load(file: nil, environment: none)
        #expect(throws: ConfigurationError.self) { try EngineSet(unknown) }
    }
}
