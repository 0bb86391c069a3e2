/// The words whose final dot is not, or not always, the end of a sentence; all in lower case.
struct Abbreviations: Sendable {
    /// In characters; a longer word is none of these.
    static let longest = 14

    /// Always followed by what they belong to.
    let joined: Set<String>
    /// Belong to a number when one follows.
    let beforeNumbers: Set<String>
    /// May end a sentence; a capital after them tells.
    let closing: Set<String>
    /// A single capital letter after these is a name, not an initial ("vitamina C.").
    let beforeLetters: Set<String>
    /// Single letters that are words ("So do I.").
    let words: Set<String>
    /// A long sentence may be cut before these.
    let conjunctions: Set<String>

    init(_ language: Language) {
        switch language {
        case .spanish: self = .spanish
        case .english: self = .english
        }
    }

    private init(
        joined: Set<String>, beforeNumbers: Set<String>, closing: Set<String>,
        beforeLetters: Set<String>, words: Set<String>, conjunctions: Set<String>
    ) {
        self.joined = joined
        self.beforeNumbers = beforeNumbers
        self.closing = closing
        self.beforeLetters = beforeLetters
        self.words = words
        self.conjunctions = conjunctions
    }

    private static let spanish = Abbreviations(
        joined: [
            "sr.", "sra.", "sres.", "sras.", "srta.", "srtas.", "dn.", "dña.", "dr.", "dra.",
            "dres.", "dras.", "prof.", "profa.", "lic.", "licda.", "ing.", "arq.", "gral.", "cnel.",
            "cap.", "tte.", "excmo.", "excma.", "ilmo.", "ilma.", "rvdo.", "sto.", "sta.", "mtro.",
            "mtra.", "p.", "pp.", "ej.", "e.g.", "i.e.", "cf.", "vs.", "av.", "avda.", "avd.",
            "blvd.", "bulev.", "calz.", "cl.", "ctra.", "crta.", "pza.", "plza.", "pl.",
            "psje.", "urb.", "col.", "edif.", "apdo.", "apto.", "dpto.", "depto.", "ofic.", "dir.",
            "núm.", "núms.", "num.", "n.", "nro.", "nros.", "pág.", "págs.", "art.", "arts.",
            "vol.",
            "ref.", "tel.", "teléf.", "tfno.", "tlf.", "tlfno.", "cel.", "ext.", "cód.", "c.p.",
            "mr.", "mrs.", "ms.", "gta.", "fdo.", "atte.", "máx.", "mín.", "aprox.", "ntra.",
            "ntro.",
        ],
        beforeNumbers: ["fig.", "mod.", "serie.", "ed."],
        closing: [
            "ud.", "uds.", "vd.", "vds.", "etc.", "etcét.", "a.m.", "p.m.", "am.", "pm.", "m.",
            "s.a.", "s.l.", "s.a.u.", "s.l.u.", "s.r.l.", "c.v.", "ltda.", "cía.", "hnos.",
            "ee.uu.",
            "ee.", "uu.", "rr.hh.", "cc.oo.", "dd.hh.", "jr.", "h.", "hs.", "hrs.", "min.", "mins.",
            "seg.", "kg.", "kgs.", "gr.", "grs.", "g.", "mg.", "ml.", "l.", "lts.", "cm.", "mm.",
            "km.", "kms.", "m.n.", "d.c.", "a.c.", "izq.", "izda.", "dcha.", "der.", "pta.",
            "ptas.", "cts.", "cénts.", "ene.", "feb.", "mar.", "abr.", "may.", "jun.", "jul.",
            "ago.",
            "sep.", "sept.", "oct.", "nov.", "dic.", "lun.", "mié.", "jue.", "vie.", "sáb.", "dom.",
            "inc.", "ltd.", "q.e.p.d.", "u.", "unid.",
        ],
        beforeLetters: [
            "vitamina", "plan", "tipo", "clase", "grupo", "opción", "letra", "categoría", "puerta",
            "sala", "modelo", "serie", "zona", "sección", "hepatitis", "apartado", "línea", "piso",
            "planta", "nivel", "la",
        ],
        words: ["a.", "e.", "o.", "u.", "y."],
        conjunctions: [
            "y", "e", "o", "u", "pero", "aunque", "porque", "pues", "sino", "que", "para", "cuando",
            "donde", "mientras", "como", "si", "ni", "and", "or",
        ])

    private static let english = Abbreviations(
        joined: [
            "mr.", "mrs.", "ms.", "messrs.", "mx.", "dr.", "drs.", "prof.", "rev.", "hon.", "fr.",
            "gen.", "col.", "lt.", "sgt.", "capt.", "cmdr.", "maj.", "gov.", "sen.", "rep.",
            "pres.",
            "st.", "mt.", "ft.", "e.g.", "i.e.", "eg.", "ie.", "cf.", "vs.", "v.", "viz.", "al.",
            "ave.", "blvd.", "hwy.", "rte.", "apt.", "bldg.", "dept.", "est.", "approx.", "ca.",
            "tel.", "ext.", "ref.", "attn.", "sr.", "sra.", "srta.", "dra.", "ud.", "asst.",
            "assoc.",
            "max.", "u.s.", "u.k.",
        ],
        beforeNumbers: [
            "no.", "nos.", "nr.", "fig.", "figs.", "vol.", "p.", "pp.", "pg.", "art.", "sec.",
            "ch.",
            "ed.",
        ],
        closing: [
            "etc.", "a.m.", "p.m.", "am.", "pm.", "inc.", "ltd.", "co.", "corp.", "llc.", "jr.",
            "esq.", "rd.", "ln.", "ct.", "pl.", "sq.", "min.", "mins.", "hr.", "hrs.", "secs.",
            "oz.",
            "lb.", "lbs.", "ft.", "in.", "yd.", "mi.", "gal.", "qt.", "pt.", "kg.", "g.", "mg.",
            "ml.", "cm.", "mm.", "km.", "jan.", "feb.", "mar.", "apr.", "jun.", "jul.", "aug.",
            "sep.", "sept.", "oct.", "nov.", "dec.", "mon.", "tue.", "tues.", "wed.", "thu.",
            "thur.", "thurs.", "fri.", "sat.", "sun.", "n.a.", "w.", "s.a.", "mph.", "incl.",
            "dist.",
        ],
        beforeLetters: [
            "vitamin", "plan", "type", "class", "group", "option", "letter", "category", "gate",
            "room", "grade", "series", "zone", "section", "hepatitis", "unit", "suite", "block",
            "floor", "level", "model", "part", "terminal",
        ],
        words: ["a.", "i."],
        conjunctions: [
            "and", "or", "but", "because", "although", "though", "so", "that", "which", "when",
            "while", "where", "if", "unless", "until", "for", "to",
        ])
}
