internal import Events
internal import Foundation
internal import HTTPTypes
internal import Records

/// The body of `POST /webhooks/`, judged.
struct WebhookInput: Sendable {
    let webhook: NewWebhook
    let host: String
    /// It was made here, and is told once.
    let secretIsNew: Bool

    /// Events of the contract that calls do not have yet are welcome.
    static let eventNames =
        Set(EventType.allCases.map(\.rawValue))
        .union(["callback_scheduled", "sentiment_alert", "sentiment", "context_issue", "*"])

    private struct Body: Decodable {
        let url: String
        let events: [String]
        let description: String?
        let secret: String?
        let generateSecret: Bool?

        enum CodingKeys: String, CodingKey {
            case url, events, description, secret
            case generateSecret = "generate_secret"
        }
    }

    init(parsing octets: Data, allowsPrivate: Bool) throws(Problem) {
        guard let body = try? JSONDecoder().decode(Body.self, from: octets) else {
            throw .badRequest(
                "The body is a JSON object with url (text), events (list of names), and optionally "
                    + "description, secret (texts) or generate_secret (true).")
        }
        host = try Self.host(of: body.url, allowsPrivate: allowsPrivate)
        let names = body.events
        guard !names.isEmpty, names.count <= 64, names.allSatisfy(Self.eventNames.contains) else {
            throw .invalid(
                "events names at least one of: \(Self.eventNames.sorted().joined(separator: ", "))."
            )
        }
        guard (body.description ?? "").count <= 500 else {
            throw .invalid("description has 500 characters at most.")
        }
        secretIsNew = body.generateSecret == true
        if secretIsNew, body.secret != nil {
            throw .invalid("Give a secret or ask for one by generate_secret, not both.")
        }
        if let secret = body.secret {
            guard (16...256).contains(secret.utf8.count),
                secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else { throw .invalid("secret has 16 to 256 visible ASCII characters.") }
            if secret.hasPrefix("whsec_") {
                guard let key = Data(base64Encoded: String(secret.dropFirst(6))), key.count >= 16
                else { throw .invalid("A secret that begins with whsec_ goes on in base64.") }
            }
        }
        var seen: Set<String> = []
        webhook = NewWebhook(
            url: body.url, events: names.filter { seen.insert($0).inserted },
            description: body.description,
            secret: secretIsNew ? WebhookSignature.secret() : body.secret)
    }

    private static func host(of text: String, allowsPrivate: Bool) throws(Problem) -> String {
        guard text.utf8.count <= 2_048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let url = URL(string: text), let scheme = url.scheme?.lowercased(),
            let host = url.host, !host.isEmpty, !host.contains("%")
        else { throw .invalid("url is an address such as https://host/path.") }
        guard scheme == "https" || (allowsPrivate && scheme == "http") else {
            throw .invalid("url begins with https://.")
        }
        guard url.user == nil, url.password == nil else {
            throw .invalid("url holds no name or password; use a secret.")
        }
        guard url.fragment == nil else { throw .invalid("url has no fragment.") }
        return host
    }
}

/// The body of a redelivery: one entry, or all.
struct RedeliveryInput: Sendable {
    let entryID: Int64?

    private struct Body: Decodable {
        let entryID: Int64?

        enum CodingKeys: String, CodingKey { case entryID = "entry_id" }
    }

    init(_ octets: Data) throws(Problem) {
        guard !octets.isEmpty else {
            entryID = nil
            return
        }
        guard let body = try? JSONDecoder().decode(Body.self, from: octets) else {
            throw .badRequest("The body is empty or {\"entry_id\": number}.")
        }
        entryID = body.entryID
    }
}

extension Problem {
    fileprivate static func invalid(_ detail: String) -> Problem {
        Problem(status: .unprocessableContent, detail: detail)
    }
}
