internal import Events
package import Foundation

/// Logs every ended call as a call engagement in HubSpot, at the contact with the caller's number
/// (protocols/crm.md §1).
///
/// A call that was logged before the gateway knew it was is found again: by a unique property of
/// HubSpot's calls where one is configured, else by its start, direction and number.
package struct HubSpotReceiver: OutboxReceiver {
    package struct Settings: Sendable {
        /// A unique property of calls that holds our call's id.
        package var callProperty: String?
        /// Callers who are not known become contacts.
        package var createsContacts = true

        package init() {}
    }

    package static let destination = "crm:hubspot"
    /// The other events do not matter to it.
    package static let sink = OutboxSink(destination: destination, types: [.callEnded])
    /// Standard accounts take 100 requests in 10 s, and 5 searches a second.
    package static let rates = [
        "": RequestRate(perSecond: 8, burst: 8), search: RequestRate(perSecond: 4, burst: 2),
    ]
    package let batchLimit = 1
    private let store: any RecordStore
    private let connection: CRMConnection
    private let settings: Settings
    static let search = "search"
    /// As records call it, with a contact's id there.
    static let system = "hubspot"
    /// HubSpot's association of a call with a contact.
    private static let callToContact = 194

    package init(
        _ store: any RecordStore, _ connection: CRMConnection, settings: Settings = Settings()
    ) {
        self.store = store
        self.connection = connection
        self.settings = settings
    }

    package func deliver(_ entries: [OutboxEntry], at now: Date) async -> [DeliveryOutcome] {
        var outcomes: [DeliveryOutcome] = []
        for entry in entries {
            do throws(CRMError) {
                try await log(entry, at: now)
                outcomes.append(.delivered)
            } catch {
                outcomes.append(error.outcome)
            }
        }
        return outcomes
    }

    private func log(_ entry: OutboxEntry, at now: Date) async throws(CRMError) {
        guard case .callEnded = entry.event.body else { return }
        let call: CallRecord?
        let conversation: Conversation?
        let analyses: [ConversationAnalysis]
        do {
            call = try await store.call(entry.event.callID)
            conversation = try await store.conversation(entry.conversationID)
            analyses = try await store.analyses(ofConversation: entry.conversationID)
        } catch {
            throw .noRecords
        }
        guard let call else { return }  // its records were deleted
        let engagement = HubSpotCall(
            call, transcript: conversation?.transcript,
            summary: analyses.compactMap(\.aiInsights).first)
        let contact = try await contactID(of: engagement.customerNumber, at: now)
        if let property = settings.callProperty {
            try await upsert(engagement, by: property, contact)
            return
        }
        var id = try await find(engagement)
        if id == nil {
            let answer = try await connection.send(
                "POST", "/crm/v3/objects/calls", .object(["properties": engagement.properties]))
            id = JSONTree(parsing: answer.body)?["id"]?.text
        }
        try await associate(id, contact)
    }

    private func upsert(
        _ engagement: HubSpotCall, by property: String, _ contact: String?
    ) async throws(CRMError) {
        let answer = try await connection.send(
            "POST", "/crm/v3/objects/calls/batch/upsert",
            .object([
                "inputs": .list([
                    .object([
                        "idProperty": .text(property), "id": .text(engagement.callID),
                        "properties": engagement.properties,
                    ])
                ])
            ]))
        let results = JSONTree(parsing: answer.body)?["results"]?.list
        try await associate(results?.first?["id"]?.text, contact)
    }

    /// Associating what is associated changes nothing.
    private func associate(_ call: String?, _ contact: String?) async throws(CRMError) {
        guard let call, let contact else { return }
        _ = try await connection.send(
            "PUT", "/crm/v4/objects/calls/\(call)/associations/default/contacts/\(contact)")
    }

    private func find(_ engagement: HubSpotCall) async throws(CRMError) -> String? {
        let answer = try await connection.send(
            "POST", "/crm/v3/objects/calls/search",
            .object([
                "filterGroups": .list([
                    .object([
                        "filters": .list(
                            engagement.identity.map { name, value in
                                .object([
                                    "propertyName": .text(name), "operator": .text("EQ"),
                                    "value": .text(value),
                                ])
                            })
                    ])
                ]),
                "properties": .list([.text("hs_timestamp")]), "limit": .integer(1),
            ]), rate: Self.search)
        return JSONTree(parsing: answer.body)?["results"]?.list?.first?["id"]?.text
    }
}

// MARK: Contacts

extension HubSpotReceiver {
    /// The contact with a number: as it is known here, as HubSpot finds it, or a new one.
    ///
    /// - Returns: `nil` where there are several, or none and none is to be made; nobody guesses.
    private func contactID(of number: String?, at now: Date) async throws(CRMError) -> String? {
        guard let number, let digits = HubSpotCall.searchableDigits(number) else { return nil }
        let known: Contact?
        do { known = try await store.contact(number: number) } catch { throw .noRecords }
        if let id = known?.externalIDs[Self.system] { return id }
        let answer = try await connection.send(
            "POST", "/crm/v3/objects/contacts/search", Self.contactSearch(number, digits),
            rate: Self.search)
        let found = (JSONTree(parsing: answer.body)?["results"]?.list ?? []).filter { contact in
            ["phone", "mobilephone"].contains { name in
                let value = contact["properties"]?[name]?.text ?? ""
                return value.filter(\.isWholeNumber).hasSuffix(digits)
            }
        }
        let same = found.filter { contact in
            let whole = number.filter(\.isWholeNumber)
            return ["phone", "mobilephone"].contains { name in
                contact["properties"]?[name]?.text?.filter(\.isWholeNumber) == whole
            }
        }
        guard same.count == 1 || found.count < 2 else { return nil }
        var id = (same.first ?? found.first)?["id"]?.text
        if id == nil, settings.createsContacts {
            let created = try await connection.send(
                "POST", "/crm/v3/objects/contacts",
                .object([
                    "properties": .object([
                        "phone": .text(number), "lifecyclestage": .text("lead"),
                    ])
                ]))
            id = JSONTree(parsing: created.body)?["id"]?.text
        }
        guard let id else { return nil }
        // HubSpot's search knows a new contact only after a while.
        var contact = known ?? Contact(id: UUID().uuidString.lowercased(), phoneNumber: number)
        if known == nil { contact.source = Self.system }
        contact.externalIDs[Self.system] = id
        do { try await store.keep(contact, at: now) } catch { throw .noRecords }
        return id
    }

    /// Who may have a number.
    ///
    /// - Parameters:
    ///   - number: E.164.
    ///   - digits: its last ones, as `HubSpotCall.searchableDigits` gives them.
    ///   - more: properties that are wanted beside name and numbers.
    /// - Returns: the body of a search.
    static func contactSearch(
        _ number: String, _ digits: String, properties more: [String] = []
    ) -> JSONTree {
        func group(_ property: String, _ comparison: String, _ value: String) -> JSONTree {
            .object([
                "filters": .list([
                    .object([
                        "propertyName": .text(property), "operator": .text(comparison),
                        "value": .text(value),
                    ])
                ])
            ])
        }
        return .object([
            "filterGroups": .list([
                group("hs_searchable_calculated_phone_number", "CONTAINS_TOKEN", "*" + digits),
                group("mobilephone", "EQ", number), group("phone", "EQ", number),
            ]),
            "properties": .list(
                (["firstname", "lastname", "phone", "mobilephone"] + more).map(JSONTree.text)),
            "limit": .integer(5),
        ])
    }
}
