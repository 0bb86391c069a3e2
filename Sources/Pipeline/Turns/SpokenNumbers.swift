/// Counts the digits in numbers as they are dictated: "double five", "treinta y cuatro", "555-12".
struct SpokenNumbers: Sendable {
    /// How many digits a word writes, and how many of them the words after it may still fill in.
    private struct Width {
        let digits: Int
        let fillable: Int
    }

    private let widths: [String: Width]
    /// Multiply what follows: "double five".
    private let repeats: [String: Int]
    private let joints: Set<String>

    init(language: Language) {
        let units: String
        let teens: String
        let tens: String
        let hundreds: String
        switch language {
        case .english:
            units = "zero oh o nought one two three four five six seven eight nine"
            teens =
                "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
            tens = "twenty thirty forty fifty sixty seventy eighty ninety"
            hundreds = "hundred"
            repeats = ["double": 2, "triple": 3]
            joints = ["and"]
        case .spanish:
            units = "cero un uno una dos tres cuatro cinco seis siete ocho nueve"
            teens = """
                diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve \
                veintiuno veintiun veintiuna veintidos veintitres veinticuatro veinticinco \
                veintiseis veintisiete veintiocho veintinueve
                """
            tens = "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"
            hundreds = """
                cien ciento doscientos trescientos cuatrocientos quinientos seiscientos \
                setecientos ochocientos novecientos
                """
            repeats = ["doble": 2, "triple": 3]
            joints = ["y"]
        }
        var widths: [String: Width] = [:]
        for (words, width) in [
            (units, Width(digits: 1, fillable: 0)), (teens, Width(digits: 2, fillable: 0)),
            (tens, Width(digits: 2, fillable: 1)), (hundreds, Width(digits: 3, fillable: 2)),
            ("thousand mil", Width(digits: 4, fillable: 3)),
        ] {
            for word in words.split(separator: " ") { widths[String(word)] = width }
        }
        self.widths = widths
    }

    private static let multipliers: Set<String> = ["hundred", "thousand", "mil"]

    func isNumber(_ word: String) -> Bool {
        widths[word] != nil || word.contains(where: \.isNumber)
    }

    /// Adds up what the number words and figures among `words` write.
    ///
    /// - Parameter words: in lower case, without accents.
    /// - Returns: digits, as they stand on a keypad: "doscientos cinco" is three.
    func digitCount(in words: [String]) -> Int {
        var count = 0
        var fillable = 0
        var times = 1
        var previous = 0
        for word in words {
            if let factor = repeats[word] {
                times = factor
                fillable = 0
            } else if let width = widths[word] {
                if width.digits <= fillable {
                    fillable = width.fillable
                } else if Self.multipliers.contains(word), previous > 0 {  // "five hundred"
                    count += width.digits - 1
                    fillable = width.fillable
                } else {
                    count += width.digits * times
                    fillable = width.fillable
                }
                previous = width.digits
                times = 1
            } else if word.contains(where: \.isNumber) {
                count += word.count(where: \.isNumber) * times
                fillable = 0
                previous = 0
                times = 1
            } else if !joints.contains(word) {
                fillable = 0
                previous = 0
            }
        }
        return count
    }
}
