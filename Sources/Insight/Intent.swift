/// What a caller wants, by the names that dashboards and NLU servers already use.
package enum Intent: String, CaseIterable, Sendable {
    case greeting = "saludo"
    case farewell = "despedida"
    case help = "ayuda"
    case openingHours = "consultar_horarios"
    case book = "agendar_cita"
    case query = "consulta_estado"
    case cancel = "cancelar_cita"
    case reschedule = "reprogramar_cita"
    case prices = "consultar_paquetes"
    case orderStatus = "estado_pedido"
    case human = "hablar_con_humano"
    case yes = "afirmar"
    case no = "negar"
    case repeatAnswer = "repetir"
    case thanks = "agradecer"
    /// Drop what we are doing and start over.
    case nevermind = "abandonar"
    case unknown = "desconocido"
}
