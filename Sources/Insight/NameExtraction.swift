/// Finds the caller's name in an utterance.
struct NameExtraction {
    let language: SpokenLanguage
    /// The caller was asked for a name, so a bare word is one.
    let isExpected: Bool
    /// The utterance has a clear intent of its own, so a bare word must be a known name.
    let isOtherwiseUnderstood: Bool

    func find(in words: [NormalizedText.Word]) -> String? {
        for cue in strongCues {
            if let end = endOf(cue, in: words), let name = name(in: words[end...]) { return name }
        }
        for cue in weakCues {
            guard let end = endOf(cue, in: words), let first = words[safe: end] else { continue }
            if isKnown(first), let name = name(in: words[end...]) { return name }
        }
        guard isExpected else { return nil }
        var start = words.startIndex
        while let word = words[safe: start], fillers.contains(word.folded) { start += 1 }
        var end = words.endIndex
        while end > start, fillers.contains(words[end - 1].folded) { end -= 1 }
        let rest = words[start..<end]
        guard let first = rest.first, rest.count <= 4 else { return nil }
        if isOtherwiseUnderstood, !isKnown(first) { return nil }
        guard rest.allSatisfy(isNameLike) else { return isKnown(first) ? name(in: rest) : nil }
        return name(in: rest)
    }

    /// Up to three name-like words from the front, capitalised.
    private func name(in words: ArraySlice<NormalizedText.Word>) -> String? {
        let parts = words.prefix { isNameLike($0) && !fillers.contains($0.folded) }.prefix(3)
        guard !parts.isEmpty else { return nil }
        return parts.map { $0.display.prefix(1).uppercased() + $0.display.dropFirst() }
            .joined(separator: " ")
    }

    private func isNameLike(_ word: NormalizedText.Word) -> Bool {
        word.number == nil && !Self.commonWords(language).contains(word.folded)
            && DayExtraction.weekday(word.folded, language) == nil
    }

    private func isKnown(_ word: NormalizedText.Word) -> Bool {
        GivenNames.all.contains(word.folded)
    }

    private func endOf(_ cue: [String], in words: [NormalizedText.Word]) -> Int? {
        let folded = words.map(\.folded)
        let start = folded.indices.first { folded[$0...].starts(with: cue) }
        return start.map { $0 + cue.count }
    }

    private var strongCues: [[String]] {
        switch language {
        case .english:
            [
                ["my", "name", "is"], ["the", "name", "is"], ["name", "is"], ["call", "me"],
                ["under", "the", "name", "of"], ["under", "the", "name"],
                ["in", "the", "name", "of"],
                ["name", "of"],
            ]
        case .spanish:
            [
                ["me", "llamo"], ["mi", "nombre", "es"], ["a", "nombre", "de"], ["nombre", "de"],
                ["el", "nombre", "es"], ["nombre", "es"], ["se", "llama"],
            ]
        }
    }

    private var weakCues: [[String]] {
        switch language {
        case .english: [["i", "am"], ["this", "is"], ["it", "is"], ["for"], ["under"]]
        case .spanish: [["soy"], ["para"], ["habla"], ["es"]]
        }
    }

    /// Words around a name that are not part of it.
    private var fillers: Set<String> {
        switch language {
        case .english:
            [
                "uh", "um", "er", "well", "yes", "yeah", "it", "is", "the", "name", "sure", "ok",
                "okay", "my", "i", "am", "this", "for", "under", "please", "hello", "hi", "thanks",
                "here", "speaking", "mister", "mr", "mrs", "miss", "ms", "just", "put", "of", "oh",
            ]
        case .spanish:
            [
                "eh", "pues", "si", "es", "el", "la", "nombre", "claro", "vale", "mi", "soy", "a",
                "de", "para", "por", "favor", "hola", "gracias", "senor", "senora", "este", "me",
                "llamo", "don", "dona", "bueno", "ponga", "ah",
            ]
        }
    }

    private static func commonWords(_ language: SpokenLanguage) -> Set<String> {
        switch language {
        case .english: englishWords
        case .spanish: spanishWords
        }
    }

    private static let englishWords = words(
        """
        a about afternoon again all am an and any appointment are as at back be because been before \
        book but by bye can cancel car change check come could day did do does done else evening for \
        forget from get give go goodbye good had have hear hello help here him her his how human i if \
        in is it its just know later let like listen make mean me mind minute moment morning my name \
        need never no noon not nothing now of off oh oil ok okay on one open or order our out pardon \
        past person please price quarter question ready repeat right said say should sorry speak stop \
        sure talk tell than thank thanks that the them then there they thing think this time to today \
        tomorrow too tyre tire up us wait want was we well were what when where which who why will \
        with would wrong yes yet you your half oclock next inspection brakes brake service
        """)
    private static let spanishWords = words(
        """
        a aceite adios ahi ahora al algo aqui asi aunque ayuda bien buenas buenos cambio cancelar cita \
        claro coche como con cosa creo cual cuando cuanto dar de del decir desde dia digo donde el \
        ella en entonces era eres es esa ese eso espera esta estan este esto favor frenos fue gracias \
        hablar hace hacer hasta hay hola hora hoy humano idea la las le les llama lo los luego manana \
        mas me media menos mi mientras mismo mucho muy nada ni no nombre nos nuestro o oiga otra otro \
        para pedido pero persona poco por porque precio puede puedo pues que quien quiere quiero \
        repetir repita saber se ser si sin sobre son soy su tal tambien tarde te tener tengo tiene todo \
        tu un una usted va vale vez voy y ya yo cuarto proximo revision llamo
        """)

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }
}
