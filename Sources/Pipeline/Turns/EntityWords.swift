/// The words of dictated entities, by language; in lower case, without accents unless said.
struct EntityWords: Sendable {
    let yesNo: Set<String>
    /// First words of a caller who has no such thing to say.
    let refusals: Set<String>
    let betweenDigits: Set<String>
    let at: Set<String>
    let dot: Set<String>
    /// Last labels of mail domains behind which no other comes.
    let domains: Set<String>
    let nameOpenings: Set<String>
    let nameParticles: Set<String>
    /// Names of letters, as names are spelled.
    let letters: Set<String>
    /// A full name has at least so many words.
    let namesOfAPerson: Int
    let months: Set<String>
    let days: Set<String>
    let beforeDates: Set<String>
    let ordinals: Set<String>
    let beforeTimes: Set<String>
    let timeEnds: Set<String>
    /// Come before the hour, behind which no minutes come then.
    let timeFractions: Set<String>

    func isOrdinal(_ word: String) -> Bool { ordinals.contains(word) }

    init(_ language: Language) {
        func set(_ words: String) -> Set<String> {
            Set(words.split(whereSeparator: \.isWhitespace).map(String.init))
        }
        domains = set("com net org edu info gov gob es mx ar cl pe uk us de fr io eu")
        switch language {
        case .english:
            yesNo = set(
                """
                yes yeah yep yup no nope nah sure okay ok right correct exactly absolutely
                definitely please thanks it is not of course that's
                """)
            refusals = set("no nope none sorry i don't haven't can't wait what why")
            betweenDigits = set("dash hyphen area code extension and")
            at = ["at", "@"]
            dot = ["dot", "point"]
            nameOpenings = set(
                "my name is the name's it's i'm i am this for under put hi hello yes")
            nameParticles = set("de la del van von der mac mc o mr mrs ms dr doctor and")
            letters = set("double dash hyphen as like")
            namesOfAPerson = 2
            months = set(
                """
                january february march april may june july august september october november
                december
                """)
            days = set(
                """
                monday tuesday wednesday thursday friday saturday sunday mondays today tomorrow
                tonight weekend whenever anytime
                """)
            beforeDates = set("next this coming on the of for last by around maybe")
            ordinals = set(
                """
                first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
                thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
                twentieth thirtieth
                """)
            beforeTimes = set("at past to half quarter around about after before between from the")
            timeEnds = set(
                "am pm a.m p.m o'clock oclock noon midday midnight morning afternoon evening")
            timeFractions = ["half", "quarter"]
        case .spanish:
            yesNo = set(
                """
                si no claro vale bueno ok okey correcto exacto exactamente perfecto dale sip nop
                por supuesto favor gracias asi es eso de acuerdo
                """)
            refusals = set("no ninguno ninguna perdón perdon espere espera disculpe qué que")
            betweenDigits = set("guion guión y luego despues prefijo lada extension")
            at = ["arroba", "@"]
            dot = ["punto"]
            nameOpenings = set(
                "me llamo mi nombre es soy a el la se llama pongalo ponlo hola si nombre de con")
            nameParticles = set("de del la las los y san santa don dona senor senora doctor")
            letters = set(
                """
                be ce che efe ge hache jota ka ele elle eme ene pe cu erre ese te uve equis zeta
                doble guion
                """)
            namesOfAPerson = 3
            months = set(
                """
                enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre
                noviembre diciembre
                """)
            days = set(
                "lunes martes miercoles jueves viernes sabado domingo hoy manana finde cuando")
            beforeDates = set("proximo proxima este esta el la dia de del para que")
            ordinals = set("primero segundo tercero")
            beforeTimes = set(
                "a las la y menos de por sobre tipo desde entre para antes despues eso")
            timeEnds = set(
                "media cuarto manana tarde noche mediodia medianoche punto am pm a.m p.m")
            timeFractions = []
        }
    }
}
