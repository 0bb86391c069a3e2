import Pipeline
import Testing

/// Where sentences end: the texts are written with a bar at every end a reader would see.
struct SentenceChunkerTests {
    @Test(arguments: [
        "¡Hola! |¿En qué puedo ayudarle?",
        "Buenos días, Sra. García. |Le llamo del taller.",
        "El Sr. D. José Luis Pérez tiene cita con el Dr. Ruiz. |Le esperamos.",
        "Hable con Ud. mismo. |Gracias.",
        "Muchas gracias a Uds. |Mañana les llamamos.",
        "El presupuesto n.º 45 está listo. |¿Lo aprueba?",
        "El presupuesto n.° 45 y el núm. 46 están listos. |Perfecto.",
        "La reparación cuesta 1.234,56 euros. |El IVA está incluido.",
        "Son 89.95 en total. |¿Paga con tarjeta?",
        "Le espero a las 10.30. |Traiga la llave.",
        "Abrimos a las 9:00 y cerramos a las 19:30. |Los sábados no abrimos.",
        "La cita es el 3.5.2026. |¿Le viene bien?",
        "La cita es el 3.5.2026 a las 16.45 h. |¿Le viene bien?",
        "Abrimos a las 9 a.m. y cerramos a las 7 p.m. |Le esperamos.",
        "Somos Talleres Robles S.A. y estamos en Madrid. |Pase cuando quiera.",
        "Trabajamos para Robles S.A. |Llevamos veinte años.",
        "Los repuestos vienen de EE.UU. y tardan una semana. |Lo siento.",
        "Los repuestos vienen de EE.UU. |Tardan una semana.",
        "Revisamos frenos, aceite, filtros, etc. |Después le llamamos.",
        "Revisamos frenos, filtros, etc. antes de entregarlo. |Siempre.",
        "Traiga algo, p. ej. el permiso de circulación. |También la factura.",
        "Bueno... no lo sé. |Espere un momento... |Ya lo tengo.",
        "Un momento… |Ya está. |Bueno… quizá mañana.",
        "Escriba a citas@talleresrobles.es. |Le contestamos hoy.",
        "Entre en https://www.talleresrobles.es/citas?dia=3.5&hora=10.30. |Allí está todo.",
        "Visite www.piel-sana.com, por favor. |Hay descuentos.",
        "Me dijo: «Vuelva mañana.» |Y volví.",
        "Ella preguntó \"¿cuánto cuesta?\" |Le dije el precio.",
        "(Los lunes cerramos.) |El resto de la semana, no.",
        "Es el modelo C. |Cuesta más.",
        "Contiene vitamina C. |Ilumina la piel.",
        "Le atiende J. R. Martínez. |Dígame.",
        "¿Cómo?! |¡¿De verdad?! |Sí.",
        "Perfecto.|¿A qué hora?",
        "Vale 😊. |Nos vemos 👋🏽! |Hasta luego.",
        "**Importante.** |Traiga la *llave.* |Gracias.",
        "Tenemos:\n|- Cambio de aceite\n|- Frenos\n|- Filtros",
        "1. Cambio de aceite\n|2. Revisión de frenos\n|3. Filtros",
        "Puede elegir: 1. Aceite 2. Frenos 3. Filtros. |Diga un número.",
        "El coche es del año 2026. |Está nuevo.",
        "Vive en Av. de América 12, C.P. 28002. |Correcto.",
        "Llame al tel. 612 345 678. |Pregunte por la Dra. Soler.",
        "La crema pesa 50 ml. |Es la máx. cantidad por envío.",
        "Cuesta aprox. 40 euros. |El envío es gratis.",
        "Ocurrió en el 44 a.C. |Hace mucho.",
        "Quedan 3 uds. en la tienda. |Reserve ya.",
        "Mida 1,5 cm. |Luego corte.",
        "Sí. |No. |Quizá.",
    ])
    func spanishSentences(text: String) { check(text, language: .spanish) }

    @Test(arguments: [
        "Hello! |How can I help you today?",
        "Good morning, Mrs. Smith. |This is the workshop.",
        "Mr. J. R. Brown is with Dr. Lee. |Please hold.",
        "The total is $1,234.56. |Tax is included.",
        "We open at 9 a.m. and close at 5 p.m. |See you then.",
        "We open at 8:30 a.m. |Bring the keys.",
        "Your appointment is on 5.3.2026 at 10.30. |Is that okay?",
        "Bring something, e.g. your licence, i.e. the card. |Thanks.",
        "Parts come from the U.S. and take a week. |Sorry.",
        "I work at Miller Inc. |We fix cars.",
        "We check brakes, oil, etc. |Then we call you.",
        "Order No. 45 has shipped. |Anything else?",
        "No. |I am afraid we are closed.",
        "Visit https://example.com/book?id=3.5. |It takes a minute.",
        "Write to help@skin-care.co.uk. |We answer today.",
        "He said \"wait.\" |Then he left.",
        "(We close on Mondays.) |Every other day is fine.",
        "It contains vitamin C. |It brightens the skin.",
        "So do I. |Let me check.",
        "Well... let me see. |Hmm... |Here it is.",
        "Version 2.1.4 is out. |It fixes the radio.",
        "She has a Ph.D. in chemistry. |Trust her.",
        "We are on 5th Ave. near St. Mary. |Parking is free.",
        "It takes 20 min. |Please wait.",
        "1. Oil change\n|2. Brakes\n|Which one?",
        "Your mechanic is Sam, Jr. |He knows the car.",
        "What?! |Really!! |Yes.",
        "It weighs approx. 3.5 lb. |That is light.",
        "See you on Mon. at 3. |Bye.",
        "It was e.g. the pump.",
        "The price is .50 each. |Cheap.",
    ])
    func englishSentences(text: String) { check(text, language: .english) }

    /// With targets of one character every sentence becomes a piece.
    private func check(_ marked: String, language: Language) {
        var settings = SentenceChunker.Settings()
        settings.chunkedFirst = false
        settings.firstTarget = 1
        settings.target = 1
        let expected = marked.split(separator: "|").map {
            $0.trimming(while: \.isWhitespace)
        }
        let text = marked.filter { $0 != "|" }
        for tokens in [[text], text.map { String($0) }] {
            var chunker = SentenceChunker(language: language, settings: settings)
            #expect(chunker.chunks(of: tokens) == expected)
        }
    }

    /// Each token, and what may be spoken once it has come.
    @Test(
        arguments: [
            [
                ("Buenos", nil), (" días,", nil), (" le atiende", nil), (" Ana,", nil),
                (" del", "Buenos días, le atiende Ana,"), (" taller.", nil),
            ],
            [("Sí", nil), (".", nil), (" ", "Sí."), ("Claro", nil)],
            [("Son 3", nil), (".", nil), ("5 euros", nil), (". ", "Son 3.5 euros.")],
            [
                ("Traiga aceite, filtros, etc.", nil), (" ", nil),
                ("M", "Traiga aceite, filtros, etc."),
            ],
            [("¡Hola", nil), ("!", nil), (" ¿Qué tal?", "¡Hola!"), ("\n", nil)],
            [("Tenemos:", nil), ("\n", "Tenemos:"), ("- Aceite", nil)],
            [("El Sr.", nil), (" García llegó", nil), (".\n", "El Sr. García llegó.")],
        ] as [[(String, String?)]])
    func firstPieceComesEarly(timeline: [(String, String?)]) {
        var chunker = SentenceChunker(language: .spanish)
        for (token, expected) in timeline {
            chunker.append(token)
            #expect(chunker.nextChunk() == expected, "after \(token)")
        }
    }

    @Test func laterPiecesAreLongerAndWhole() {
        let sentence = "Su coche está listo para recoger."  // 33 characters
        var chunker = SentenceChunker(language: .spanish)
        let chunks = chunker.chunks(of: [String(repeating: sentence + " ", count: 20)])
        let sentences = chunks.map { $0.split(separator: ".").count }
        #expect(sentences == [1, 2, 3, 5, 5, 4])
        #expect(chunks.allSatisfy { $0.hasSuffix(".") })
    }

    @Test func wholeSentencesOnlyWhenTheFirstIsNotChunked() {
        var settings = SentenceChunker.Settings()
        settings.chunkedFirst = false
        var chunker = SentenceChunker(language: .spanish, settings: settings)
        let text = "Buenos días, le atiende Ana, del taller, dígame. Le escucho."
        #expect(
            chunker.chunks(of: [text]) == [
                "Buenos días, le atiende Ana, del taller, dígame.", "Le escucho.",
            ])
    }

    @Test func runawaySentenceIsCutAtTheLastClauseThenBetweenWords() {
        var settings = SentenceChunker.Settings()
        settings.chunkedFirst = false
        settings.maximum = 60
        settings.firstMaximum = 60
        settings.target = 60
        var clauses = SentenceChunker(language: .spanish, settings: settings)
        #expect(
            clauses.chunks(of: ["revisamos los frenos del coche, el aceite y los filtros del motor"]
            )
                == ["revisamos los frenos del coche,", "el aceite y los filtros del motor"])
        var conjunction = SentenceChunker(language: .spanish, settings: settings)
        #expect(
            conjunction.chunks(of: [
                "revisamos los frenos del coche y el aceite de todo su motor ya"
            ])
                == ["revisamos los frenos del coche", "y el aceite de todo su motor ya"])
        var words = SentenceChunker(language: .spanish, settings: settings)
        #expect(
            words.chunks(of: ["llame usted mismo lo antes posible al número 612 345 678 901 234"])
                == ["llame usted mismo lo antes posible al número", "612 345 678 901 234"])
    }

    @Test func aWordLongerThanTheMaximumIsCutButNotItsAccents() {
        let word = String(repeating: "e\u{301}", count: 300)
        var chunker = SentenceChunker(language: .english)
        let chunks = chunker.chunks(of: [word])
        #expect(chunks.joined() == word)
        #expect(chunks.allSatisfy { $0.unicodeScalars.first == "e" })
    }

    @Test func goesOnAfterFinish() {
        var chunker = SentenceChunker(language: .english)
        chunker.append("Let me check")
        #expect(chunker.finish() == "Let me check")
        #expect(chunker.finish() == nil)
        chunker.append("You are booked")
        #expect(chunker.finish() == "You are booked")
    }

    @Test(arguments: ["", " ", "\n\n", "   \t\r\n"])
    func whiteSpaceIsNothingToSay(text: String) {
        var chunker = SentenceChunker(language: .english)
        #expect(chunker.chunks(of: [text]) == [])
    }
}

extension SentenceChunker {
    /// Everything the chunker yields for an answer that comes in these tokens.
    mutating func chunks(of tokens: [String]) -> [String] {
        var chunks: [String] = []
        for token in tokens {
            append(token)
            while let chunk = nextChunk() { chunks.append(chunk) }
        }
        if let chunk = finish() { chunks.append(chunk) }
        while let chunk = nextChunk() { chunks.append(chunk) }
        return chunks
    }
}

extension Substring {
    fileprivate func trimming(while predicate: (Character) -> Bool) -> String {
        let head = drop(while: predicate)
        return String(head.reversed().drop(while: predicate).reversed())
    }
}
