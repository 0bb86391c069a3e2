internal import Insight

extension Phrasebook {
    func spanish(_ line: Line) -> String {
        switch line {
        case .greeting(let caller):
            "Hola\(caller.map { " \($0)" } ?? ""), le atiende \(name). ¿En qué puedo ayudarle?"
        case .hello: "Hola."
        case .ask(let question): spanish(question)
        case .askWithExamples(let question): spanishExamples(question)
        case .heard(let service, let day, let time):
            spanishHeard(service: service, day: day, time: time)
        case .confirm(let service, let day, let time, let name):
            """
            \(self.service(service).withInitialCapital) el \(self.day(day)) a \(clock.time(time)) \
            a nombre de \(name). ¿Lo reservo?
            """
        case .confirmMoving(let service, let day, let time):
            """
            Cambio su cita para \(self.service(service)) al \(self.day(day)) a \
            \(clock.time(time)). ¿Está bien?
            """
        case .notCaught: "Perdone, no le he entendido."
        case .stillNotCaught: "Disculpe, sigo sin entenderle."
        case .offerHuman: "Me cuesta entenderle. ¿Quiere que le pase con un compañero?"
        case .transferring: "Le paso con un compañero. Un momento, por favor."
        case .goodbye: "Gracias por llamar a \(name). Adiós."
        case .welcome: "De nada."
        case .dropped: "De acuerdo, lo dejamos."
        case .stays: "De acuerdo, se queda como está."
        case .otherDay: "De acuerdo."
        case .prices: spanishPrices
        case .price(let service): spanishPrice(service)
        case .openingHours: "Abrimos \(clock.week(profile.hours))."
        case .help:
            "Puedo reservar, consultar o cancelar una cita, decirle precios y horarios, o buscar un pedido."
        case .noSuchDay: "Ese día no existe."
        case .pastTime: "Esa hora ya ha pasado."
        case .closedOn(let weekday): "Los \(spanishPlural(weekday)) cerramos."
        case .outsideHours(let date, let hours):
            "Los \(spanishPlural(date.weekday)) abrimos \(clock.stretch(hours))."
        case .booked(let day, let time):
            "Hecho. Le esperamos el \(self.day(day)) a \(clock.time(time))."
        case .moved(let day, let time):
            "Hecho. Su nueva cita es el \(self.day(day)) a \(clock.time(time))."
        case .taken(let day, let time):
            """
            Esa hora está ocupada. La siguiente libre es el \(self.day(day)) a \
            \(clock.time(time)). ¿Se la reservo?
            """
        case .nothingFree: "No tengo nada libre cerca de esa hora."
        case .appointment(let service, let day, let time):
            "Tiene \(self.service(service)) el \(self.day(day)) a \(clock.time(time))."
        case .noAppointment(let name): "No encuentro ninguna cita a nombre de \(name)."
        case .confirmCancelling(let service, let day, let time):
            """
            Tiene \(self.service(service)) el \(self.day(day)) a \(clock.time(time)). \
            ¿La cancelo?
            """
        case .cancelled: "Su cita está cancelada."
        case .order(let number, let status): spanishOrder(number, status)
        case .toolFailed: "Perdone, ahora mismo no puedo consultar el sistema."
        }
    }

    private func spanish(_ question: Question) -> String {
        switch question {
        case .wish: "¿En qué más puedo ayudarle?"
        case .service: "¿Qué servicio necesita?"
        case .day: "¿Qué día le viene bien?"
        case .time: "¿A qué hora le viene bien?"
        case .name: "¿A nombre de quién?"
        case .lookupName: "¿A nombre de quién está la cita?"
        case .orderNumber: "¿Cuál es su número de pedido?"
        case .confirmBooking, .confirmCancelling: "¿Es correcto?"
        case .offerBooking: "¿Quiere reservar una cita?"
        }
    }

    private func spanishExamples(_ question: Question) -> String {
        switch question {
        case .wish: "Puede decir, por ejemplo, quiero una cita, o qué horario tienen."
        case .service:
            "Hacemos \(list(profile.services.map { service($0.id) }, and: "y")). ¿Cuál necesita?"
        case .day: "Dígame un día, por ejemplo el martes, o el tres de marzo."
        case .time: "Dígame una hora, por ejemplo las diez y media, o las tres de la tarde."
        case .name, .lookupName: "Dígame solo su nombre, por ejemplo María."
        case .orderNumber: "Diga las cifras una a una, por ejemplo uno dos tres cuatro."
        case .confirmBooking, .confirmCancelling: "Diga sí, o no."
        case .offerBooking: "Diga sí para reservar una cita, o no."
        }
    }

    private func spanishHeard(service: String?, day: CivilDate?, time: TimeOfDay?) -> String {
        let parts = [
            service.map { self.service($0) }, day.map { "el \(self.day($0))" },
            time.map { "a \(clock.time($0))" },
        ].compactMap(\.self)
        return parts.isEmpty ? "" : parts.joined(separator: " ").withInitialCapital + "."
    }

    private var spanishPrices: String {
        let prices = profile.services.map { service in
            "\(service.name[language]) cuesta \(price(service))"
        }
        return list(prices, and: "y").withInitialCapital + "."
    }

    private func spanishPrice(_ id: String) -> String {
        guard let service = profile.service(id) else { return spanishPrices }
        return "\(service.name[language].withInitialCapital) cuesta \(price(service))."
    }

    private func spanishPlural(_ weekday: Weekday) -> String {
        let name = clock.weekday(weekday)
        return name.hasSuffix("s") ? name : name + "s"
    }

    private func spanishOrder(_ number: String, _ status: OrderStatus) -> String {
        let digits = number.map(String.init).joined(separator: " ")
        return switch status {
        case .ready: "El pedido \(digits) está listo para recoger."
        case .inProgress: "Estamos trabajando en el pedido \(digits)."
        case .waitingForParts: "El pedido \(digits) está esperando repuestos."
        case .notFound: "No encuentro el pedido \(digits)."
        }
    }
}
