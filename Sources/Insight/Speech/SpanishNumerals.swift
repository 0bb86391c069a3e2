/// Spanish cardinals to 10¹⁵, ordinals to 99 and the names of the letters (RAE).
enum SpanishNumerals {
    static func cardinal(_ value: UInt64, _ form: Numerals.Form) -> String {
        if value == 0 { return "cero" }
        var parts: [String] = []
        let billions = value / 1_000_000_000_000
        let millions = value / 1_000_000 % 1_000_000
        let rest = value % 1_000_000
        if billions > 0 {
            parts.append(
                billions == 1 ? "un billón" : belowMillion(billions, .masculine) + " billones")
        }
        if millions > 0 {
            parts.append(
                millions == 1 ? "un millón" : belowMillion(millions, .masculine) + " millones")
        }
        if rest > 0 { parts.append(belowMillion(rest, form)) }
        return parts.joined(separator: " ")
    }

    /// "Primero", "primera", "primer": alone, feminine, before a masculine noun.
    static func ordinal(_ value: UInt64, _ form: Numerals.Form) -> String {
        guard (1...99).contains(value) else {
            return value == 100 ? ending("centésim", form, 0) : cardinal(value, form)
        }
        let ten = Int(value / 10)
        let one = Int(value % 10)
        switch (ten, one) {
        case (0, _): return ending(ordinalStems[one], form, one)
        case (1, 1): return ending("undécim", form, 0)
        case (1, 2): return ending("duodécim", form, 0)
        case (_, 0): return ending(ordinalTens[ten], form, 0)
        case (1, _):
            // Written as one word, the first part loses its accent: decimotercero.
            let stem = one == 7 ? "séptim" : ordinalStems[one]
            return ending("decimo" + stem, form, one)
        default:
            let first = ordinalTens[ten] + (form == .feminine ? "a" : "o")
            return first + " " + ending(ordinalStems[one], form, one)
        }
    }

    static let letters: [String: String] = [
        "A": "a", "B": "be", "C": "ce", "D": "de", "E": "e", "F": "efe", "G": "ge", "H": "hache",
        "I": "i", "J": "jota", "K": "ka", "L": "ele", "M": "eme", "N": "ene", "Ñ": "eñe",
        "O": "o", "P": "pe", "Q": "cu", "R": "erre", "S": "ese", "T": "te", "U": "u",
        "X": "equis", "Y": "i griega", "Z": "zeta",
    ]

    private static func belowMillion(_ value: UInt64, _ form: Numerals.Form) -> String {
        let thousands = value / 1_000
        let rest = value % 1_000
        var parts: [String] = []
        if thousands == 1 {
            parts.append("mil")
        } else if thousands > 1 {
            // Hundreds agree over "mil" ("doscientas mil personas"), "veintiún mil" stays.
            parts.append(belowThousand(thousands, form, isBeforeNoun: true) + " mil")
        }
        if rest > 0 { parts.append(belowThousand(rest, form, isBeforeNoun: false)) }
        return parts.joined(separator: " ")
    }

    private static func belowThousand(
        _ value: UInt64, _ form: Numerals.Form, isBeforeNoun: Bool
    ) -> String {
        if value == 100 { return "cien" }
        let hundred = Int(value / 100)
        var parts: [String] = []
        if hundred == 1 {
            parts.append("ciento")
        } else if hundred > 1 {
            parts.append(hundreds[hundred] + (form == .feminine ? "as" : "os"))
        }
        if value % 100 > 0 {
            parts.append(belowHundred(Int(value % 100), isBeforeNoun ? .masculine : form))
        }
        return parts.joined(separator: " ")
    }

    private static func belowHundred(_ value: Int, _ form: Numerals.Form) -> String {
        switch (value, form) {
        case (1, .masculine): return "un"
        case (1, .feminine): return "una"
        case (21, .masculine): return "veintiún"
        case (21, .feminine): return "veintiuna"
        case (..<30, _): return units[value]
        default:
            let ten = tens[value / 10]
            return value % 10 == 0 ? ten : ten + " y " + belowHundred(value % 10, form)
        }
    }

    private static func ending(_ stem: String, _ form: Numerals.Form, _ one: Int) -> String {
        switch form {
        case .alone: stem + "o"
        case .feminine: stem + "a"
        // Only "primero" and "tercero" lose their ending before a noun.
        case .masculine: one == 1 || one == 3 ? stem : stem + "o"
        }
    }

    private static let units = [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez",
        "once", "doce", "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho",
        "diecinueve", "veinte", "veintiuno", "veintidós", "veintitrés", "veinticuatro",
        "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve",
    ]
    private static let tens = [
        "", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa",
    ]
    private static let hundreds = [
        "", "", "doscient", "trescient", "cuatrocient", "quinient", "seiscient", "setecient",
        "ochocient", "novecient",
    ]
    private static let ordinalStems = [
        "", "primer", "segund", "tercer", "cuart", "quint", "sext", "séptim", "octav", "noven",
    ]
    private static let ordinalTens = [
        "", "décim", "vigésim", "trigésim", "cuadragésim", "quincuagésim", "sexagésim",
        "septuagésim", "octogésim", "nonagésim",
    ]
}
