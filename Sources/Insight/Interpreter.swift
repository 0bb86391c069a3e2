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
        let service = findService(in: words)
        // "tyre change ... appointment" must not read as changing an appointment.
        var rest = words
        if let service, service.range.count > 1 {
            rest.replaceSubrange(service.range, with: [Self.gap])
        }
        var verdict = classifier.classify(rest)
        var slots = Slots()
        slots.service = service?.id
        slots.orderNumber = orderNumber(in: words, isExpected: expectation == .orderNumber)
        if slots.orderNumber == nil {
            rest = words
            let found = DayExtraction(
                language: language, words: words, isExpected: expectation == .day
            ).find()
            if let found {
                slots.day = found.day
                rest.replaceSubrange(found.range, with: [Self.gap])
            }
            slots.time = TimeExtraction(
                language: language, words: rest,
                isExpected: expectation == .time || expectation == .confirmation
                    || expectation == .day && found != nil
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

    /// A word no rule knows: it keeps apart what stood around a part that was taken out.
    private static let gap = NormalizedText.Word(folded: "", display: "")

    /// The service with the longest phrase in the utterance, and where that stands.
    private func findService(in words: [NormalizedText.Word]) -> (id: String, range: Range<Int>)? {
        let folded = words.map(\.folded)
        var best: (id: String, range: Range<Int>)?
        for service in services {
            for phrase in service.phrases where phrase.count > best?.range.count ?? 0 {
                if let start = folded.indices.first(where: { folded[$0...].starts(with: phrase) }) {
                    best = (service.id, start..<start + phrase.count)
                }
            }
        }
        return best
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
