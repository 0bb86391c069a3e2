/// A currency and its names in both languages.
enum SpokenCurrency: CaseIterable, Sendable {
    case dollar
    case euro
    case pound
    case mexicanPeso
    case colombianPeso
    case argentinePeso
    case chileanPeso
    case sol
    case real

    struct Names {
        let one: String
        let many: String
        let hundredth: String
        let hundredths: String
        var isFeminine = false
    }

    /// ISO 4217 codes and what is written with the dollar sign, longest first.
    static let codes: [(written: String, currency: SpokenCurrency)] = [
        ("US$", .dollar), ("U$S", .dollar), ("MX$", .mexicanPeso), ("AR$", .argentinePeso),
        ("COL$", .colombianPeso), ("CO$", .colombianPeso), ("R$", .real), ("S/", .sol),
        ("USD", .dollar), ("EUR", .euro), ("GBP", .pound), ("MXN", .mexicanPeso),
        ("COP", .colombianPeso), ("ARS", .argentinePeso), ("CLP", .chileanPeso), ("PEN", .sol),
        ("BRL", .real),
    ]

    /// What its units are called; with `isNamed`, also which of the pesos they are.
    func names(in language: SpokenLanguage, isNamed: Bool = false) -> Names {
        switch language {
        case .english: isNamed ? namedEnglish : english
        case .spanish: isNamed ? namedSpanish : spanish
        }
    }

    private var spanish: Names {
        switch self {
        case .dollar: Names("dólar", "dólares", "centavo", "centavos")
        case .euro: Names("euro", "euros", "céntimo", "céntimos")
        case .pound: Names("libra", "libras", "penique", "peniques", isFeminine: true)
        case .mexicanPeso, .colombianPeso, .argentinePeso, .chileanPeso:
            Names("peso", "pesos", "centavo", "centavos")
        case .sol: Names("sol", "soles", "céntimo", "céntimos")
        case .real: Names("real", "reales", "centavo", "centavos")
        }
    }

    private var english: Names {
        switch self {
        case .dollar: Names("dollar", "dollars", "cent", "cents")
        case .euro: Names("euro", "euros", "cent", "cents")
        case .pound: Names("pound", "pounds", "penny", "pence")
        case .mexicanPeso, .colombianPeso, .argentinePeso, .chileanPeso:
            Names("peso", "pesos", "centavo", "centavos")
        case .sol: Names("sol", "soles", "céntimo", "céntimos")
        case .real: Names("real", "reais", "centavo", "centavos")
        }
    }

    private var namedSpanish: Names {
        guard let nationality else { return spanish }
        return Names(
            "peso \(nationality.spanish)", "pesos \(nationality.spanish)s", "centavo", "centavos")
    }

    private var namedEnglish: Names {
        guard let nationality else { return english }
        return Names(
            "\(nationality.english) peso", "\(nationality.english) pesos", "centavo", "centavos")
    }

    private var nationality: (spanish: String, english: String)? {
        switch self {
        case .mexicanPeso: ("mexicano", "Mexican")
        case .colombianPeso: ("colombiano", "Colombian")
        case .argentinePeso: ("argentino", "Argentine")
        case .chileanPeso: ("chileno", "Chilean")
        case .dollar, .euro, .pound, .sol, .real: nil
        }
    }
}

extension SpokenCurrency.Names {
    fileprivate init(
        _ one: String, _ many: String, _ hundredth: String, _ hundredths: String,
        isFeminine: Bool = false
    ) {
        self.one = one
        self.many = many
        self.hundredth = hundredth
        self.hundredths = hundredths
        self.isFeminine = isFeminine
    }
}
