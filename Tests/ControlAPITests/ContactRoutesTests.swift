import Foundation
import Records
import Testing

/// What is kept of a person, over HTTP.
@Suite struct ContactRoutesTests {
    @Test func aPersonIsShownAndForgotten() async throws {
        try await withServer { server in
            var contact = Contact(id: "k", phoneNumber: "+573001112233")
            contact.name = "Ana Ruiz"
            contact.source = "shopify"
            contact.attributes = ["skin_type": "Seca"]
            let fetched = try #require(Date(recordText: "2026-03-09T08:05:00.000Z"))
            try await server.store.keep(
                [
                    ContactLookup(
                        source: "shopify", facts: ContactFacts(name: "Ana Ruiz"), fetched: fetched),
                    ContactLookup(source: "hubspot", facts: nil, fetched: fetched),
                ], of: "+573001112233", contact: contact, at: fetched)
            for path in ["%2B573001112233", "+573001112233", "573001112233"] {
                let answer = try await server.get("/api/v1/contacts/\(path)")
                #expect(answer.status == 200)
                #expect(
                    answer.body
                        == #"{"attributes":{"skin_type":"Seca"},"external_ids":{},"id":"k","lookups":["#
                        + #"{"fetched_at":"2026-03-09T08:05:00.000Z","found":false,"source":"hubspot"},"#
                        + #"{"fetched_at":"2026-03-09T08:05:00.000Z","found":true,"source":"shopify"}],"#
                        + #""name":"Ana Ruiz","phone_number":"+573001112233","source":"shopify"}"#)
            }
            #expect(try await server.send("DELETE", "/api/v1/contacts/573001112233").status == 204)
            #expect(try await server.get("/api/v1/contacts/573001112233").status == 404)
            #expect(try await server.send("DELETE", "/api/v1/contacts/573001112233").status == 404)
        }
    }

    @Test(arguments: ["x", "anonymous", "%00", "1", "%2B266696687", "+57300111223355667788"])
    func nobodyHasSuchANumber(path: String) async throws {
        try await withServer { server in
            for method in ["GET", "DELETE"] {
                let answer = try await server.send(method, "/api/v1/contacts/\(path)")
                #expect(answer.status == 404)
            }
        }
    }
}
