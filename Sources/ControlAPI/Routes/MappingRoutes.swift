internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Records

/// Search terms that mean other terms, and what people think of tools' results.
struct MappingRoutes: Sendable {
    let store: any RecordStore
    let bodyOctetLimit: Int

    func add(to router: ControlRouter) {
        for base in ["/api/v1/mappings", "/api/v1/vapi/mappings"] {
            router.route(base, .get) { request, _ in
                let (isActiveOnly, page) = try request.query { fields in
                    (fields.optionalFlag("active") ?? true, fields.page())
                }
                let found = try await store.mappings(activeOnly: isActiveOnly, page: page)
                return try .json(MappingList(mappings: found.records, next: found.next))
            }
            router.route(base, .post) { request, _ in try await create(request) }
            router.route("\(base)/:id/review", .put) { request, context in
                try await review(request, context)
            }
        }
        router.route("/api/v1/tool-logs/:id/feedback", .put) { request, context in
            try await judge(request, context)
        }
    }

    private func create(_ request: Request) async throws -> Response {
        var mapping = try await request.body(octetLimit: bodyOctetLimit) { fields in
            let term = fields.text("search_term", length: 1...200)
            if !term.isEmpty, term.allSatisfy(\.isWhitespace) {
                fields.refuse("search_term", "is more than blanks", standIn: ())
            }
            return NewMapping(
                searchTerm: term, mappedTerms: fields.texts("mapped_terms"),
                source: fields.choice("source", default: .manual),
                learnedFromCallID: fields.optionalText("learned_from_call_id", length: 1...128))
        }
        if let id = mapping.learnedFromCallID {
            guard let call = try await store.call(id) else {
                throw Problem(
                    status: .unprocessableContent,
                    errors: [
                        FieldError(
                            detail: "learned_from_call_id is the id of a call.",
                            place: .body(pointer: "#/learned_from_call_id"))
                    ])
            }
            mapping.learnedFromCallID = call.summary.id
        }
        return try .json(try await store.add(mapping, at: Date()), status: .created)
    }

    private func review(_ request: Request, _ context: ControlContext) async throws -> Response {
        let problem = Problem.notFound("mapping")
        let id = try context.id("id", orElse: problem)
        let isApproved = try await request.body(octetLimit: bodyOctetLimit) { fields in
            fields.flag("approved")
        }
        let reviewed = try await store.review(
            mapping: id, approved: isApproved, by: context.principal?.actor ?? "anonymous",
            at: Date())
        guard let reviewed else { throw problem }
        return try .json(reviewed)
    }

    private func judge(_ request: Request, _ context: ControlContext) async throws -> Response {
        let problem = Problem.notFound("use of a tool")
        let id = try context.id("id", orElse: problem)
        let feedback = try await request.body(octetLimit: bodyOctetLimit) { fields in
            Feedback(
                id: id, userFeedback: fields.optionalChoice("user_feedback"),
                correctionApplied: fields.optionalFlag("correction_applied") ?? false)
        }
        let isKnown = try await store.judge(
            toolLog: id, feedback.userFeedback, correctionApplied: feedback.correctionApplied)
        guard isKnown else { throw problem }
        return try .json(feedback)
    }
}

private struct MappingList: Encodable {
    let mappings: [SearchTermMapping]
    let next: String?
}

private struct Feedback: Encodable {
    let id: String
    let userFeedback: ToolFeedback?
    let correctionApplied: Bool

    private enum CodingKeys: String, CodingKey {
        case id
        case userFeedback = "user_feedback"
        case correctionApplied = "correction_applied"
    }
}
