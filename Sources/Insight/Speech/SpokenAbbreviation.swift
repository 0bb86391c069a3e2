/// What a shortened word stands for.
struct SpokenAbbreviation: Sendable {
    enum Kind: Sendable {
        /// A name follows, so its stop ends no sentence.
        case title
        /// Only before a number: "núm. 5".
        case beforeNumber
        /// Its stop may end the sentence.
        case general
        /// Names follow it often, so its stop ends only the text.
        case initials
        /// Two meanings: the words after a name ("Main St."), and these before one ("St. Paul").
        case street(otherwise: String)
    }

    let words: String
    let kind: Kind

    /// Looks up what was written with its stops and without spaces: "p.ej.".
    static func find(_ written: String, _ language: SpokenLanguage) -> SpokenAbbreviation? {
        switch language {
        case .english: english[written] ?? englishLower[written.lowercased()]
        case .spanish: spanish[written.lowercased()]
        }
    }

    /// Whether capitals are read letter by letter.
    static func isSpelled(_ word: String, _ language: SpokenLanguage) -> Bool {
        switch language {
        case .english:
            if englishWords.contains(word) { return false }
            return word.count <= 3 || englishSpelled.contains(word) || !hasVowel(word)
        case .spanish:
            if spanishWords.contains(word) { return false }
            return spanishSpelled.contains(word) || !isPronounceable(word)
        }
    }

    private static func hasVowel(_ word: String) -> Bool { word.contains { "AEIOUY".contains($0) } }

    /// Vowels with at most one consonant between them, or two where Spanish has such a pair.
    private static func isPronounceable(_ word: String) -> Bool {
        let letters = Array(NormalizedText.folding(word))
        var run: [Character] = []
        var vowels = 0
        for (position, letter) in letters.enumerated() {
            guard "aeiou".contains(letter) || letter == "y" && position > 0 else {
                run.append(letter)
                continue
            }
            vowels += 1
            let isInitial = position == run.count
            if !fits(run, isInitial: isInitial) { return false }
            run = []
        }
        return vowels > 0 && (run.isEmpty || run.count == 1 && "lmnrsdzjxbtcf".contains(run[0]))
    }

    private static func fits(_ run: [Character], isInitial: Bool) -> Bool {
        switch run.count {
        case 0, 1: return true
        case 2:
            if run[1] == "l" || run[1] == "r" { return true }
            if run == ["c", "h"] || run == ["q", "u"] || run[0] == run[1] { return true }
            return !isInitial && "lmnrsc".contains(run[0])
        default: return false
        }
    }

    static let romanCounted: Set<String> = [
        "siglo", "siglos", "capítulo", "tomo", "volumen", "título", "fase", "etapa", "parte",
        "acto",
        "nivel", "grado", "tipo", "guerra", "chapter", "part", "volume", "war", "phase", "act",
        "type", "level",
    ]

    /// Capitalised only because a sentence starts with them.
    static let beforeSaints: Set<String> = [
        "In", "At", "To", "From", "Near", "On", "The", "And", "Ask", "See", "Call", "Is", "Visit",
    ]

    static let monarchs: Set<String> = [
        "Felipe", "Carlos", "Luis", "Enrique", "Alfonso", "Fernando", "Isabel", "Pablo", "Pío",
        "Juana", "Francisco", "Benedicto", "León", "Juan", "Henry", "Elizabeth", "George",
        "Charles", "Louis", "Edward", "William", "James", "Richard", "Paul", "John",
    ]

    private static let spanish: [String: SpokenAbbreviation] = [
        "sr.": .init("señor", .title), "sra.": .init("señora", .title),
        "srta.": .init("señorita", .title), "sres.": .init("señores", .title),
        "dr.": .init("doctor", .title), "dra.": .init("doctora", .title),
        "lic.": .init("licenciado", .title), "ing.": .init("ingeniero", .title),
        "arq.": .init("arquitecto", .title), "prof.": .init("profesor", .title),
        "profa.": .init("profesora", .title), "gral.": .init("general", .title),
        "ud.": .init("usted", .title), "uds.": .init("ustedes", .title),
        "vd.": .init("usted", .title), "vds.": .init("ustedes", .title),
        "d.": .init("don", .title), "dña.": .init("doña", .title),
        "núm.": .init("número", .beforeNumber), "num.": .init("número", .beforeNumber),
        "nro.": .init("número", .beforeNumber), "no.": .init("número", .beforeNumber),
        "núms.": .init("números", .beforeNumber), "art.": .init("artículo", .beforeNumber),
        "pág.": .init("página", .beforeNumber), "págs.": .init("páginas", .beforeNumber),
        "cap.": .init("capítulo", .beforeNumber), "ext.": .init("extensión", .beforeNumber),
        "int.": .init("interior", .beforeNumber), "tel.": .init("teléfono", .general),
        "cel.": .init("celular", .beforeNumber), "c.p.": .init("código postal", .beforeNumber),
        "av.": .init("avenida", .title), "avda.": .init("avenida", .title),
        "blvd.": .init("bulevar", .title), "calz.": .init("calzada", .title),
        "col.": .init("colonia", .title), "edif.": .init("edificio", .title),
        "depto.": .init("departamento", .general), "dpto.": .init("departamento", .general),
        "esq.": .init("esquina", .general), "km.": .init("kilómetro", .beforeNumber),
        "etc.": .init("etcétera", .general), "p.ej.": .init("por ejemplo", .general),
        "ej.": .init("ejemplo", .general), "aprox.": .init("aproximadamente", .general),
        "máx.": .init("máximo", .general), "mín.": .init("mínimo", .general),
        "ee.uu.": .init("Estados Unidos", .initials), "cía.": .init("compañía", .general),
        "a.c.": .init("antes de Cristo", .general), "d.c.": .init("después de Cristo", .general),
        "m.n.": .init("moneda nacional", .initials), "vs.": .init("contra", .general),
        "atte.": .init("atentamente", .general), "gob.": .init("gobierno", .general),
        "s.a.": .init("ese a", .initials), "c.v.": .init("ce ve", .initials),
        "q.e.p.d.": .init("que en paz descanse", .general),
    ]

    /// As written: these are words in lower case.
    private static let english: [String: SpokenAbbreviation] = [
        "Mr.": .init("Mister", .title), "Mrs.": .init("Missus", .title),
        "Ms.": .init("Miz", .title), "Prof.": .init("Professor", .title),
        "Gov.": .init("Governor", .title), "Gen.": .init("General", .title),
        "Rev.": .init("Reverend", .title), "Sgt.": .init("Sergeant", .title),
        "Capt.": .init("Captain", .title), "Lt.": .init("Lieutenant", .title),
        "Dr.": .init("Drive", .street(otherwise: "Doctor")),
        "St.": .init("Street", .street(otherwise: "Saint")),
        "Ave.": .init("Avenue", .general), "Blvd.": .init("Boulevard", .general),
        "Rd.": .init("Road", .general), "Ln.": .init("Lane", .general),
        "Apt.": .init("Apartment", .general), "Ste.": .init("Suite", .beforeNumber),
        "Jr.": .init("Junior", .general), "Sr.": .init("Senior", .general),
        "Inc.": .init("Incorporated", .general), "Ltd.": .init("Limited", .general),
        "Corp.": .init("Corporation", .general), "U.S.": .init("U S", .initials),
        "U.K.": .init("U K", .initials), "U.S.A.": .init("U S A", .initials),
    ]

    private static let englishLower: [String: SpokenAbbreviation] = [
        "e.g.": .init("for example", .general), "i.e.": .init("that is", .general),
        "etc.": .init("et cetera", .general), "vs.": .init("versus", .general),
        "approx.": .init("approximately", .general), "dept.": .init("department", .general),
        "ext.": .init("extension", .beforeNumber), "tel.": .init("telephone", .general),
        "appt.": .init("appointment", .general), "est.": .init("estimated", .beforeNumber),
        "max.": .init("maximum", .general), "min.": .init("minimum", .beforeNumber),
        "misc.": .init("miscellaneous", .general), "p.": .init("page", .beforeNumber),
        "pp.": .init("pages", .beforeNumber), "fig.": .init("figure", .beforeNumber),
    ]

    private static let spanishWords: Set<String> = ["IVA", "NIP", "CURP", "OXXO", "OK"]
    private static let spanishSpelled: Set<String> = [
        "USB", "ID", "CD", "FM", "AM", "TV", "PC", "UE", "EU", "IA", "CEO", "AI", "IT", "UI", "IP",
        "URL", "API", "OTP", "IOS",
    ]
    private static let englishSpelled: Set<String> = ["ISBN", "IOUS"]
    private static let englishWords: Set<String> = [
        "A", "I", "OK", "NO", "YES", "NOT", "AND", "OR", "THE", "ALL", "ANY", "NEW", "NOW", "YOU",
        "TO", "IN", "ON", "AT", "OF", "IS", "IF", "SO", "DO", "GO", "WE", "MY", "BE", "BY", "UP",
        "HE", "ME", "FOR", "BUT", "CAN", "OUR", "OUT", "TWO", "ONE", "WAS", "ARE", "HAS", "HAD",
        "HER", "HIS", "HOW", "WHO", "WHY", "GET", "LET", "MAY", "OFF", "OLD", "SAY", "SEE", "SHE",
        "TOO", "TOP", "TRY", "USE", "WAY", "TEN", "SIX", "DAY", "PIN", "SIM", "ZIP", "GIF",
        "RAM", "SAT", "SUN", "MON", "END", "ASK", "AN", "AS", "WON", "BIG", "BAD",
    ]
}

extension SpokenAbbreviation {
    fileprivate init(_ words: String, _ kind: Kind) {
        self.words = words
        self.kind = kind
    }
}
