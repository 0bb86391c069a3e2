import Insight
import Testing

/// What people say on the telephone, with the feeling a listener hears in it.
@Suite struct SentimentClassifierTests {
    @Test(arguments: [
        // Complaints, in the words of callers.
        ("Esto no funciona", CallerSentiment.frustrated),
        ("Llevo media hora esperando", .frustrated),
        ("Ya se lo he dicho tres veces", .frustrated),
        ("Estoy harta de llamar", .frustrated),
        ("Es la tercera vez que llamo y nadie me contesta", .frustrated),
        ("Esto es una vergüenza", .frustrated),
        ("Qué pérdida de tiempo", .frustrated),
        ("Quiero poner una reclamación", .frustrated),
        ("Sigo sin recibir mi pedido", .frustrated),
        ("Otra vez lo mismo", .frustrated),
        ("Gracias por nada", .frustrated),
        ("El servicio es pésimo", .frustrated),
        ("No me entiendes", .frustrated),
        ("No estoy contento con el arreglo", .frustrated),
        ("No me han ayudado", .frustrated),
        ("Muy mal servicio", .frustrated),
        // Beyond.
        ("Sois unos ladrones", .angry),
        ("Voy a denunciarlos", .angry),
        ("Vete a la mierda", .angry),
        ("Estoy furioso", .angry),
        // Lost.
        ("No entiendo lo que me dice", .confused),
        ("Estoy un poco confundida", .confused),
        ("¿Qué significa eso?", .confused),
        ("No me queda claro", .confused),
        ("¿A qué se refiere?", .confused),
        ("No sé qué hacer", .confused),
        // Content.
        ("Perfecto, el martes me va bien", .positive),
        ("Muchas gracias", .positive),
        ("Estoy muy contento con el servicio", .positive),
        ("Qué bien", .positive),
        ("Es usted muy amable", .positive),
        ("Genial", .positive),
        ("Me encanta cómo quedó", .positive),
        // Nothing of it.
        ("Quiero una cita para el martes", .neutral),
        ("Sí", .neutral), ("No, gracias", .neutral), ("Me llamo Ana García", .neutral),
        ("¿Cuánto cuesta el cambio de aceite?", .neutral),
        ("Es la primera vez que llamo", .neutral),
        ("No puedo el lunes, mejor el martes", .neutral),
        ("Ya no puedo ir mañana", .neutral),
        ("¿Hasta cuándo está abierto?", .neutral),
        ("Llevo el coche el lunes", .neutral),
        ("", .neutral), ("¿¡…!?", .neutral),
    ])
    func spanish(text: String, expected: CallerSentiment) {
        #expect(SentimentClassifier(language: .spanish).classify(text) == expected)
    }

    @Test(arguments: [
        ("It still does not work", CallerSentiment.frustrated),
        ("This is ridiculous", .frustrated),
        ("I've been waiting for an hour", .frustrated),
        ("I have told you three times already", .frustrated),
        ("I'm fed up with this", .frustrated),
        ("How many times do I have to say it?", .frustrated),
        ("What a waste of time", .frustrated),
        ("You're not listening", .frustrated),
        ("Nobody ever answers the phone", .frustrated),
        ("I want to make a complaint", .frustrated),
        ("Thanks for nothing", .frustrated),
        ("I'm really disappointed", .frustrated),
        ("I am not happy with the repair", .frustrated),
        ("That was not helpful", .frustrated),
        ("You people are thieves", .angry),
        ("I'm going to sue you", .angry),
        ("Stupid machine", .angry),
        ("I am furious", .angry),
        ("I don't understand", .confused),
        ("I'm a bit confused", .confused),
        ("What does that mean?", .confused),
        ("You lost me there", .confused),
        ("That makes no sense", .confused),
        ("That's great, thanks", .positive),
        ("Thank you so much", .positive),
        ("You've been very kind", .positive),
        ("I'm really happy with it", .positive),
        ("I love it", .positive),
        ("I couldn't be happier", .positive),
        ("I'd like an appointment on Tuesday", .neutral),
        ("No thanks", .neutral), ("My name is Anna", .neutral),
        ("How much is an oil change?", .neutral),
        ("I still have my ticket", .neutral),
        ("I am sick and cannot come", .neutral),
        ("", .neutral),
    ])
    func english(text: String, expected: CallerSentiment) {
        #expect(SentimentClassifier(language: .english).classify(text) == expected)
    }

    @Test(arguments: [
        ("No está mal", SpokenLanguage.spanish, CallerSentiment.neutral),
        ("No está nada mal", .spanish, .positive),
        // The comma is all the difference.
        ("No, está mal", .spanish, .frustrated),
        ("No estoy enfadado", .spanish, .neutral),
        ("No es horrible", .spanish, .neutral),
        ("Nunca he tenido una mala experiencia", .spanish, .neutral),
        ("Sin ninguna queja", .spanish, .positive),
        ("No es confuso", .spanish, .neutral),
        // Without a comma, as some recognisers write.
        ("No tengo tiempo estoy harto", .spanish, .frustrated),
        ("No estoy muy contento", .spanish, .frustrated),
        ("No es perfecto", .spanish, .neutral),
        ("It's not bad", .english, .neutral),
        ("It's not bad at all", .english, .positive),
        ("I'm not angry", .english, .neutral),
        ("It is not a terrible idea", .english, .neutral),
        ("It's not great", .english, .neutral),
        ("I'm not confused", .english, .neutral),
        ("No complaints", .english, .positive),
    ])
    func negation(text: String, language: SpokenLanguage, expected: CallerSentiment) {
        #expect(SentimentClassifier(language: language).classify(text) == expected)
    }

    @Test(arguments: [
        (
            "Estaba harto, pero ya está solucionado, muchas gracias", SpokenLanguage.spanish,
            CallerSentiment.positive
        ),
        ("El servicio es excelente pero llevo una hora esperando", .spanish, .frustrated),
        ("Muchas gracias, pero sigue sin funcionar", .spanish, .frustrated),
        ("Estoy harto, pero quiero otra cita", .spanish, .frustrated),
        ("I was really frustrated but now everything is perfect", .english, .positive),
        ("The staff are great but it's still not working", .english, .frustrated),
        ("Great, another hour wasted, this is unacceptable", .english, .frustrated),
    ])
    func theWorstAndTheLastCount(
        text: String, language: SpokenLanguage, expected: CallerSentiment
    ) {
        #expect(SentimentClassifier(language: language).classify(text) == expected)
    }

    /// The default scores of the contract (§6), and whom §4 alerts for.
    @Test func scoresAreTheContracts() {
        #expect(CallerSentiment.frustrated.score == -0.7)
        #expect(CallerSentiment.confused.score == -0.3)
        #expect(CallerSentiment.positive.score == 0.8)
        #expect(CallerSentiment.neutral.score == 0)
        #expect(CallerSentiment.angry.score < CallerSentiment.frustrated.score)
        #expect(CallerSentiment.allCases.filter(\.isAlarming) == [.frustrated, .angry])
    }

    /// What people ask of a workshop is no mood: few of the labelled utterances may get one.
    @Test(arguments: SpokenLanguage.allCases)
    func errandsAreNeutral(language: SpokenLanguage) {
        let classifier = SentimentClassifier(language: language)
        let set = LabelledUtterances(language)
        let errands = (set.development + set.heldOut).filter {
            ["agendar_cita", "consultar_horarios", "consultar_paquetes", "consulta_estado"]
                .contains($0.intent)
        }
        let wrong = errands.map(\.text).filter { classifier.classify($0) != .neutral }
        #expect(errands.count >= 20)
        #expect(wrong.count * 20 <= errands.count, "\(wrong.joined(separator: "; "))")
    }
}
