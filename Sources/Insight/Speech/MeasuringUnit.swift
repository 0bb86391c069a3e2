/// A unit as it is written after a number (SI brochure, 9th edition; common abbreviations).
struct MeasuringUnit: Sendable {
    private let spanish: (one: String, many: String)
    private let english: (one: String, many: String)
    /// In Spanish.
    let isFeminine: Bool
    /// A shortened word that may end in a full stop; symbols never do.
    let isAbbreviation: Bool

    func one(_ language: SpokenLanguage) -> String {
        switch language {
        case .english: english.one
        case .spanish: spanish.one
        }
    }

    func many(_ language: SpokenLanguage) -> String {
        switch language {
        case .english: english.many
        case .spanish: spanish.many
        }
    }

    /// The unit that stands at `index` and how many scalars it takes.
    static func find(
        in scanner: SpeechScanner, at index: Int, isSpaced: Bool
    ) -> (unit: MeasuringUnit, length: Int)? {
        var written = ""
        var end = index
        var best: (MeasuringUnit, Int)?
        while end - index < 5, end < scanner.source.count {
            written.unicodeScalars.append(scanner[end])
            end += 1
            // "5 mi" is no mile in Spanish: "mi" is "my".
            guard let unit = table[written], written != "mi" || scanner.language == .english
            else { continue }
            let last = scanner[end - 1]
            // "5W-30" is an oil, no power.
            let isJoined = scanner[end] == "-" && !scanner.isBoundary(end + 1)
            let isWhole = !last.isWordLetter || scanner.isBoundary(end) && !isJoined
            // "5 m/s" is no metres; "$99/mes" has its own reading.
            if isWhole { best = (unit, end - index) }
        }
        return best
    }

    private static func unit(
        _ spanish: String, _ spanishMany: String, _ english: String, _ englishMany: String,
        feminine: Bool = false, abbreviated: Bool = false
    ) -> MeasuringUnit {
        MeasuringUnit(
            spanish: (spanish, spanishMany), english: (english, englishMany),
            isFeminine: feminine, isAbbreviation: abbreviated)
    }

    private static let table: [String: MeasuringUnit] = {
        let kilometre = unit("kilómetro", "kilómetros", "kilometer", "kilometers")
        let kilogram = unit("kilogramo", "kilogramos", "kilogram", "kilograms")
        let gram = unit("gramo", "gramos", "gram", "grams")
        let litre = unit("litro", "litros", "liter", "liters")
        let millilitre = unit("mililitro", "mililitros", "milliliter", "milliliters")
        let squareMetre = unit(
            "metro cuadrado", "metros cuadrados", "square meter", "square meters")
        let cubicMetre = unit("metro cúbico", "metros cúbicos", "cubic meter", "cubic meters")
        let hour = unit("hora", "horas", "hour", "hours", feminine: true)
        let hours = unit("hora", "horas", "hour", "hours", feminine: true, abbreviated: true)
        let minute = unit("minuto", "minutos", "minute", "minutes", abbreviated: true)
        let second = unit("segundo", "segundos", "second", "seconds", abbreviated: true)
        let celsius = unit(
            "grado Celsius", "grados Celsius", "degree Celsius", "degrees Celsius")
        let fahrenheit = unit(
            "grado Fahrenheit", "grados Fahrenheit", "degree Fahrenheit", "degrees Fahrenheit")
        let pound = unit("libra", "libras", "pound", "pounds", feminine: true, abbreviated: true)
        let piece = unit("pieza", "piezas", "piece", "pieces", feminine: true, abbreviated: true)
        return [
            "km": kilometre, "kms": kilometre, "Km": kilometre,
            "m": unit("metro", "metros", "meter", "meters"),
            "cm": unit("centímetro", "centímetros", "centimeter", "centimeters"),
            "mm": unit("milímetro", "milímetros", "millimeter", "millimeters"),
            "km/h": unit(
                "kilómetro por hora", "kilómetros por hora", "kilometer per hour",
                "kilometers per hour"),
            "m/s": unit(
                "metro por segundo", "metros por segundo", "meter per second",
                "meters per second"),
            "m²": squareMetre, "m2": squareMetre, "m³": cubicMetre, "m3": cubicMetre,
            "km²": unit(
                "kilómetro cuadrado", "kilómetros cuadrados", "square kilometer",
                "square kilometers"),
            "ha": unit("hectárea", "hectáreas", "hectare", "hectares", feminine: true),
            "kg": kilogram, "kgs": kilogram, "Kg": kilogram, "KG": kilogram, "g": gram, "gr": gram,
            "grs": gram, "mg": unit("miligramo", "miligramos", "milligram", "milligrams"),
            "l": litre, "L": litre, "lt": litre, "lts": litre, "ml": millilitre, "mL": millilitre,
            "°C": celsius, "ºC": celsius, "° C": celsius, "℃": celsius, "°F": fahrenheit,
            "ºF": fahrenheit, "° F": fahrenheit, "℉": fahrenheit,
            "°": unit("grado", "grados", "degree", "degrees"),
            "h": hour, "hr": hours, "hrs": hours, "Hrs": hours, "min": minute, "mins": minute,
            "s": unit("segundo", "segundos", "second", "seconds"),
            "seg": second, "sec": second, "secs": second,
            "ms": unit("milisegundo", "milisegundos", "millisecond", "milliseconds"),
            "KB": unit("kilobyte", "kilobytes", "kilobyte", "kilobytes"),
            "MB": unit("megabyte", "megabytes", "megabyte", "megabytes"),
            "GB": unit("gigabyte", "gigabytes", "gigabyte", "gigabytes"),
            "TB": unit("terabyte", "terabytes", "terabyte", "terabytes"),
            "Mbps": unit(
                "megabit por segundo", "megabits por segundo", "megabit per second",
                "megabits per second"),
            "W": unit("vatio", "vatios", "watt", "watts"),
            "kW": unit("kilovatio", "kilovatios", "kilowatt", "kilowatts"),
            "kWh": unit("kilovatio hora", "kilovatios hora", "kilowatt hour", "kilowatt hours"),
            "V": unit("voltio", "voltios", "volt", "volts"),
            "Hz": unit("hercio", "hercios", "hertz", "hertz"),
            "kHz": unit("kilohercio", "kilohercios", "kilohertz", "kilohertz"),
            "MHz": unit("megahercio", "megahercios", "megahertz", "megahertz"),
            "GHz": unit("gigahercio", "gigahercios", "gigahertz", "gigahertz"),
            "lb": pound, "lbs": pound,
            "oz": unit("onza", "onzas", "ounce", "ounces", feminine: true, abbreviated: true),
            "ft": unit("pie", "pies", "foot", "feet", abbreviated: true),
            "mi": unit("milla", "millas", "mile", "miles", feminine: true, abbreviated: true),
            "mph": unit(
                "milla por hora", "millas por hora", "mile per hour", "miles per hour",
                feminine: true),
            "hp": unit("caballo de fuerza", "caballos de fuerza", "horsepower", "horsepower"),
            "pz": piece, "pza": piece, "pzas": piece, "pcs": piece,
        ]
    }()
}
