/// Reads an utterance: its intent and what it says about service, day, time, name and order.
package struct Interpreter: Sendable {
    private let language: SpokenLanguage
    private let classifier: IntentClassifier
    private let services: [(id: String, phrases: [[String]])]

    package init(language: SpokenLanguage, services: [ServiceTerms]) {
        self.language = language
        classifier = IntentClassifier(language: language)
        self.services = services.map { service in
            let phrases = service.phrases.map { phrase in
                NormalizedText(phrase, language: language).words.map(\.folded)
            }
            return (service.id, phrases)
        }
    }

    package func understand(_ text: String, expecting expectation: ExpectedAnswer) -> Understanding
    {
        let normalized = NormalizedText(text, language: language)
        let words = normalized.words
        var verdict = classifier.classify(normalized)
        var slots = Slots()
        let service = findService(in: words)
        slots.service = service
        slots.orderNumber = orderNumber(in: words, isExpected: expectation == .orderNumber)
        if slots.orderNumber == nil {
            var rest = words
            let found = DayExtraction(
                language: language, words: words, isExpected: expectation == .day
            ).find()
            if let found {
                slots.day = found.day
                // A word no rule knows keeps what stood around the day apart.
                let gap = NormalizedText.Word(folded: "", display: "")
                rest.replaceSubrange(found.range, with: [gap])
            }
            slots.time = TimeExtraction(
                language: language, words: rest,
                isExpected: expectation == .time || expectation == .day && found != nil
            ).find()
        }
        slots.name = NameExtraction(
            language: language, isExpected: expectation == .name,
            isOtherwiseUnderstood: verdict.confidence >= 0.6
        ).find(in: words)
        if verdict.intent == .unknown, service != nil {
            verdict = .init(intent: .book, confidence: 0.6)
        }
        if expectation == .orderNumber, slots.orderNumber != nil, verdict.intent == .unknown {
            verdict = .init(intent: .orderStatus, confidence: 0.6)
        }
        return Understanding(
            intent: verdict.intent, confidence: verdict.confidence, slots: slots)
    }

    /// The service with the longest phrase in the utterance.
    private func findService(in words: [NormalizedText.Word]) -> String? {
        let folded = words.map(\.folded)
        var best: (id: String, length: Int)?
        for service in services {
            for phrase in service.phrases where phrase.count > best?.length ?? 0 {
                let isThere = folded.indices.contains { folded[$0...].starts(with: phrase) }
                if isThere { best = (service.id, phrase.count) }
            }
        }
        return best?.id
    }

    /// Digits after "order", or any four and more when an order number was asked for.
    private func orderNumber(in words: [NormalizedText.Word], isExpected: Bool) -> String? {
        let nouns = ["order", "pedido", "orden", "encargo"]
        var start = words.startIndex
        if let noun = words.firstIndex(where: { nouns.contains($0.folded) }) {
            start = noun + 1
        } else if !isExpected {
            return nil
        }
        var digits = ""
        for word in words[start...] {
            if let number = word.cardinal {
                digits += word.folded.allSatisfy(\.isNumber) ? word.folded : String(number)
            } else if !digits.isEmpty {
                break
            }
        }
        return (3...10).contains(digits.count) ? digits : nil
    }
}
