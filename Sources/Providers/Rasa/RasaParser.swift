internal import FoundationEssentials
package import Pipeline

/// What Rasa's language understanding makes of a sentence.
package struct RasaReading: Equatable, Sendable, Decodable {
    package struct Intent: Equatable, Sendable, Decodable {
        /// `nil` for a text without words.
        package let name: String?
        package let confidence: Double
    }

    package struct Entity: Equatable, Sendable, Decodable {
        package let entity: String
        package let value: JSONValue
        /// Offsets in Unicode code points.
        package let start: Int?
        package let end: Int?
        package let role: String?
        package let group: String?
        /// By the extractor that counts it, under either of its names.
        package let confidence: Double?

        private enum CodingKeys: String, CodingKey {
            case entity, value, start, end, role, group, confidence
            case entityConfidence = "confidence_entity"
        }

        package init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            entity = try fields.decode(String.self, forKey: .entity)
            value = try fields.decodeIfPresent(JSONValue.self, forKey: .value) ?? .null
            start = try fields.decodeIfPresent(Int.self, forKey: .start)
            end = try fields.decodeIfPresent(Int.self, forKey: .end)
            role = try fields.decodeIfPresent(String.self, forKey: .role)
            group = try? fields.decodeIfPresent(String.self, forKey: .group)
            confidence =
                try fields.decodeIfPresent(Double.self, forKey: .entityConfidence)
                ?? fields.decodeIfPresent(Double.self, forKey: .confidence)
        }
    }

    private static let fallback = "nlu_fallback"

    package let intent: Intent
    /// Most likely first; may be empty.
    package let ranking: [Intent]
    package let entities: [Entity]

    private enum CodingKeys: String, CodingKey {
        case intent, entities
        case ranking = "intent_ranking"
    }

    package init(from decoder: any Decoder) throws {
        let reading = try decoder.container(keyedBy: CodingKeys.self)
        intent =
            try reading.decodeIfPresent(Intent.self, forKey: .intent)
            ?? Intent(name: nil, confidence: 0)
        ranking = try reading.decodeIfPresent([Intent].self, forKey: .ranking) ?? []
        entities = try reading.decodeIfPresent([Entity].self, forKey: .entities) ?? []
    }

    /// The intent, if the server is sure of it.
    ///
    /// The confidence of its fallback means nothing, so the name alone rules that out.
    package func intent(threshold: Double) -> String? {
        guard intent.name != Self.fallback, intent.confidence >= threshold else { return nil }
        return intent.name
    }

    /// What it would be at best, sure or not.
    package var bestGuess: Intent? {
        ([intent] + ranking).first { $0.name != nil && $0.name != Self.fallback }
    }
}

/// Asks a Rasa server what a sentence means, apart from any dialogue; may be asked again freely.
package struct RasaParser: Sendable {
    private let configuration: RasaConfiguration
    private let http: ProviderHTTP

    /// - Parameters:
    ///   - configuration: where it is.
    ///   - http: shared by all engines.
    package init(_ configuration: RasaConfiguration, http: ProviderHTTP) {
        self.configuration = configuration
        self.http = http
    }

    /// The whole reading of a sentence; an unsure one too.
    package func reading(of text: String) async throws(ProviderFailure) -> RasaReading {
        let request = configuration.request(
            "model/parse", body: ["text": .string(RasaText.escaped(text))])
        let body: [UInt8]
        let status: Int
        do {
            let answer = try await http.send(request)
            status = answer.status
            body = try await answer.body.collect(upTo: 1 << 20)
        } catch {
            throw ProviderFailure(http: error)
        }
        guard status == 200 else { throw ProviderFailure(rasaStatus: status) }
        guard let reading = try? JSONDecoder().decode(RasaReading.self, from: Data(body)) else {
            throw .garbage
        }
        return reading
    }

    /// The intent, if it is at least as sure as the configuration asks; `nil`: not understood.
    package func intent(of text: String) async throws(ProviderFailure) -> String? {
        try await reading(of: text).intent(threshold: configuration.confidenceThreshold)
    }
}
