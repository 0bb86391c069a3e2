extension GrammarBuilder {
    static let spanish: [(String, String)] = [
        ("request", "<book> | <query> | <move> | <drop> | <status>"),
        ("information", "<price> | <hours>"),
        (
            "book",
            """
            ( ( [quiero | quisiera | necesito | [<want>] ( reservar | pedir )] [un | una | el | la]
              <service>
            | [<want>] ( reservar | pedir | agendar ) una cita [para [un | una] <service>]
            | necesito una cita ) [<day>] [<article>] [por favor] ) {agendar_cita}
            """
        ),
        ("want", "quiero | quisiera | necesito | me gustaria | puedo"),
        (
            "query",
            """
            ( cuando es mi cita | a que hora es mi cita | tengo una cita
            | [<want>] consultar mi cita ) {consulta_estado}
            """
        ),
        ("move", "[<want>] ( cambiar | mover ) mi cita {reprogramar_cita}"),
        ("drop", "[<want>] ( cancelar | anular ) ( mi | la ) cita {cancelar_cita}"),
        (
            "status",
            """
            ( donde esta mi pedido | como va mi pedido | estado de mi pedido
            | esta listo mi coche ) {estado_pedido}
            """
        ),
        (
            "price",
            """
            ( cuanto cuesta [un | una | el | la] <service> | que precio tiene [un | una] <service>
            | cuanto cuesta | que precios tienen | cuanto es ) {consultar_paquetes}
            """
        ),
        (
            "hours",
            """
            ( que horario tienen | a que hora ( abren | cierran ) | cual es ( el | su ) horario
            | abren los ( sabados | domingos ) | abren manana ) {consultar_horarios}
            """
        ),
        (
            "aside",
            """
            ( cuanto cuesta | que precios tienen ) {consultar_paquetes}
            | ( que horario tienen | a que hora abren ) {consultar_horarios}
            """
        ),
        ("greeting", "( hola | buenos dias | buenas tardes | buenas noches ) {saludo}"),
        (
            "answer",
            """
            ( si [por favor | claro] | claro | vale | correcto | exacto | de acuerdo | esta bien
            | por supuesto | adelante | perfecto | muy bien ) {afirmar}
            | ( no | no gracias | no es correcto | no es asi | esta mal ) {negar}
            """
        ),
        (
            "correction",
            """
            ( no | mejor ) [quiero] [un | una] <service> | no me llamo <name>
            """
        ),
        ("wish", "[quiero | quisiera | necesito] [un | una | el | la] <service> [por favor]"),
        (
            "when",
            """
            [no | mejor] <day> [<article>] [por favor]
            """
        ),
        (
            "day",
            """
            ( /8/ hoy | /8/ manana | /8/ pasado manana | /8/ [el | este] [proximo] <weekday> [que viene]
            | /2/ ( el [dia] | [el] <weekday> ) <number> [de <month>] ) {day}
            """
        ),
        ("weekday", CalendarWords.weekdays(.spanish).joined(separator: " | ")),
        ("month", CalendarWords.months(.spanish).joined(separator: " | ")),
        (
            "number",
            """
            primero | uno | dos | tres | cuatro | cinco | seis | siete | ocho | nueve | diez | once
            | doce | trece | catorce | quince | dieciseis | diecisiete | dieciocho | diecinueve
            | veinte | veintiuno | veintidos | veintitres | veinticuatro | veinticinco
            | veintiseis | veintisiete | veintiocho | veintinueve | treinta | treinta y uno
            """
        ),
        (
            "article",
            "( [a] ( las <hour> | la una ) [<minutes>] [<half>] | a mediodia ) {time}"
        ),
        ("moment", "[no | mejor] ( <day> [<article>] | <clocktime> ) [por favor]"),
        (
            "clocktime",
            "( [[a] las] <hour> [<minutes>] [<half>] | [a] la una [<minutes>] [<half>] | a mediodia ) {time}"
        ),
        ("minutes", "y media | y cuarto | menos cuarto | en punto | y diez | y veinte"),
        ("half", "de la manana | de la tarde | por la manana | por la tarde"),
        (
            "hour",
            "dos | tres | cuatro | cinco | seis | siete | ocho | nueve | diez | once | doce"
        ),
        ("who", "[me llamo | mi nombre es | soy | es | a nombre de | para] <name>"),
        ("order", "[es el] [pedido] [numero] <digit> <digit> <digit> <digit> {order}"),
        ("digit", "cero | uno | dos | tres | cuatro | cinco | seis | siete | ocho | nueve"),
        ("command", "<help> | <human> | <again> | <bye> | <leave>"),
        ("help", "( ayuda | que puedes hacer | que puedo decir ) {ayuda}"),
        (
            "human",
            """
            ( [<want>] hablar con ( una persona | alguien | un agente | un asesor )
            | operador | operadora ) {hablar_con_humano}
            """
        ),
        (
            "again",
            "( repita [por favor] | puede repetir | otra vez | como dice | perdon ) {repetir}"
        ),
        (
            "bye",
            """
            ( adios | hasta luego | [muchas] gracias adios | eso es todo [gracias] | nada mas
            ) {despedida} | ( gracias | muchas gracias ) {agradecer}
            """
        ),
        ("leave", "( olvidelo | dejelo | empezar de nuevo ) {abandonar}"),
    ]
}
