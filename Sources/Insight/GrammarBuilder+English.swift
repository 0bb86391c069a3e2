extension GrammarBuilder {
    static let english: [(String, String)] = [
        (
            "request",
            "<book> | <query> | <move> | <drop> | <status>"
        ),
        (
            "information",
            "<price> | <hours>"
        ),
        (
            "book",
            """
            ( ( [<want> [to book] | book] [an | a | my] <service>
            | [<want> to | can i | could i] ( book | make | schedule ) an appointment
              [for [an | a] <service>]
            | [<want> to | can i] bring my car in ) [<day>] [at <clock> {time}] [please] ) {agendar_cita}
            """
        ),
        ("want", "i would like | i'd like | i want | i need"),
        (
            "query",
            """
            ( when is my appointment | what time is my appointment | do i have an appointment
            | [<want> to] check my appointment ) {consulta_estado}
            """
        ),
        (
            "move",
            "[<want> to | can i] ( change | move | reschedule ) my appointment {reprogramar_cita}"
        ),
        (
            "drop",
            "[<want> to | can i] cancel ( my appointment | my booking ) {cancelar_cita}"
        ),
        (
            "status",
            """
            ( where is my order | what is the status of my order | check my order
            | is my car ready ) {estado_pedido}
            """
        ),
        (
            "price",
            """
            ( how much is [an | a | the] <service> | how much does [an | a | the] <service> cost
            | what are your prices | how much does it cost | how much is it ) {consultar_paquetes}
            """
        ),
        (
            "hours",
            """
            ( what are your [opening] hours | when are you open | what time do you ( open | close )
            | are you open on <weekday> | are you open tomorrow ) {consultar_horarios}
            """
        ),
        (
            "aside",
            """
            ( how much is it | what are your prices ) {consultar_paquetes}
            | ( what are your [opening] hours | when are you open ) {consultar_horarios}
            """
        ),
        ("greeting", "( hello | hi | good morning | good afternoon ) {saludo}"),
        (
            "answer",
            """
            ( yes [please] | yeah | yep | sure | correct | that is ( right | correct )
            | that's right | go ahead | book it | please do | of course | okay ) {afirmar}
            | ( no | no thank you | no thanks | nope | that is wrong | that is not right ) {negar}
            """
        ),
        (
            "correction",
            """
            ( no | actually ) [<want>] [an | a] <service> | no my name is <name>
            """
        ),
        ("wish", "[<want>] [an | a | my] <service> [please]"),
        (
            "when",
            """
            [no | actually] [make it] <day> [at <clock> {time}] [please]
            """
        ),
        (
            "day",
            """
            ( /8/ today | /8/ tomorrow | /8/ the day after tomorrow | /8/ [on | next | this] <weekday>
            | /2/ [on] [<weekday>] the <ordinal> [of <month>] | /1/ [on] <month> [the] <ordinal> ) {day}
            """
        ),
        ("weekday", CalendarWords.weekdays(.english).joined(separator: " | ")),
        ("month", CalendarWords.months(.english).joined(separator: " | ")),
        (
            "ordinal",
            """
            first | second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth
            | eleventh | twelfth | thirteenth | fourteenth | fifteenth | sixteenth | seventeenth
            | eighteenth | nineteenth | twentieth | thirtieth | thirty first
            | twenty ( first | second | third | fourth | fifth | sixth | seventh | eighth | ninth )
            """
        ),
        (
            "moment",
            "[no | actually] [make it] ( <day> [at <clock> {time}] | <clocktime> ) [please]"
        ),
        ("clocktime", "[at] <clock> {time}"),
        (
            "clock",
            """
            ( <hour> [o'clock | fifteen | thirty | forty five]
            | ( half past | quarter past | quarter to ) <hour> )
            [in the ( morning | afternoon )] | noon
            """
        ),
        (
            "hour",
            "one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve"
        ),
        ("who", "[my name is | it is | it's | i am | i'm | this is | for] <name> [please]"),
        (
            "order",
            "[it is | it's] [order] [number] <digit> <digit> <digit> <digit> {order}"
        ),
        ("digit", "zero | one | two | three | four | five | six | seven | eight | nine"),
        ("command", "<help> | <human> | <again> | <bye> | <leave>"),
        ("help", "( help | what can you do | what can i say ) {ayuda}"),
        (
            "human",
            """
            ( [<want> to | can i] ( speak | talk ) ( to | with ) ( a human | an agent | a person
            | someone | the manager ) | operator ) {hablar_con_humano}
            """
        ),
        (
            "again",
            """
            ( repeat that [please] | can you repeat that [please] | say that again [please]
            | pardon ) {repetir}
            """
        ),
        (
            "bye",
            """
            ( goodbye | bye | [okay] thank you goodbye | thanks bye | [no] that is all [thank you]
            ) {despedida} | ( thank you [very much] | thanks ) {agradecer}
            """
        ),
        ("leave", "( never mind | forget it | start over ) {abandonar}"),
    ]
}
