import Foundation
import ProviderSimulators
import Records
import Synchronization
import Testing

@testable import MediaBridge

/// Sources of contacts over HTTP to servers that behave as the real ones do.
@Suite(.tags(.integration)) struct ContactSourceTests {
    private let http = OutboxHTTP()
    private static let number = CallerNumber("+573001112233")

    private func fields(_ names: String...) -> [ContactField] {
        names.compactMap { ContactField($0) }
    }

    /// What a source answers; the error's name where it does not.
    private func answer(
        _ source: any ContactSource, _ id: String? = nil
    ) async throws -> Result<ContactFacts?, ContactSourceError> {
        do throws(ContactSourceError) {
            if let id { return .success(try await source.person(called: id)) }
            guard let number = Self.number else { return .failure(.cancelled) }
            return .success(try await source.person(with: number))
        } catch {
            return .failure(error)
        }
    }

    private func hubspot(_ url: String, token: String = "pat-x") -> HubSpotContacts {
        var configuration = OutboxConfiguration()
        configuration.hubspotURL = url
        configuration.hubspotToken = Secret(value: token)
        return HubSpotContacts(
            configuration.hubspotConnection(http), fields: fields("plan=membership_level", "city"))
    }

    @Test func hubSpotKnowsItsContacts() async throws {
        let server = try await SimulatedHubSpot(token: "pat-x")
        let id = server.addContact([
            "phone": "+57 300 111 2233", "firstname": "Ana", "lastname": "Ruiz",
            "membership_level": "gold", "email": "ana@x.test",
        ])
        // The same last digits in another country.
        _ = server.addContact(["phone": "+58 300 111 2233", "firstname": "Eva"])
        let source = hubspot(server.url)
        // Nothing is taken over that was not configured.
        let ana = ContactFacts(
            externalID: id, firstName: "Ana", lastName: "Ruiz", fields: ["plan": "gold"])
        #expect(try await answer(source) == .success(ana))
        #expect(try await answer(source, id) == .success(ana))
        #expect(try await answer(source, "999") == .success(nil))
        #expect(try await answer(source, "../../x") == .success(nil))
        _ = server.addContact(["phone": "+573001112233", "firstname": "Luz"])
        #expect(try await answer(source) == .success(nil), "two people with one number")
        server.limit(1)
        #expect(try await answer(source) == .failure(.limited(wait: .seconds(1))))
        server.breakDown(500)
        #expect(try await answer(source) == .failure(.failed(reason: "it answered 500")))
        #expect(
            try await answer(hubspot(server.url, token: "old")) == .failure(.refused(status: 401)))
        await server.stop()
        guard case .failure(.failed) = try await answer(source) else {
            Issue.record("a server that is gone has answered")
            return
        }
        await http.shutdown()
    }

    @Test func supabaseKnowsARow() async throws {
        let server = try await SimulatedSupabase(key: "sb_secret_x")
        let row = ["name": "Ana Ruiz", "phone_number": "573001112233", "level": "gold"]
        server.insert(row, id: "u-1", into: "contacts")
        server.insert(
            ["name": "Eva", "phone_number": "+34600", "level": "none"], id: "u-2", into: "contacts")
        func source(_ adjust: (inout SupabaseContacts.Settings) -> Void = { _ in })
            -> SupabaseContacts
        {
            var configuration = OutboxConfiguration()
            configuration.supabaseURL = server.url
            configuration.supabaseKey = Secret(value: "sb_secret_x")
            var settings = SupabaseContacts.Settings()
            settings.fields = fields("plan=level")
            adjust(&settings)
            return SupabaseContacts(configuration.supabaseConnection(http), settings: settings)
        }
        let ana = ContactFacts(externalID: "u-1", name: "Ana Ruiz", fields: ["plan": "gold"])
        #expect(try await answer(source()) == .success(ana))
        #expect(try await answer(source(), "u-1") == .success(ana))
        #expect(try await answer(source(), #"u-9"),id.gt.("#) == .success(nil))
        server.insert(row, id: "u-3", into: "contacts")
        #expect(try await answer(source()) == .success(nil), "two people with one number")
        #expect(
            try await answer(source { $0.table = "people" })
                == .failure(.failed(reason: "it answered 404")))
        #expect(
            try await answer(source { $0.nameColumn = "nombre" })
                == .failure(.failed(reason: "it answered 400")))
        server.setFailing(true)
        #expect(try await answer(source()) == .failure(.failed(reason: "it answered 503")))
        await server.stop()
        await http.shutdown()
    }

    @Test func shopifyKnowsMetafields() async throws {
        let server = try await SimulatedShopify(token: "shpat_x")
        var ana = SimulatedShopify.Customer(
            id: "gid://shopify/Customer/123", firstName: "Ana", lastName: nil,
            phone: "+573001112233")
        ana.email = "ana@x.test"
        ana.metafields = [
            "beta_skincare.skin_type": "Seca",
            "beta_skincare.skin_concerns": #"["acné","manchas"]"#, "other.skin_type": "Grasa",
        ]
        server.add(ana)
        func source(token: String = "shpat_x") -> ShopifyCustomers {
            ShopifyCustomers(
                CRMConnection(
                    http, base: server.url, headers: ShopifyCustomers.headers(token: token)))
        }
        let facts = ContactFacts(
            externalID: "gid://shopify/Customer/123", firstName: "Ana",
            fields: ["skin_type": "Seca", "skin_concerns": "acné, manchas"])
        let shop = source()
        #expect(try await answer(shop) == .success(facts))
        for id in ["123", "gid://shopify/Customer/123", "ana@x.test"] {
            #expect(try await answer(shop, id) == .success(facts))
        }
        #expect(try await answer(shop, "124") == .success(nil))
        let before = server.requests
        #expect(try await answer(shop, "who is it") == .success(nil))
        #expect(server.requests == before)
        // Ids and keys are variables, never part of a query.
        #expect(server.queries.allSatisfy { !$0.contains("573001112233") && !$0.contains("skin") })
        server.throttle(1)
        #expect(try await answer(shop) == .success(facts), "asked again once the bucket has points")
        server.throttle(2)
        guard case .failure(.limited(let wait?)) = try await answer(shop) else {
            Issue.record("throttled twice")
            return
        }
        #expect(wait > .zero && wait < .milliseconds(100))
        #expect(try await answer(source(token: "old")) == .failure(.refused(status: 401)))
        server.deny()
        #expect(try await answer(shop) == .failure(.refused(status: 403)))
        await server.stop()
        await http.shutdown()
    }

    @Test(arguments: [
        (200, #"{"id":7,"name":"Ana Ruiz","level":"gold","x":1}"#, "7 Ana Ruiz gold"),
        (200, #"[{"id":"7","first_name":"Ana","last_name":"Ruiz"}]"#, "7 Ana Ruiz -"),
        (200, #"{"name":"Ana","level":["a",true,2.5]}"#, "- Ana a, yes, 2.5"),
        (200, "[]", "nobody"),
        (200, "null", "nobody"), (200, "{}", "nobody"), (404, "no", "nobody"), (204, "", "nobody"),
        (200, "<html>", "failed"), (200, "", "failed"), (200, "7", "failed"),
        (200, #"[{"id":1},{"id":2}]"#, "nobody"), (500, "{}", "failed"), (302, "", "failed"),
        (401, "{}", "refused"), (429, "", "limited"), (504, "", "timedOut"),
    ])
    func anyAddressMayKnow(status: Int, body: String, expected: String) async throws {
        let asked = Mutex<[SimulatedRequest]>([])
        let server = try await SimulatedServer(http: { request, exchange in
            asked.withLock { $0.append(request) }
            try await exchange.answer(status: status, body: status == 204 ? "" : body)
        })
        func source(_ path: String) -> JSONContacts {
            var settings = JSONContacts.Settings(url: "http://127.0.0.1:\(server.port)\(path)")
            settings.fields = fields("plan=level")
            return JSONContacts(
                CRMConnection(http, base: "", headers: [("Authorization", "Bearer k")]),
                settings: settings)
        }
        for path in ["/who?n={number}", "/who"] {
            let actual: String
            switch try await answer(source(path)) {
            case .success(nil): actual = "nobody"
            case .success(let facts?):
                actual = [facts.externalID, facts.name, facts.fields["plan"]]
                    .map { $0 ?? "-" }.joined(separator: " ")
            case .failure(.refused): actual = "refused"
            case .failure(.limited): actual = "limited"
            case .failure(.timedOut): actual = "timedOut"
            case .failure(.failed): actual = "failed"
            case .failure(.cancelled): actual = "cancelled"
            }
            #expect(actual == expected, "\(path)")
        }
        let requests = asked.withLock { $0 }
        #expect(requests.map(\.method) == ["GET", "POST"])
        #expect(requests[0].target == "/who?n=%2B573001112233")
        #expect(
            String(decoding: requests[1].body, as: UTF8.self)
                == #"{"phone_number":"+573001112233"}"#)
        #expect(requests.allSatisfy { $0.header("Authorization") == "Bearer k" })
        await server.stop()
        await http.shutdown()
    }
}
