/// Turns runs of number words into digits: "twenty three" → 23, "treinta y cinco" → 35.
///
/// "un" and "una" stay words (they are articles) unless "la" or a number stands before them, as
/// in "a la una". "diez y cinco" stays apart: on a clock it is 10:05.
struct NumberWords {
    let language: SpokenLanguage

    func readingNumbers(in words: [NormalizedText.Word]) -> [NormalizedText.Word] {
        var result: [NormalizedText.Word] = []
        var index = 0
        while index < words.count {
            let word = words[index]
            if let value = digits(of: word.folded) {
                result.append(value)
                index += 1
            } else if language == .spanish,
                word.folded == "uno"
                    || word.folded == "una"
                        && (result.last?.folded == "la" || result.last?.number != nil)
            {
                result.append(.init(folded: "1", display: word.display, number: 1))
                index += 1
            } else if let reading = read(words, from: index) {
                let display = words[index..<index + reading.length].map(\.display)
                result.append(
                    .init(
                        folded: reading.isOrdinal ? word.folded : String(reading.value),
                        display: display.joined(separator: " "), number: reading.value,
                        isOrdinal: reading.isOrdinal))
                index += reading.length
            } else {
                result.append(word)
                index += 1
            }
        }
        return result
    }

    private struct Reading {
        var value: Int
        var length: Int
        var isOrdinal = false
    }

    /// "24" and "24th".
    private func digits(of folded: String) -> NormalizedText.Word? {
        let figures = folded.prefix { $0.isASCII && $0.isNumber }
        guard !figures.isEmpty, let value = Int(figures) else { return nil }
        let ending = folded.dropFirst(figures.count)
        guard ending.isEmpty || ["st", "nd", "rd", "th"].contains(ending) else { return nil }
        return .init(folded: folded, display: folded, number: value, isOrdinal: !ending.isEmpty)
    }

    /// The longest number starting at `start`.
    private func read(_ words: [NormalizedText.Word], from start: Int) -> Reading? {
        guard var reading = readBelowHundred(words, from: start) else {
            return readHundreds(words, from: start)
        }
        guard !reading.isOrdinal else { return reading }
        func follow(_ word: String) -> Bool {
            let next = start + reading.length
            return next < words.count && words[next].folded == word
        }
        if language == .english, follow("hundred") {
            reading = withRest(
                Reading(value: reading.value * 100, length: reading.length + 1), words, start)
        }
        if follow(language == .english ? "thousand" : "mil") {
            reading = withRest(
                Reading(value: reading.value * 1_000, length: reading.length + 1), words, start)
        }
        return reading
    }

    private func readHundreds(_ words: [NormalizedText.Word], from start: Int) -> Reading? {
        guard language == .spanish, let value = Self.spanishHundreds[words[start].folded] else {
            return nil
        }
        return withRest(Reading(value: value, length: 1), words, start)
    }

    /// Adds what follows a hundred or a thousand.
    private func withRest(
        _ head: Reading, _ words: [NormalizedText.Word], _ start: Int
    ) -> Reading {
        var next = start + head.length
        var length = head.length
        if language == .english, next < words.count, words[next].folded == "and" {
            next += 1
            length += 1
        }
        guard next < words.count, let rest = read(words, from: next), !rest.isOrdinal,
            rest.value < head.value
        else { return head }
        return Reading(value: head.value + rest.value, length: length + rest.length)
    }

    private func readBelowHundred(_ words: [NormalizedText.Word], from start: Int) -> Reading? {
        let first = words[start].folded
        if let value = ordinals[first] { return Reading(value: value, length: 1, isOrdinal: true) }
        guard let value = cardinals[first] else { return nil }
        guard value >= (language == .english ? 20 : 30), value % 10 == 0 else {
            return Reading(value: value, length: 1)
        }
        let next = language == .english ? start + 1 : start + 2
        guard next < words.count, language == .english || words[start + 1].folded == "y" else {
            return Reading(value: value, length: 1)
        }
        if let unit = cardinals[words[next].folded], (1...9).contains(unit) {
            return Reading(value: value + unit, length: next - start + 1)
        }
        if language == .english, let unit = ordinals[words[next].folded], unit < 10 {
            return Reading(value: value + unit, length: 2, isOrdinal: true)
        }
        if language == .spanish, ["un", "uno", "una"].contains(words[next].folded) {
            return Reading(value: value + 1, length: 3)
        }
        return Reading(value: value, length: 1)
    }

    private var cardinals: [String: Int] {
        language == .english ? Self.englishCardinals : Self.spanishCardinals
    }
    private var ordinals: [String: Int] {
        language == .english ? Self.englishOrdinals : Self.spanishOrdinals
    }

    private static let englishCardinals = [
        "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
        "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
        "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
        "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
        "seventy": 70, "eighty": 80, "ninety": 90,
    ]
    private static let englishOrdinals = [
        "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
        "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
        "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
        "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
    ]
    private static let spanishCardinals = [
        "cero": 0, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
        "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15,
        "dieciseis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20,
        "veintiun": 21, "veintiuno": 21, "veintiuna": 21, "veintidos": 22, "veintitres": 23,
        "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27,
        "veintiocho": 28, "veintinueve": 29, "treinta": 30, "cuarenta": 40, "cincuenta": 50,
        "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90,
    ]
    /// Spanish counts days with cardinals but for the first.
    private static let spanishOrdinals = ["primero": 1]
    private static let spanishHundreds = [
        "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300, "cuatrocientos": 400,
        "quinientos": 500, "seiscientos": 600, "setecientos": 700, "ochocientos": 800,
        "novecientos": 900, "mil": 1_000,
    ]
}
