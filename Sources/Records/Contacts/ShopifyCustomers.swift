internal import Foundation

/// A shop's customers and what is kept of them in metafields (Shopify Admin GraphQL;
/// protocols/crm.md §4).
package actor ShopifyCustomers: ContactSource {
    package struct Settings: Equatable, Sendable {
        /// Quarterly; each is served for a year at least.
        package var version = "2026-10"
        package var namespace = "beta_skincare"
        /// Metafields by our names.
        package var metafields = ["skin_type", "skin_concerns"].compactMap { ContactField($0) }

        package init() {}
    }

    package nonisolated let name = "shopify"
    package nonisolated let advice =
        "check SHOPIFY_SHOP and SHOPIFY_ACCESS_TOKEN, its scope read_customers and that the app "
        + "may use protected customer data"
    private let connection: CRMConnection
    private let settings: Settings
    private var bucket = ShopifyBucket()
    /// Nobody waits longer for the bucket.
    private static let longestWait = Duration.seconds(2)

    package init(_ connection: CRMConnection, settings: Settings = Settings()) {
        self.connection = connection
        self.settings = settings
    }

    /// The headers by which Shopify lets an app in.
    package static func headers(token: String) -> [(name: String, value: String)] {
        [("X-Shopify-Access-Token", token)]
    }

    package func person(
        with number: CallerNumber
    ) async throws(ContactSourceError) -> ContactFacts? {
        try await customer(["phoneNumber": .text(number.text)])
    }

    /// Takes digits, `gid://shopify/Customer/…`, and e-mail addresses.
    package func person(
        called id: String
    ) async throws(ContactSourceError) -> ContactFacts? {
        let prefix = "gid://shopify/Customer/"
        let digits = id.hasPrefix(prefix) ? id.dropFirst(prefix.count) : Substring(id)
        if !digits.isEmpty, digits.count <= 20, digits.allSatisfy({ $0.isASCII && $0.isNumber }) {
            return try await customer(["id": .text(prefix + digits)])
        }
        guard id.contains("@"), id.count <= 254, !id.contains(where: \.isWhitespace) else {
            return nil
        }
        return try await customer(["emailAddress": .text(id)])
    }

    private func customer(
        _ identifier: [String: JSONTree]
    ) async throws(ContactSourceError) -> ContactFacts? {
        var answer = try await ask(identifier)
        if answer.isThrottled {
            let wait = bucket.wait(at: Date())
            guard wait <= Self.longestWait else { throw .limited(wait: wait) }
            guard (try? await Task.sleep(for: max(wait, .milliseconds(100)))) != nil else {
                throw .cancelled
            }
            answer = try await ask(identifier)
        }
        if answer.isThrottled { throw .limited(wait: bucket.wait(at: Date())) }
        switch answer.customer {
        case .object(let members)?: return facts(members)
        case .null? where answer.errors.isEmpty: return nil
        case _ where answer.isDenied: throw .refused(status: 403)
        default: throw .failed(reason: "it answered no customer")  // errors of a query, or no JSON
        }
    }

    private func ask(
        _ identifier: [String: JSONTree]
    ) async throws(ContactSourceError) -> ShopifyAnswer {
        let wait = bucket.take(at: Date())
        guard wait <= Self.longestWait else { throw .limited(wait: wait) }
        if wait > .zero, (try? await Task.sleep(for: wait)) == nil { throw .cancelled }
        let answer = try await connection.look(
            "POST", "/admin/api/\(settings.version)/graphql.json", query(identifier))
        guard answer.isSuccess else { throw ContactSourceError(answer) }
        let told = ShopifyAnswer(JSONTree(parsing: answer.body))
        bucket.note(told.cost, at: Date())
        return told
    }

    private func query(_ identifier: [String: JSONTree]) -> JSONTree {
        var parameters = "$id: CustomerIdentifierInput!"
        var selection = "id firstName lastName"
        var variables: [String: JSONTree] = ["id": .object(identifier)]
        if !settings.metafields.isEmpty {
            parameters += ", $namespace: String!"
            variables["namespace"] = .text(settings.namespace)
        }
        for (index, field) in settings.metafields.enumerated() {
            parameters += ", $k\(index): String!"
            variables["k\(index)"] = .text(field.source)
            selection += " f\(index): metafield(namespace: $namespace, key: $k\(index)) { value }"
        }
        let text = """
            query Caller(\(parameters)) { customer: customerByIdentifier(identifier: $id) \
            { \(selection) } }
            """
        return .object(["query": .text(text), "variables": .object(variables)])
    }

    private func facts(_ customer: [String: JSONTree]) -> ContactFacts {
        var fields: [String: String?] = [:]
        for (index, field) in settings.metafields.enumerated() {
            fields[field.name] = customer["f\(index)"]?["value"]?.text.map(Self.words)
        }
        return ContactFacts(
            externalID: customer["id"]?.text, firstName: customer["firstName"]?.text,
            lastName: customer["lastName"]?.text, fields: fields)
    }

    /// A metafield's value is always a text; that of a list is a JSON list.
    private static func words(_ value: String) -> String {
        guard value.hasPrefix("["), case .list(let list)? = JSONTree(parsing: Array(value.utf8))
        else { return value }
        return JSONTree.list(list).words ?? value
    }
}

/// What the GraphQL API answers: data, errors, and what the query has cost.
private struct ShopifyAnswer {
    /// `nil` when the answer has no data.
    let customer: JSONTree?
    let errors: [JSONTree]
    let cost: JSONTree?

    init(_ tree: JSONTree?) {
        customer = tree?["data"]?["customer"]
        errors = tree?["errors"]?.list ?? (tree?["errors"]?.text).map { [.text($0)] } ?? []
        cost = tree?["extensions"]?["cost"]
    }

    var isThrottled: Bool { errors.contains { $0["extensions"]?["code"]?.text == "THROTTLED" } }

    /// What is denied to an app comes as `null` with such an error.
    var isDenied: Bool { errors.contains { $0["extensions"]?["code"]?.text == "ACCESS_DENIED" } }
}
