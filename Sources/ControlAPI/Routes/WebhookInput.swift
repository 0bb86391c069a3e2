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
}

extension RequestFields {
    /// The body `{"url", "events", "description"?, "secret"?, "generate_secret"?}`.
    mutating func webhook(allowsPrivate: Bool) -> WebhookInput {
        let url = text("url", length: 1...2_048)
        let secretIsNew = optionalFlag("generate_secret") ?? false
        let given = secret()
        if secretIsNew, given != nil {
            refuse("secret", "is given, or made by generate_secret, not both", standIn: ())
        }
        return WebhookInput(
            webhook: NewWebhook(
                url: url, events: eventNames(),
                description: optionalText("description", length: 0...500),
                secret: secretIsNew ? WebhookSignature.secret() : given),
            host: host(of: url, allowsPrivate: allowsPrivate), secretIsNew: secretIsNew)
    }

    /// The body of a redelivery: one entry, or `nil` for all.
    mutating func entryID() -> Int64? {
        let id = number("entry_id", in: 0...Int.max, default: -1)
        return id < 0 ? nil : Int64(id)
    }

    private mutating func eventNames() -> [String] {
        let names = texts("events", count: 1...64, length: 1...64)
        guard names.allSatisfy({ $0.isEmpty || WebhookInput.eventNames.contains($0) }) else {
            let known = WebhookInput.eventNames.sorted().joined(separator: ", ")
            return refuse("events", "names at least one of: \(known)", standIn: [])
        }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    private mutating func secret() -> String? {
        guard let secret = optionalText("secret", length: 16...256), !secret.isEmpty else {
            return nil
        }
        guard secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return refuse("secret", "has visible ASCII characters only", standIn: nil)
        }
        guard secret.hasPrefix("whsec_") else { return secret }
        guard let key = Data(base64Encoded: String(secret.dropFirst(6))), key.count >= 16 else {
            return refuse("secret", "goes on in base64 where it begins with whsec_", standIn: nil)
        }
        return secret
    }

    private mutating func host(of text: String, allowsPrivate: Bool) -> String {
        guard !text.isEmpty else { return "" }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let url = URL(string: text),
            let scheme = url.scheme?.lowercased(), let host = url.host, !host.isEmpty,
            !host.contains("%")
        else { return refuse("url", "is an address such as https://host/path", standIn: "") }
        guard scheme == "https" || (allowsPrivate && scheme == "http") else {
            return refuse("url", "begins with https://", standIn: host)
        }
        guard url.user == nil, url.password == nil else {
            return refuse("url", "holds no name or password; use a secret", standIn: host)
        }
        guard url.fragment == nil else { return refuse("url", "has no fragment", standIn: host) }
        return host
    }
}
