/// What the words around a number say about how to read it.
enum SpeechContext {
    /// "un millón de pesos": round millions take "de" before what they count.
    static func link(_ value: UInt64?, _ language: SpokenLanguage) -> String {
        guard language == .spanish, let value, value > 0, value % 1_000_000 == 0 else { return "" }
        return "de "
    }

    /// "pedido 12345", "cuenta 9876": the digits are a name, no quantity.
    static func namesDigits(_ scanner: SpeechScanner, at index: Int) -> Bool {
        if scanner[index - 1] == "#" { return true }
        var word = scanner.previousWord(before: index).lowercased()
        if ["es", "número", "is", "number", "no", "nro", "núm", "final", "en", "in"].contains(word)
        {
            // "su código es 48213", "pedido número 4711".
            let start = index - 1 - word.unicodeScalars.count
            let before = scanner.previousWord(before: start).lowercased()
            if digitNames.contains(before) { return true }
            word = ["número", "number"].contains(word) ? word : ""
        }
        return digitNames.contains(word) || ["número", "number"].contains(word)
    }

    static func introducesYear(_ word: String) -> Bool {
        let lower = word.lowercased()
        return yearWords.contains(lower) || CalendarWords.months(.english).contains(lower)
            || word.isEmpty == false && lower.count == 3
                && CalendarWords.months(.english).contains { $0.hasPrefix(lower) }
    }

    /// How a Spanish number agrees with the word after it, or the article before it.
    static func form(
        of value: UInt64, in scanner: SpeechScanner, from start: Int, to end: Int
    ) -> Numerals.Form {
        guard scanner.language == .spanish else { return .alone }
        let changes =
            value % 10 == 1 && value % 100 != 11 || (200...999).contains(value % 1_000)
            || value >= 200_000
        guard changes else { return .alone }
        let previous = scanner.previousWord(before: start).lowercased()
        // "a las 21", "a la 1".
        if value < 25, previous == "las" || previous == "la" { return .feminine }
        if value % 10 == 1, numberedThings.contains(previous) { return .alone }
        guard scanner[end] == " " else { return .alone }
        let next = scanner.lowercasedWord(at: end + 1)
        if next.isEmpty || functionWords.contains(next) { return .alone }
        if ["mil", "millón", "millones"].contains(next) { return .masculine }
        if value > 1, !next.hasSuffix("s") { return .alone }
        return isFeminine(next) ? .feminine : .masculine
    }

    static func isFeminine(_ noun: String) -> Bool {
        let singular =
            feminineNouns.contains(noun) || masculineNouns.contains(noun)
            ? noun : noun.hasSuffix("s") ? String(noun.dropLast()) : noun
        if masculineNouns.contains(singular) || singular.hasSuffix("ema") { return false }
        if feminineNouns.contains(singular) || singular.hasSuffix("a") { return true }
        return ["ción", "cione", "sión", "sione", "dad", "dade", "tud", "tude"].contains {
            singular.hasSuffix($0)
        }
    }

    /// No noun: a number before them stands alone.
    static let functionWords: Set<String> = [
        "de", "del", "y", "e", "o", "u", "a", "al", "en", "por", "para", "con", "sin", "que", "es",
        "son", "está", "están", "más", "menos", "hasta", "desde", "entre", "si", "no", "ya", "como",
        "pero", "porque", "se", "le", "les", "lo", "los", "las", "la", "el", "gracias", "después",
        "antes", "era", "eran", "fue", "será", "tiene", "tienes", "puede", "puedes",
    ]

    private static let numberedThings: Set<String> = [
        "opción", "número", "núm", "capítulo", "paso", "nivel", "línea", "piso", "página", "sala",
        "mesa", "habitación", "cuarto", "calle", "zona", "etapa", "fase", "versión", "lote",
        "grado", "el", "local", "puerta", "terminal", "andén", "artículo", "sección", "tecla",
    ]

    private static let masculineNouns: Set<String> = [
        "día", "mapa", "programa", "idioma", "planeta", "clima", "diagrama", "gramo", "kilo",
        "mes", "sofá", "papa",
    ]

    private static let feminineNouns: Set<String> = [
        "vez", "veces", "noche", "llave", "clase", "tarde", "luz", "luces", "calle", "parte",
        "mujer", "mujere", "foto", "moto", "mano", "sucursal", "sucursale", "imagen", "imágene",
        "orden", "órdene", "unidade", "señal", "señale", "piel", "red", "rede", "sede", "serie",
        "base", "frase", "leche", "nave", "nube", "gente", "muerte", "suerte", "fuente",
    ]

    private static let yearWords: Set<String> = [
        "in", "since", "year", "by", "of", "from", "until", "till", "before", "after", "during",
        "around", "early", "late", "to", "and",
    ]

    private static let digitNames: Set<String> = [
        "pedido", "orden", "folio", "código", "tarjeta", "cuenta", "clave", "nip", "pin",
        "reserva", "reservación", "factura", "expediente", "guía", "serie", "matrícula", "postal",
        "cp", "referencia", "ticket", "contrato", "póliza", "extensión", "ext", "placa", "token",
        "order", "code", "card", "account", "invoice", "reference", "reservation", "confirmation",
        "booking", "case", "policy", "extension", "tracking", "passcode", "zip", "flight",
        "teléfono", "tel", "celular", "phone", "telephone", "terminada", "ending",
    ]
}
