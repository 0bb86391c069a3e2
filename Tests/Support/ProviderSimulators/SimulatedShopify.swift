internal import Foundation
internal import Synchronization

/// Shopify's Admin GraphQL API for the integration tests: customers by number, id or e-mail, with
/// metafields, and its bucket of points.
///
/// Source: Shopify's documentation of `customerByIdentifier`, metafields and API limits, as of
/// 2026-11.
package final class SimulatedShopify: Sendable {
    /// A customer by the names that the API has.
    package struct Customer: Sendable {
        package var id: String
        package var firstName: String?
        package var lastName: String?
        package var phone: String
        package var email = ""
        /// By `namespace.key`.
        package var metafields: [String: String] = [:]

        package init(id: String, firstName: String?, lastName: String?, phone: String) {
            self.id = id
            self.firstName = firstName
            self.lastName = lastName
            self.phone = phone
        }
    }

    private struct State {
        var customers: [Customer] = []
        var available = 2_000.0
        var throttled = 0
        var isDenied = false
        var requests = 0
        var queries: [String] = []
    }

    private static let cost = 7.0
    private let state = Mutex(State())
    private let token: String
    private let server = Mutex<SimulatedServer?>(nil)

    package var url: String { "http://127.0.0.1:\(server.withLock { $0?.port ?? 0 })" }
    package var requests: Int { state.withLock { $0.requests } }
    package var queries: [String] { state.withLock { $0.queries } }

    package func add(_ customer: Customer) { state.withLock { $0.customers.append(customer) } }
    /// So many queries are throttled first, with a bucket that lets the next in after 70 ms.
    package func throttle(_ count: Int) { state.withLock { $0.throttled = count } }
    /// The app may not read customers.
    package func deny() { state.withLock { $0.isDenied = true } }

    package init(token: String) async throws {
        self.token = token
        let server = try await SimulatedServer(http: { [weak self] request, exchange in
            let (status, body) = self?.answer(request) ?? (500, [:])
            try await exchange.answer(
                status: status,
                headers: [
                    ("Content-Type", "application/json"), ("X-Shopify-API-Version", "2026-10"),
                ], body: SimulatedJSON.text(body))
        })
        self.server.withLock { $0 = server }
    }

    package func stop() async { await server.withLock { $0 }?.stop() }

    private func answer(_ request: SimulatedRequest) -> (Int, [String: Any]) {
        state.withLock { state in
            state.requests += 1
            guard request.header("X-Shopify-Access-Token") == token else {
                return (401, ["errors": "[API] Invalid API key or access token"])
            }
            guard request.method == "POST", request.path == "/admin/api/2026-10/graphql.json",
                let body = SimulatedJSON.object(request.body),
                let query = body["query"] as? String,
                let variables = body["variables"] as? [String: Any],
                let identifier = variables["id"] as? [String: String]
            else { return (404, ["errors": "Not Found"]) }
            state.queries.append(query)
            guard state.throttled == 0 else {
                state.throttled -= 1
                let error: [String: Any] = [
                    "message": "Throttled", "extensions": ["code": "THROTTLED"],
                ]
                return (200, ["errors": [error], "extensions": Self.cost(available: 0)])
            }
            state.available -= Self.cost
            let extensions = Self.cost(available: state.available)
            guard !state.isDenied else {
                let error: [String: Any] = [
                    "message": "Access denied", "extensions": ["code": "ACCESS_DENIED"],
                ]
                return (
                    200,
                    [
                        "errors": [error], "data": ["customer": SimulatedJSON.null],
                        "extensions": extensions,
                    ]
                )
            }
            let found = state.customers.first { customer in
                identifier["phoneNumber"] == customer.phone || identifier["id"] == customer.id
                    || identifier["emailAddress"] == customer.email
            }
            let told = found.map { Self.tell($0, query, variables) as Any } ?? SimulatedJSON.null
            return (200, ["data": ["customer": told], "extensions": extensions])
        }
    }

    /// The fields of a query such as `f0: metafield(namespace: $namespace, key: $k0) { value }`.
    private static func tell(
        _ customer: Customer, _ query: String, _ variables: [String: Any]
    ) -> [String: Any] {
        var object: [String: Any] = [
            "id": customer.id, "firstName": customer.firstName ?? SimulatedJSON.null,
            "lastName": customer.lastName ?? SimulatedJSON.null,
        ]
        let namespace = variables["namespace"] as? String ?? ""
        for index in 0..<20 {
            guard query.contains("f\(index): metafield(namespace: $namespace, key: $k\(index))"),
                let key = variables["k\(index)"] as? String
            else { break }
            object["f\(index)"] =
                customer.metafields["\(namespace).\(key)"].map { ["value": $0] as Any }
                ?? SimulatedJSON.null
        }
        return object
    }

    private static func cost(available: Double) -> [String: Any] {
        [
            "cost": [
                "requestedQueryCost": cost, "actualQueryCost": cost,
                "throttleStatus": [
                    "maximumAvailable": 2_000, "currentlyAvailable": available, "restoreRate": 100,
                ] as [String: Any],
            ] as [String: Any]
        ]
    }
}
