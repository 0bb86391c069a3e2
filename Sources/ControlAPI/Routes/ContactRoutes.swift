internal import Foundation
internal import Hummingbird
internal import Records

/// `/api/v1/contacts/{number}`: what is kept of a person, and forgetting it.
struct ContactRoutes: Sendable {
    let store: any RecordStore
    /// Who looks callers up; `nil`: nobody does, and what was kept before is in the store.
    let directory: ContactDirectory?

    func add(to router: ControlRouter) {
        router.route("/api/v1/contacts/:number", .get) { _, context in
            let number = try number(context)
            let kept = try await store.contactLookups(of: number.text)
            guard kept.contact != nil || !kept.lookups.isEmpty else {
                throw Problem.notFound("contact")
            }
            return try .json(ContactDetail(number: number.text, kept.contact, kept.lookups))
        }
        router.route("/api/v1/contacts/:number", .delete) { _, context in
            let number = try number(context)
            let wasThere =
                if let directory {
                    try await directory.forget(number)
                } else {
                    try await store.forgetContact(number: number.text)
                }
            guard wasThere else { throw Problem.notFound("contact") }
            return Response(status: .noContent)
        }
    }

    /// The plus of a number may be left out in a path.
    private func number(_ context: ControlContext) throws(Problem) -> CallerNumber {
        let problem = Problem.notFound("contact")
        let text = try context.id("number", orElse: problem)
        guard let number = CallerNumber(text) ?? CallerNumber("+" + text) else { throw problem }
        return number
    }
}

/// All that is kept of a person but what was said in calls.
private struct ContactDetail: Encodable {
    struct Lookup: Encodable {
        let source: String
        let found: Bool
        let fetchedAt: String

        private enum CodingKeys: String, CodingKey {
            case source, found
            case fetchedAt = "fetched_at"
        }
    }

    let phoneNumber: String
    let id: String?
    let name: String?
    let email: String?
    let source: String?
    let externalIDs: [String: String]
    let attributes: [String: String]
    let lookups: [Lookup]

    init(number: String, _ contact: Contact?, _ lookups: [ContactLookup]) {
        phoneNumber = number
        id = contact?.id
        name = contact?.name
        email = contact?.email
        source = contact?.source
        externalIDs = contact?.externalIDs ?? [:]
        attributes = contact?.attributes ?? [:]
        self.lookups = lookups.sorted { $0.source < $1.source }.map {
            Lookup(
                source: $0.source, found: $0.facts != nil, fetchedAt: $0.fetched.recordText)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, email, source, attributes, lookups
        case phoneNumber = "phone_number"
        case externalIDs = "external_ids"
    }
}
