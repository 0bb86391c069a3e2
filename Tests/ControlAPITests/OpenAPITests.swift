import Foundation
import Records
import Testing

@testable import ControlAPI

/// The routes of a server that has everything, and does not run.
func allRoutes() throws -> Set<ControlRouter.Route> {
    let router = ControlRouter()
    let store = try SQLiteStore()
    let journal = EventJournal()
    ControlServer(
        journal: journal, store: store, control: FakeCalls(),
        readiness: { allReady }, metrics: { [] },
        webhooks: WebhookServices(store: store, probe: FakeProbe()),
        twilio: trustingTwilio(journal), remoteCalls: .idle(journal, store), logger: silence
    ).addRoutes(to: router)
    return Set(router.routes)
}

@Test func everyRouteIsDescribedAndNoOther() throws {
    let described = APIOperation.table.map { ControlRouter.Route(method: $0.method, path: $0.path) }
    #expect(Set(described).count == described.count)
    let routes = try allRoutes()
    #expect(Set(described).subtracting(routes) == [])
    #expect(routes.subtracting(described) == [])
}

@Test func schemasAreThereAndUsed() throws {
    guard case .object(let schemas) = OpenAPISchemas.value else { return }
    #expect(schemas.count > 20)
    let names = APIOperation.table.flatMap { [$0.body, $0.answer].compactMap { $0 } }
    #expect(Set(names).subtracting(schemas.keys) == [])
}

@Test func theDocumentIsServed() async throws {
    try await withServer { server in
        let answer = try await server.get("/openapi.json")
        #expect(answer.status == 200)
        let document: JSONTree = try answer.json()
        guard case .object(let members) = document, case .object(let paths)? = members["paths"]
        else {
            Issue.record("no paths")
            return
        }
        #expect(members["openapi"] == .text("3.1.0"))
        #expect(paths["/api/v1/calls/{id}/end"] != nil)
    }
}
