/// Writes the JSGF grammar of what the agent can understand at one point of the dialogue.
///
/// Recognisers without dictation then choose among sentences the rules will understand. Words are
/// lower case and without accents. Tags (`{day}`, `{agendar_cita}`) name what the `Interpreter`
/// finds in the part before them; recognisers ignore them. Weights (`/8/`) make days of the week
/// likelier than dates, which a recogniser otherwise reads into noise.
package struct GrammarBuilder: Sendable {
    private let rules: [String: String]
    private let order: [String]
    private let language: SpokenLanguage

    package init(language: SpokenLanguage, services: [ServiceTerms]) {
        self.language = language
        var rules: [(String, String)] =
            switch language {
            case .english: Self.english
            case .spanish: Self.spanish
            }
        let phrases = services.flatMap { $0.phrases.prefix(Self.phrasesPerService) }
            .map(NormalizedText.folding)
        rules.append(("service", Self.alternatives(phrases) + " {service}"))
        rules.append(("name", Self.alternatives(Self.names(of: language)) + " {name}"))
        self.rules = Dictionary(rules) { first, _ in first }
        order = rules.map(\.0)
    }

    /// The grammar for an answer to what was just asked.
    package func grammar(for expectation: ExpectedAnswer) -> String {
        let start = Self.startRules(for: expectation)
        let needed = reachable(from: start)
        var lines = ["#JSGF V1.0;", "grammar dialogue;"]
        lines.append("public <utterance> = \(start.map { "<\($0)>" }.joined(separator: " | "));")
        for name in order where needed.contains(name) {
            if let body = rules[name] { lines.append("<\(name)> = \(body);") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Every word a grammar of `language` can hold, sorted; what a dictionary must know.
    package static func vocabulary(
        language: SpokenLanguage, services: [ServiceTerms] = []
    ) -> [String] {
        let builder = GrammarBuilder(language: language, services: services)
        var words: Set<String> = []
        for expectation in ExpectedAnswer.allCases {
            words.formUnion(builder.words(for: expectation))
        }
        return words.sorted()
    }

    private func words(for expectation: ExpectedAnswer) -> Set<String> {
        var words: Set<String> = []
        for name in reachable(from: Self.startRules(for: expectation)) {
            let body = rules[name] ?? ""
            let cuts: Set<Character> = ["(", ")", "[", "]", "|", " ", "\n"]
            for piece in body.split(whereSeparator: cuts.contains)
            where !["<", "{", "/"].contains(piece.first) {
                words.insert(String(piece))
            }
        }
        return words
    }

    /// Rule names reachable from `start`, `start` included.
    private func reachable(from start: [String]) -> Set<String> {
        var found: Set<String> = []
        var open = start
        while let name = open.popLast() {
            guard found.insert(name).inserted else { continue }
            let pieces = (rules[name] ?? "").split(
                separator: "<", omittingEmptySubsequences: false)
            for piece in pieces.dropFirst() {
                open.append(String(piece.prefix { $0 != ">" }))
            }
        }
        return found
    }

    private static func startRules(for expectation: ExpectedAnswer) -> [String] {
        switch expectation {
        case .anything: ["request", "information", "answer", "greeting", "command"]
        case .service: ["wish", "book", "price", "command"]
        case .day: ["when", "correction", "aside", "command"]
        case .time: ["moment", "correction", "aside", "command"]
        case .name: ["who", "aside", "command"]
        case .orderNumber: ["order", "command"]
        case .confirmation: ["answer", "moment", "correction", "wish", "aside", "command"]
        }
    }

    /// More ways to say a service would be taken for other sentences; these are the usual ones.
    private static let phrasesPerService = 2

    private static func names(of language: SpokenLanguage) -> [String] {
        switch language {
        case .english: GivenNames.english + GivenNames.spanish
        case .spanish: GivenNames.spanish
        }
    }

    private static func alternatives(_ phrases: [String]) -> String {
        "( \(phrases.isEmpty ? "<NULL>" : phrases.joined(separator: " | ")) )"
    }
}
