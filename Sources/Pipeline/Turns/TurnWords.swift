/// The little words that tell whether a sentence is over, by language; all in lower case.
struct TurnWords: Sendable {
    /// Conjunctions, articles, determiners and fillers: never the end, whatever the punctuation.
    let open: Set<String>
    /// Prepositions, auxiliaries and verbs that want an object: seldom the end.
    let dangling: Set<String>
    let danglingPhrases: Set<String>
    /// Ends of one to four words that look open and are not.
    let notOpen: Set<String>
    /// Ends of one to four words behind which nothing comes.
    let closings: Set<String>
    /// Whole turns that are complete.
    let answers: Set<String>
    /// Words that announce a second half, and what brings it.
    let pairs: [String: Set<String>]
    /// Announce the last item of a list.
    let listEnds: Set<String>
    /// Greetings and words that put off the sentence.
    let openings: Set<String>
    /// Open whatever the agent asked for.
    let fillers: Set<String>
    /// Take back what was said; what is meant instead follows.
    let corrections: Set<String>
    /// Do the same, or ask for agreement ("…, ¿no?").
    let retractions: Set<String>
    /// How questions and statements begin, in one or two words.
    let questions: Set<String>
    let statements: Set<String>
    /// "do you", "can I": the verb is missing.
    let auxiliaries: Set<String>
    let subjects: Set<String>

    init(_ language: Language) {
        switch language {
        case .english: self = .english
        case .spanish: self = .spanish
        }
    }

    private init(
        open: String, dangling: String, danglingPhrases: Set<String>, notOpen: Set<String>,
        closings: Set<String>, answers: Set<String>, pairs: [String: Set<String>],
        listEnds: String, openings: String, questions: Set<String>, statements: String,
        auxiliaries: String, subjects: String, corrections: String, retractions: String,
        fillers: String
    ) {
        self.open = Self.set(open)
        self.dangling = Self.set(dangling)
        self.danglingPhrases = danglingPhrases
        self.notOpen = notOpen
        self.closings = closings
        self.answers = answers
        self.pairs = pairs
        self.listEnds = Self.set(listEnds)
        self.openings = Self.set(openings)
        self.questions = questions
        self.statements = Self.set(statements)
        self.auxiliaries = Self.set(auxiliaries)
        self.subjects = Self.set(subjects)
        self.fillers = Self.set(fillers)
        self.corrections = Self.set(corrections)
        self.retractions = Self.set(retractions)
    }

    private static func set(_ words: String) -> Set<String> {
        Set(words.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    private static let english = TurnWords(
        open: """
            and or but nor because cause cuz since unless although while whereas if whether than so
            as until till a an the my your his our their its every each no-one's
            um umm uh uhm er erm em hmm hm mm mmm eh ah
            """,
        dangling: """
            for to of with from at by in on about into onto under between through during before
            after without against near via per toward towards behind beside except regarding upon
            is are am was were be been has have had does did can could will would should may might
            must shall want need wanna gonna gotta prefer
            i'm i'd i've i'll we're we'd we've we'll you're you'd they're it's that's there's he's
            she's what's where's who's how's let's isn't aren't don't doesn't didn't can't couldn't
            won't wouldn't shouldn't
            some any very just also maybe perhaps actually basically probably which whose that her
            i we he they mr mrs ms
            """,
        danglingPhrases: [
            "would like", "i'd like", "we'd like", "i like", "sort of", "such as", "you know",
            "i mean", "let me see", "let's see", "looking to", "trying to", "do you", "in order",
            "for example", "first of all", "phone number", "the number", "going to", "tell me",
            "give me", "send me", "what time", "how many", "does it",
            "will it",
            "can it",
        ],
        notOpen: [
            "think so", "hope so", "guess so", "believe so", "suppose so", "do so", "or so",
            "so so", "even so", "come in", "came in", "check in", "log in", "sign in", "moved in",
            "hold on", "hang on", "going on", "carry on", "come on", "go on", "move on", "later on",
            "turn on", "the day after", "the week after", "the day before", "yes i am", "yes i do",
            "yes i did", "yes i have", "yes it is", "no i don't", "no i didn't", "no i haven't",
            "no it isn't", "i don't", "i can't", "if i can", "if you can", "yes please do",
            "as soon as i can", "like that", "want that", "do that", "about that", "after that",
            "before that", "of that", "is that", "not that", "take that", "with that", "for that",
            "got that", "try that", "know that", "than that", "at all", "is it", "i do", "i did",
            "i am", "yes i was", "plan a", "who i am", "where you are", "how things are",
        ],
        closings: [
            "please", "thanks", "thank you", "thank you so much", "thank you very much",
            "that's all", "that's it", "that is all", "that's everything", "that would be all",
            "that will be all", "nothing else", "goodbye", "good bye", "bye", "bye bye",
            "that's right", "that's correct", "that works", "sounds good", "no problem",
            "if possible", "right now", "as soon as possible",
        ],
        answers: [
            "no that's fine", "that's fine", "how are you", "who is this", "i don't know",
            "i'm not sure", "no idea", "never mind", "forget it", "that is correct", "of course",
            "of course not", "no way", "yes i am", "yes i do", "no i don't", "go ahead",
        ],
        pairs: ["between": ["and"], "either": ["or"], "both": ["and"], "neither": ["nor"]],
        listEnds: "and or nor plus then please thanks",
        openings: """
            hi hello hey yes yeah yep no nope well okay ok so and but um uh oh right sure please
            sorry good morning afternoon evening alright actually basically
            """,
        questions: [
            "what", "what's", "when", "where", "where's", "who", "who's", "whose", "how", "how's",
            "which", "why", "do", "does", "did", "can", "could", "is", "are", "will", "would",
            "may", "have", "has", "am", "should", "was", "were",
        ],
        statements: """
            i i'm i'd i've i'll we we're we'd we've my our it it's that that's there there's this
            the he she they someone somebody nobody you your let
            """,
        auxiliaries: "do does did can could will would should may are is am was were have has",
        subjects: "i you we he she they your my",
        corrections: "wait sorry", retractions: "no",
        fillers: "um umm uh uhm er erm em hmm hm mm mmm")

    private static let spanish = TurnWords(
        open: """
            y e o u ni pero sino aunque porque pues que si como cuando donde mientras entonces
            además conque ya-que
            un una unos unas el la los las lo mi mis tu tus su sus nuestro nuestra nuestros nuestras
            cada del al me te se le les nos
            eh em ehm este um umm mm mmm hm hmm ah ehh ahm digamos
            """,
        dangling: """
            a de en por para con sin sobre desde hasta hacia entre según contra durante mediante
            tras ante bajo excepto salvo
            quiero quisiera querría quería queremos quisiéramos necesito necesitamos necesitaba
            puedo puede podría podríamos podrían podemos tengo tenemos tenía estoy está están
            estamos estaba voy vamos iba es son era eran fue soy somos sería he ha hemos han había
            haya hay debo debe busco prefiero deseo llamo
            muy tan más qué cuál cuáles cuánto cuánta cuántos cuántas quién dónde cómo cuándo algún
            alguna algunos algunas ningún otro otra otros otras ese esa esos esas estos estas aquel
            aquella sólo solo también tampoco quizá quizás señor señora señorita doctor doctora don
            doña
            """,
        danglingPhrases: [
            "me gustaría", "nos gustaría", "me interesa", "o sea", "a ver", "es decir", "tipo de",
            "por ejemplo", "mi número", "el número", "acá con", "tal vez", "a lo mejor", "lo que",
            "en plan", "me puede", "me podría", "me podés", "más bien", "mi nombre", "mi correo",
            "vale y",
        ],
        notOpen: [
            "a la una", "la una", "creo que sí", "nada más", "no más", "alguna más", "algo más",
            "ya está", "así está", "bien está", "está bien", "así es", "eso es", "que no puedo",
            "no puedo", "sí puedo", "no tengo", "no hay", "sí hay", "ya no hay", "aquí estoy",
            "sí quiero", "no quiero", "lo necesito", "no lo necesito", "por qué", "para qué",
            "no sé qué", "no sé cuál", "no sé cuándo", "no sé dónde", "no sé cómo", "yo también",
            "a mí también", "el otro", "la otra", "las dos", "un poco más", "quién es", "qué es",
            "cómo está", "qué hay", "cuánto es", "cómo se llama", "dónde está", "dónde están",
            "al cuarto y mitad", "sí soy", "yo soy", "a usted también", "soy yo", "no es", "sí es",
            "ahí voy", "ya voy", "te llamo", "le llamo", "ahora le llamo", "tampoco puedo",
        ],
        closings: [
            "por favor", "gracias", "muchas gracias", "mil gracias", "muchísimas gracias",
            "eso es todo", "eso sería todo", "es todo", "nada más", "hasta luego", "hasta mañana",
            "hasta pronto", "adiós", "chao", "chau", "nos vemos", "así es", "de acuerdo",
            "lo antes posible", "ahora mismo", "si es posible", "si puede ser", "si es tan amable",
            "si no le molesta", "porfa", "porfis", "ya está", "ya estaría", "de nada", "verdad",
            "cuanto antes",
        ],
        answers: [
            "creo que sí", "creo que no", "no sé", "no lo sé", "ni idea", "claro que sí",
            "claro que no", "por supuesto", "está bien", "no pasa nada", "ahí no más", "así no más",
            "no importa", "cómo no", "qué tal", "cómo está", "quién es", "sí señor", "sí señora",
            "no señor", "no señora", "ya mismo", "me da igual", "déjelo", "olvídelo", "eso mismo",
            "para nada", "no hay problema", "sí claro",
        ],
        pairs: ["entre": ["y", "e"], "tanto": ["como", "tiempo", "gusto", "que", "tarda"]],
        listEnds: "y e o u ni más luego después por gracias",
        openings: """
            hola che bueno buenos buenas días tardes noches sí no oiga oye mire mira pues vale ok okey
            y pero ah eh este disculpe disculpa perdón perdone claro a ver entonces aló diga
            """,
        questions: [
            "qué", "cuándo", "dónde", "cómo", "cuánto", "cuánta", "cuántos", "cuántas", "quién",
            "cuál", "cuáles", "por qué", "a qué", "para qué", "en qué", "de qué", "con quién",
            "hasta qué", "desde qué", "puedo", "puede", "podría", "podrían", "pueden", "podemos",
            "tiene", "tienen", "hay", "está", "están", "es", "me puede", "me podría", "se puede",
            "le puedo", "abren", "cierran", "sabe", "podés", "tenés", "puedes", "tienes",
            "me podés",
            "me puedes",
        ],
        statements: """
            quiero quisiera querría quería queremos necesito necesitamos me nos tengo tenemos
            estoy estamos mi mis voy vamos busco yo es hay se le nosotros te esto eso
            ya hace hoy ayer solo
            """,
        auxiliaries: "", subjects: "", corrections: "espere espera perdón perdona digo",
        retractions: "no",
        fillers: "eh ehh em ehm um umm mm mmm hm hmm ahm")
}
