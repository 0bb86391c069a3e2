/// Generates random sentences of a JSGF grammar, with the tags they passed.
///
/// Reads the part of JSGF the grammars use: rules, alternatives, groups, options, tags.
struct JSGFSentences {
    struct Sentence {
        var words: [String] = []
        var tags: [String] = []
    }
    private indirect enum Node {
        case word(String)
        case rule(String)
        case sequence([Node])
        case alternatives([Node])
        case optional(Node)
        case tagged(Node, String)
    }
    private var rules: [String: Node] = [:]

    init(_ grammar: String) {
        for statement in grammar.split(separator: ";").dropFirst(2) {
            let halves = statement.split(separator: "=", maxSplits: 1)
            guard halves.count == 2 else { continue }
            let name = halves[0].drop { $0 != "<" }.dropFirst().prefix { $0 != ">" }
            var tokens = Self.tokens(halves[1])[...]
            rules[String(name)] = Self.alternatives(&tokens)
        }
    }

    func sentence(using random: inout SeededRandom) -> Sentence {
        var sentence = Sentence()
        expand(.rule("utterance"), into: &sentence, &random)
        return sentence
    }

    /// Whether the grammar has exactly this sentence.
    func accepts(_ text: String) -> Bool {
        let words = text.split(separator: " ").map(String.init)
        return ends(of: .rule("utterance"), in: words, from: 0).contains(words.count)
    }

    /// Where `node` can end when it starts at `start`.
    private func ends(of node: Node, in words: [String], from start: Int) -> Set<Int> {
        switch node {
        case .word(let word): words.dropFirst(start).first == word ? [start + 1] : []
        case .rule(let name): rules[name].map { ends(of: $0, in: words, from: start) } ?? []
        case .sequence(let nodes):
            nodes.reduce([start]) { starts, node in
                Set(starts.flatMap { ends(of: node, in: words, from: $0) })
            }
        case .alternatives(let nodes):
            Set(nodes.flatMap { ends(of: $0, in: words, from: start) })
        case .optional(let node): ends(of: node, in: words, from: start).union([start])
        case .tagged(let node, _): ends(of: node, in: words, from: start)
        }
    }

    private func expand(_ node: Node, into sentence: inout Sentence, _ random: inout SeededRandom) {
        switch node {
        case .word(let word): sentence.words.append(word)
        case .rule(let name):
            guard let body = rules[name] else {
                sentence.words.append("<\(name)>")
                return
            }
            expand(body, into: &sentence, &random)
        case .sequence(let nodes):
            for node in nodes { expand(node, into: &sentence, &random) }
        case .alternatives(let nodes):
            if let node = nodes.randomElement(using: &random) {
                expand(node, into: &sentence, &random)
            }
        case .optional(let node):
            if Bool.random(using: &random) { expand(node, into: &sentence, &random) }
        case .tagged(let node, let tag):
            expand(node, into: &sentence, &random)
            sentence.tags.append(tag)
        }
    }

    private static func tokens(_ text: Substring) -> [String] {
        var tokens: [String] = []
        var current = ""
        for character in text {
            switch character {
            case " ", "\n", "(", ")", "[", "]", "|":
                if !current.isEmpty { tokens.append(current) }
                current = ""
                if !character.isWhitespace { tokens.append(String(character)) }
            default: current.append(character)
            }
        }
        return current.isEmpty ? tokens : tokens + [current]
    }

    private static func alternatives(_ tokens: inout ArraySlice<String>) -> Node {
        var nodes = [sequence(&tokens)]
        while tokens.first == "|" {
            tokens.removeFirst()
            nodes.append(sequence(&tokens))
        }
        return nodes.count == 1 ? nodes[0] : .alternatives(nodes)
    }

    private static func sequence(_ tokens: inout ArraySlice<String>) -> Node {
        var nodes: [Node] = []
        while let token = tokens.first, ![")", "]", "|"].contains(token) {
            tokens.removeFirst()
            if token == "(" || token == "[" {
                let inner = alternatives(&tokens)
                tokens = tokens.dropFirst()
                nodes.append(token == "(" ? inner : .optional(inner))
            } else if token.hasPrefix("{") {
                let last = nodes.removeLast()
                nodes.append(.tagged(last, String(token.dropFirst().dropLast())))
            } else if token.hasPrefix("/") {
                continue
            } else if token.hasPrefix("<") {
                nodes.append(.rule(String(token.dropFirst().dropLast())))
            } else {
                nodes.append(.word(token))
            }
        }
        return .sequence(nodes)
    }
}

/// The same numbers for the same seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
