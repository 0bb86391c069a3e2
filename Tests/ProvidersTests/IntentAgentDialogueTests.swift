import Insight
import Pipeline
import Providers
import Testing

/// Plays whole conversations against the agent and the demonstration diary.
///
/// | line | |
/// | --- | --- |
/// | `U` | the caller says it |
/// | `C` | the caller says it two words into the answer, which is cut |
/// | `A` | the agent answers |
/// | `T` | the agent calls a tool |
/// | `X` | how the agent wants the call to end |
@Suite struct IntentAgentDialogueTests {
    @Test(arguments: [
        // Booking, one question at a time.
        """
        A: Hello, this is Luna Motors. What can I do for you?
        U: i would like to book an oil change
        A: An oil change. Which day suits you?
        U: on tuesday at half past ten
        A: On Tuesday the 24th at half past ten. What name is it for?
        U: maria
        A: An oil change on Tuesday the 24th at half past ten for Maria. Shall I book it?
        U: yes please
        T: book_appointment {"date":"2026-11-24","name":"Maria","service":"oil_change","time":"10:30"}
        A: Done. See you on Tuesday the 24th at half past ten. What else can I do for you?
        U: thank you goodbye
        A: Thank you for calling Luna Motors. Goodbye.
        X: hang up
        """,
        // Everything at once, then corrections.
        """
        U: Can I bring my car in for a brake check next Friday at 3? My name is John Smith
        A: A brake check on Friday the 27th at three o'clock for John Smith. Shall I book it?
        U: no, on Wednesday
        A: A brake check on Wednesday the 25th at three o'clock for John Smith. Shall I book it?
        U: actually make it quarter past four
        A: A brake check on Wednesday the 25th at quarter past four for John Smith. Shall I book it?
        U: no
        A: All right. Which day suits you?
        U: the 1st of December at nine
        A: A brake check on Tuesday the 1st of December at nine o'clock for John Smith. Shall I book it?
        U: ok
        T: book_appointment {"date":"2026-12-01","name":"John Smith","service":"brake_check","time":"09:00"}
        A: Done. See you on Tuesday the 1st of December at nine o'clock. What else can I do for you?
        U: no
        A: Thank you for calling Luna Motors. Goodbye.
        X: hang up
        """,
        // Closed days, hours outside, a time that is taken.
        """
        U: an inspection on sunday
        A: We are closed on Sundays. Which day suits you?
        U: saturday at four
        A: On Saturdays we are open from nine to one. What time suits you?
        U: on monday at ten
        A: On Monday the 23rd at ten o'clock. What name is it for?
        U: it's Emma
        A: A general inspection on Monday the 23rd at ten o'clock for Emma. Shall I book it?
        U: yes
        T: book_appointment {"date":"2026-11-23","name":"Emma","service":"inspection","time":"10:00"}
        A: That time is taken. The next free one is on Monday the 23rd at half past eleven. Shall I book that?
        U: sure
        T: book_appointment {"date":"2026-11-23","name":"Emma","service":"inspection","time":"11:30"}
        A: Done. See you on Monday the 23rd at half past eleven. What else can I do for you?
        """,
        // Questions in between do not lose the thread.
        """
        U: I need new tyres
        A: A tyre change. Which day suits you?
        U: how much is it
        A: A tyre change costs 80 euros. Which day suits you?
        U: when are you open
        A: We are open Monday to Friday from eight to six, and Saturday from nine to one. Which day suits you?
        U: can you repeat that
        A: We are open Monday to Friday from eight to six, and Saturday from nine to one. Which day suits you?
        U: hello
        A: Hello. Which day suits you?
        U: never mind
        A: All right, I have dropped that. What else can I do for you?
        """,
        // Looking up, cancelling, moving.
        """
        U: when is my appointment?
        A: What name is the appointment under?
        U: Sofia
        T: find_appointment {"name":"Sofia"}
        A: You have a brake check on Monday the 23rd at ten o'clock. What else can I do for you?
        U: I want to move my appointment
        T: find_appointment {"name":"Sofia"}
        A: You have a brake check on Monday the 23rd at ten o'clock. Which day suits you?
        U: thursday at two
        A: I would move a brake check to Thursday the 26th at two o'clock. Shall I do that?
        U: yes
        T: reschedule_appointment {"date":"2026-11-26","id":"A1","time":"14:00"}
        A: Done. Your new time is Thursday the 26th at two o'clock. What else can I do for you?
        U: cancel my appointment please
        T: find_appointment {"name":"Sofia"}
        A: You have a brake check on Thursday the 26th at two o'clock. Shall I cancel it?
        U: no
        A: All right, it stays as it is. What else can I do for you?
        U: cancel it
        T: find_appointment {"name":"Sofia"}
        A: You have a brake check on Thursday the 26th at two o'clock. Shall I cancel it?
        U: yes please
        T: cancel_appointment {"id":"A1"}
        A: Your appointment is cancelled. What else can I do for you?
        """,
        // Orders and prices.
        """
        U: where is my order
        A: What is your order number?
        U: one two three four
        T: order_status {"order_number":"1234"}
        A: Order 1 2 3 4 is ready to be picked up. What else can I do for you?
        U: how much is an oil change
        A: An oil change costs 59 euros. Would you like to book one?
        U: yes
        A: An oil change. Which day suits you?
        """,
        // A human at once, and after three misunderstandings.
        """
        U: let me talk to a human
        T: transfer_to_agent {"department":"front_desk","priority":"high"}
        A: I am putting you through to a colleague. One moment, please.
        X: transfer
        """,
        """
        U: an oil change
        A: An oil change. Which day suits you?
        U:
        A: Sorry, I did not catch that. Which day suits you?
        U: purple monkeys
        A: Sorry, I still did not get that. Please tell me a day, for example Tuesday, or the third of March.
        U: mumble
        A: I am having trouble understanding you. Shall I put you through to a colleague?
        U: mumble
        T: transfer_to_agent {"department":"front_desk","priority":"high"}
        A: I am putting you through to a colleague. One moment, please.
        X: transfer
        """,
        """
        U: purple
        A: Sorry, I did not catch that. What else can I do for you?
        U: purple
        A: Sorry, I still did not get that. You can say, for example, book an appointment, or what are your opening hours.
        U: purple
        A: I am having trouble understanding you. Shall I put you through to a colleague?
        U: no
        A: All right. You can say, for example, book an appointment, or what are your opening hours.
        U: an oil change
        A: An oil change. Which day suits you?
        """,
        // A yes to a question that was cut off books nothing.
        """
        U: an oil change on tuesday at ten for maria
        A: An oil change on Tuesday the 24th at ten o'clock for Maria. Shall I book it?
        C: yes
        A: An oil change on Tuesday the 24th at ten o'clock for Maria. Shall I book it?
        C: no, on wednesday
        A: An oil change on Wednesday the 25th at ten o'clock for Maria. Shall I book it?
        U: yes
        T: book_appointment {"date":"2026-11-25","name":"Maria","service":"oil_change","time":"10:00"}
        A: Done. See you on Wednesday the 25th at ten o'clock. What else can I do for you?
        """,
    ])
    func english(timeline: String) async throws { try await play(timeline, .english) }

    @Test(arguments: [
        """
        A: Hola, le atiende Taller Luna. ¿En qué puedo ayudarle?
        U: quiero reservar un cambio de aceite
        A: Un cambio de aceite. ¿Qué día le viene bien?
        U: el martes a las diez y media
        A: El martes 24 a las diez y media. ¿A nombre de quién?
        U: me llamo María
        A: Un cambio de aceite el martes 24 a las diez y media a nombre de María. ¿Lo reservo?
        U: sí, por favor
        T: book_appointment {"date":"2026-11-24","name":"María","service":"oil_change","time":"10:30"}
        A: Hecho. Le esperamos el martes 24 a las diez y media. ¿En qué más puedo ayudarle?
        U: eso es todo, gracias
        A: Gracias por llamar a Taller Luna. Adiós.
        X: hang up
        """,
        """
        U: necesito una revisión de frenos pasado mañana a las tres de la tarde
        A: Una revisión de frenos el lunes 23 a las tres. ¿A nombre de quién?
        U: José Luis
        A: Una revisión de frenos el lunes 23 a las tres a nombre de José Luis. ¿Lo reservo?
        U: no, el miércoles
        A: Una revisión de frenos el miércoles 25 a las tres a nombre de José Luis. ¿Lo reservo?
        U: mejor a las cuatro y cuarto
        A: Una revisión de frenos el miércoles 25 a las cuatro y cuarto a nombre de José Luis. ¿Lo reservo?
        U: vale
        T: book_appointment {"date":"2026-11-25","name":"José Luis","service":"brake_check","time":"16:15"}
        A: Hecho. Le esperamos el miércoles 25 a las cuatro y cuarto. ¿En qué más puedo ayudarle?
        """,
        """
        U: una revisión el domingo
        A: Los domingos cerramos. ¿Qué día le viene bien?
        U: ¿qué horario tienen?
        A: Abrimos de lunes a viernes de ocho a seis, y el sábado de nueve a una. ¿Qué día le viene bien?
        U: el sábado a las cuatro
        A: Los sábados abrimos de nueve a una. ¿A qué hora le viene bien?
        U: olvídelo
        A: De acuerdo, lo dejamos. ¿En qué más puedo ayudarle?
        """,
        """
        U: quiero cancelar mi cita
        A: ¿A nombre de quién está la cita?
        U: a nombre de Sofía
        T: find_appointment {"name":"Sofía"}
        A: Tiene una revisión de frenos el lunes 23 a las diez. ¿La cancelo?
        U: sí
        T: cancel_appointment {"id":"A1"}
        A: Su cita está cancelada. ¿En qué más puedo ayudarle?
        U: ¿cuándo es mi cita?
        T: find_appointment {"name":"Sofía"}
        A: No encuentro ninguna cita a nombre de Sofía. ¿En qué más puedo ayudarle?
        U: ¿cuánto cuesta cambiar el aceite?
        A: Un cambio de aceite cuesta 59 euros. ¿Quiere reservar una cita?
        U: no, gracias
        A: De acuerdo. ¿En qué más puedo ayudarle?
        """,
        """
        U: ¿dónde está mi pedido?
        A: ¿Cuál es su número de pedido?
        U:
        A: Perdone, no le he entendido. ¿Cuál es su número de pedido?
        U: tres cuatro cinco seis
        T: order_status {"order_number":"3456"}
        A: El pedido 3 4 5 6 está esperando repuestos. ¿En qué más puedo ayudarle?
        U: quiero hablar con una persona
        T: transfer_to_agent {"department":"front_desk","priority":"high"}
        A: Le paso con un compañero. Un momento, por favor.
        X: transfer
        """,
        """
        U: un cambio de llantas el jueves a las nueve a nombre de Carmen
        A: Un cambio de neumáticos el jueves 26 a las nueve a nombre de Carmen. ¿Lo reservo?
        C: sí
        A: Un cambio de neumáticos el jueves 26 a las nueve a nombre de Carmen. ¿Lo reservo?
        C: no, el viernes
        A: Un cambio de neumáticos el viernes 27 a las nueve a nombre de Carmen. ¿Lo reservo?
        """,
    ])
    func spanish(timeline: String) async throws { try await play(timeline, .spanish) }

    /// Plays the caller's lines against agent and diary and compares everything that comes out.
    private func play(_ timeline: String, _ language: Language) async throws {
        let now = try Saturday.noon()
        let agent = IntentAgent(now: { now })
        let book = AppointmentBook(
            profile: .workshop, now: { now },
            appointments: [
                Appointment(
                    id: "A1", service: "brake_check", date: "2026-11-23", time: "10:00",
                    name: "Sofía"),
                Appointment(
                    id: "A2", service: "inspection", date: "2026-11-23", time: "10:00",
                    name: "Other"),
            ])
        var history: [Message] = []
        var actual: [String] = []
        let lines = timeline.split(separator: "\n").map(String.init)
        let isGreeted = lines[0].hasPrefix("A")
        if isGreeted { actual += try await turn(agent, book, language, &history) }
        for line in lines where line.hasPrefix("U") || line.hasPrefix("C") {
            actual.append(line)
            if line.hasPrefix("C"), case .agent(let said, _)? = history.last {
                let heard = said.split(separator: " ").prefix(2).joined(separator: " ")
                history[history.count - 1] = .agent(heard, interrupted: true)
            }
            history.append(.user(String(line.dropFirst(3))))
            actual += try await turn(agent, book, language, &history)
        }
        #expect(actual == lines)
    }

    /// One answer, with the tools it needs.
    private func turn(
        _ agent: IntentAgent, _ book: AppointmentBook, _ language: Language,
        _ history: inout [Message]
    ) async throws -> [String] {
        var output: [String] = []
        var needsAnswer = true
        while needsAnswer {
            needsAnswer = false
            var text = ""
            var closing: [String] = []
            let request = ModelRequest(language: language, history: history)
            for try await event in agent.answer(request) {
                switch event {
                case .text(let piece): text += piece
                case .expects, .guarded: break
                case .closing(.hangUp): closing = ["X: hang up"]
                case .closing(.transfer): closing = ["X: transfer"]
                case .toolCall(let call):
                    output.append("T: \(call.name) \(call.arguments)")
                    history.append(.toolCall(call))
                    history.append(.toolResult(await book.run(call, callID: "test")))
                    needsAnswer = true
                }
            }
            if !text.isEmpty {
                output.append("A: \(text)")
                history.append(.agent(text, interrupted: false))
            }
            output += closing
        }
        return output
    }
}

/// Saturday, 21 November 2026, 12:00: the day all these tests live on.
enum Saturday {
    static func noon() throws -> CivilTime {
        CivilTime(
            date: try #require(CivilDate(iso: "2026-11-21")),
            time: try #require(TimeOfDay(hour: 12)))
    }
}
