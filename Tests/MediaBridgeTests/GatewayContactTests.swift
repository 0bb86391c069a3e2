import Foundation
import ProviderSimulators
import Records
import Synchronization
import Testing

@testable import MediaBridge

/// Callers who are known by their number: a whole gateway, a caller on Twilio's socket and the
/// systems that know people, for integration tests over real sockets.
@Suite(.tags(.integration), .serialized) struct GatewayContactTests {
    private static let parameters = #"{"from":"+573001112233","to":"+5716012345"}"#

    private static func hubspot(_ server: SimulatedHubSpot) -> [String: String] {
        ["HUBSPOT_BASE_URL": server.url, "HUBSPOT_ACCESS_TOKEN": "pat-x"]
    }

    private static func shopify(_ server: SimulatedShopify) -> [String: String] {
        ["SHOPIFY_SHOP": server.url, "SHOPIFY_ACCESS_TOKEN": "shpat_x"]
    }

    /// A shop with one customer.
    private static func shop() async throws -> SimulatedShopify {
        let server = try await SimulatedShopify(token: "shpat_x")
        var customer = SimulatedShopify.Customer(
            id: "gid://shopify/Customer/123", firstName: "Ana", lastName: "Ruiz",
            phone: "+573001112233")
        customer.metafields = ["beta_skincare.skin_type": "Seca"]
        server.add(customer)
        return server
    }

    /// A call that hears the greeting.
    ///
    /// - Returns: what it was, and how long after the call's start its first audio came.
    private static func greeting(
        _ gateway: GatewayUnderTest, parameters: String = parameters,
        then body: (GatewayTwilioCaller) throws -> Void = { _ in }
    ) throws -> (text: String, wait: Duration) {
        let caller = try GatewayTwilioCaller(gateway)
        let start = caller.clock.now
        try caller.sendStart(parameters: parameters)
        #expect(try caller.hearsTheAnswer(), "no greeting")
        let wait = start.duration(to: try #require(caller.times.first))
        try body(caller)
        try caller.sendStop()
        #expect(try caller.waitsForEnd())
        #expect(caller.violations == [])
        let events = try gateway.events(of: try gateway.callID(of: caller.callSID))
        #expect(!events.contains { $0.type == "error" })
        let texts = events.filter { $0.type == "agent_speech" }
            .compactMap { $0.data["text"] as? String }
        return (try #require(texts.first), wait)
    }

    @Test func aKnownCallerIsGreetedByName() async throws {
        let server = try await SimulatedHubSpot(token: "pat-x")
        let contact = server.addContact(["phone": "+57 300 111 2233", "firstname": "Ana"])
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "contacts-\(UUID().uuidString)", directoryHint: .isDirectory)
        defer { try? FileManager.default.removeItem(at: directory) }
        let settings = [
            "agent": "intent", "contacts": "store,hubspot", "crm": "hubspot",
            "database": directory.appending(path: "records.sqlite").path(percentEncoded: false),
        ]
        let search = "POST /crm/v3/objects/contacts/search"
        for run in 1...2 {
            try await GatewayUnderTest.run(
                settings: settings, environment: Self.hubspot(server)
            ) { gateway in
                let (known, wait) = try Self.greeting(gateway)
                #expect(known == "Hello Ana, this is Luna Motors.")
                #expect(wait < .seconds(2))
                let (stranger, _) = try Self.greeting(
                    gateway, parameters: #"{"from":"anonymous"}"#)
                #expect(stranger == "Hello, this is Luna Motors.")
                #expect(try gateway.metric(#"mediabridge_callers_total{outcome="known"}"#) == 1)
                #expect(try gateway.metric(#"mediabridge_callers_total{outcome="withheld"}"#) == 1)
                let lookups = "mediabridge_contact_lookups_total"
                let outcome = run == 1 ? "found" : "kept"
                #expect(
                    try gateway.metric(
                        "\(lookups){source=\"hubspot\",outcome=\"\(outcome)\"}") == 1)
                // The CRM is told at once whose call it was.
                #expect(try await ContinuousClock.awaits { server.associations.count >= run })
            }
            #expect(server.associations.filter { $0.hasSuffix("-\(contact)") }.count == run)
            // One for the call, and one at each start whether the key is good.
            #expect(server.paths.count { $0 == search } == 1 + run)
        }
        let store = try SQLiteStore(.init(.file(settings["database"] ?? "")))
        let known = try #require(try await store.contact(number: "+573001112233"))
        #expect(known.name == "Ana")
        #expect(known.externalIDs == ["hubspot": contact])
        let calls = try await store.calls(matching: CallFilter(), page: PageRequest()).records
        let conversations = try await calls.asyncMap {
            try await store.conversation($0.conversationID)
        }
        #expect(conversations.count { $0?.userID == known.id } == 2)
        try await store.close()
        await server.stop()
    }

    @Test func aSlowSourceNeverDelaysTheGreeting() async throws {
        let server = try await Self.shop()
        let crm = try await SimulatedHubSpot(token: "pat-x")
        _ = crm.addContact([
            "phone": "+573001112233", "firstname": "Ana María", "lastname": "Ruiz",
        ])
        let asked = Mutex<[String]>([])
        let model = try await SimulatedChatCompletions(dialect: .ollama, key: nil, models: ["tiny"])
        { request in
            asked.withLock { $0.append(request.body) }
            return SimulatedModelAnswer("Good morning.")
        }
        crm.delay(.milliseconds(1_500))
        let yaml = """
            autoFallback: false
            ollama:
              model: tiny
              baseURL: \(model.url)
            """
        try await GatewayUnderTest.run(
            settings: [
                "agent": "ollama", "contacts": "hubspot,shopify",
                "systemPrompt": "The caller is called [{{name}}], skin [{{skin_type}}].",
            ], yaml: yaml,
            environment: Self.hubspot(crm).merging(Self.shopify(server)) { $1 }
        ) { gateway in
            asked.withLock { $0 = [] }
            let (_, wait) = try Self.greeting(gateway) { caller in
                // What the quick source knew was there in time, what the slow one knows is now.
                try caller.listen(frames: 90)
                #expect(try caller.asksAndIsAnswered())
            }
            #expect(wait >= .milliseconds(250), "the slow source was not waited for")
            #expect(wait < .milliseconds(1_300))
            let requests = asked.withLock { $0 }
            #expect(requests.count == 2)
            #expect(requests.first?.contains("called [Ana Ruiz], skin [Seca]") == true)
            #expect(requests.last?.contains("called [Ana María Ruiz], skin [Seca]") == true)
            #expect(requests.last?.contains("that of Ana Ruiz") == true)
            #expect(requests.last?.contains("that of Ana María Ruiz") == true)
        }
        await server.stop()
        await crm.stop()
        await model.stop()
    }

    @Test(arguments: [nil, 500, 429] as [Int?])
    func aSourceThatFailsIsNotMissed(status: Int?) async throws {
        let crm = try await SimulatedHubSpot(token: status == nil ? "another" : "pat-x")
        crm.breakDown(status)
        try await GatewayUnderTest.run(
            settings: ["agent": "intent", "contacts": "store,hubspot"],
            environment: Self.hubspot(crm)
        ) { gateway in
            let (text, wait) = try Self.greeting(gateway) { caller in
                let isAnswered = try caller.asksAndIsAnswered()
                #expect(isAnswered)
            }
            #expect(text == "Hello, this is Luna Motors.")
            #expect(wait < .milliseconds(1_300))
            let outcome = status == nil ? "refused" : status == 429 ? "limited" : "failed"
            #expect(
                try gateway.metric(
                    "mediabridge_contact_lookups_total{source=\"hubspot\",outcome=\"\(outcome)\"}")
                    >= 1)
            #expect(try gateway.metric(#"mediabridge_callers_total{outcome="unknown"}"#) == 1)
        }
        await crm.stop()
    }

    @Test func aSpeechAgentKnowsTheCallerAndLooksCustomersUp() async throws {
        let shop = try await Self.shop()
        let tool = (id: "call_1", name: "lookup_customer", arguments: #"{"customer_id":"123"}"#)
        let script = SimulatedAgentScript(
            [.init("Good morning"), .init("You are Ana", tool: tool)], words: ["who am i"])
        let server = try await SimulatedElevenLabsAgent(script)
        let settings = [
            "speechAgent: elevenlabs\nelevenlabs:\n  agent:\n    id: agent_1\n    baseURL":
                server.url,
            "contacts": "shopify",
        ]
        try await GatewayUnderTest.run(
            settings: settings,
            environment: Self.shopify(shop).merging(["ELEVENLABS_API_KEY": "test-key"]) { $1 }
        ) { gateway in
            let caller = try GatewayTwilioCaller(gateway)
            try caller.sendStart(parameters: Self.parameters)
            #expect(try caller.hearsTheAnswer(), "the greeting")
            try caller.say(frames: 30)
            #expect(try caller.hearsTheAnswer(), "the answer")
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
            let events = try gateway.events(of: try gateway.callID(of: caller.callSID))
            let result = try #require(events.first { $0.type == "tool_result" }?.data)
            #expect(
                result["result"] as? String
                    == #"{"fields":{"skin_type":"Seca"},"found":true,"name":"Ana Ruiz"}"#)
        }
        let messages = server.log.all.messages.compactMap { try? jsonObject($0) }
        let opening = try #require(messages.first)
        let variables = try #require(opening["dynamic_variables"] as? [String: Any])
        #expect(variables["name"] as? String == "Ana Ruiz")
        #expect(variables["first_name"] as? String == "Ana")
        #expect(variables["skin_type"] as? String == "Seca")
        // Named in templates, and not known of her.
        #expect(variables["skin_concerns"] as? String == "")
        let note = messages.first { $0["type"] as? String == "contextual_update" }
        #expect((note?["text"] as? String)?.contains("that of Ana Ruiz") == true)
        await server.stop()
        await shop.stop()
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(
        _ transform: (Element) async throws -> Value
    ) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
