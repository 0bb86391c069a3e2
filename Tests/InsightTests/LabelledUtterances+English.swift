extension LabelledUtterances {
    /// As callers of a workshop would say it; written without looking at the rules.
    static let english = """
        saludo: Hello there
        saludo: Hi, good morning
        saludo: hey how's it going
        saludo: Good afternoon
        saludo: hello, is anybody there?
        saludo: hi
        saludo: Good evening to you
        saludo: Hello, is this Luna Motors?
        despedida: Goodbye
        despedida: ok bye bye
        despedida: Thanks, that's all for today
        despedida: that will be all
        despedida: see you on Tuesday then
        despedida: Have a nice day
        despedida: I think I'm done here
        despedida: no, nothing else, thank you
        despedida: I've got everything I need, bye
        despedida: alright, talk to you later
        ayuda: Can you help me?
        ayuda: I need some help
        ayuda: What can you do for me?
        ayuda: what are my options
        ayuda: How does this work?
        ayuda: I don't know what to say
        ayuda: what kind of things can I ask you
        ayuda: help
        consultar_horarios: What time do you open?
        consultar_horarios: Are you open on Saturdays?
        consultar_horarios: When do you close today
        consultar_horarios: what are your opening hours please
        consultar_horarios: How late are you open on Friday?
        consultar_horarios: are you guys closed on Sunday
        consultar_horarios: until when can I come in tomorrow
        consultar_horarios: what are your business hours
        consultar_horarios: is the garage open at the weekend
        consultar_horarios: Could you tell me your hours
        agendar_cita: I'd like to book an appointment
        agendar_cita: Can I get an appointment for Tuesday?
        agendar_cita: I want to schedule an oil change
        agendar_cita: my car needs new tyres
        agendar_cita: could you fit me in on Friday morning
        agendar_cita: I need to bring my car in for a brake check
        agendar_cita: Do you have anything free tomorrow at ten
        agendar_cita: Please put me down for Thursday at three
        agendar_cita: set up a visit for next week
        agendar_cita: I'm calling to make an appointment for an inspection
        agendar_cita: an oil change please
        agendar_cita: it's time for my brakes to be looked at
        consulta_estado: When is my appointment?
        consulta_estado: what time was my appointment again
        consulta_estado: Do I have an appointment tomorrow?
        consulta_estado: I want to check my booking
        consulta_estado: can you confirm my appointment
        consulta_estado: I forgot when I'm supposed to come in
        consulta_estado: am I booked in for Friday
        consulta_estado: could you look up my reservation
        consulta_estado: which day did I book
        cancelar_cita: I need to cancel my appointment
        cancelar_cita: please cancel the booking for Monday
        cancelar_cita: I won't be able to make it on Thursday
        cancelar_cita: I can't come tomorrow, please cancel
        cancelar_cita: I don't need the appointment any more
        cancelar_cita: can you call off my visit
        cancelar_cita: take me off the schedule, I'd like to cancel
        cancelar_cita: cancel it please
        reprogramar_cita: Can I move my appointment to Friday?
        reprogramar_cita: I need to reschedule
        reprogramar_cita: could we change my booking to next week
        reprogramar_cita: I'd like to push my appointment back a day
        reprogramar_cita: is it possible to postpone my visit
        reprogramar_cita: Change my appointment to three o'clock
        reprogramar_cita: I'd rather come on another day
        reprogramar_cita: can you shift my slot to the afternoon
        consultar_paquetes: How much is an oil change?
        consultar_paquetes: what does a brake check cost
        consultar_paquetes: What are your prices?
        consultar_paquetes: how much would you charge for four tyres
        consultar_paquetes: could you give me a quote
        consultar_paquetes: is it expensive to change the tyres
        consultar_paquetes: what services do you offer
        consultar_paquetes: do you have any special offers
        consultar_paquetes: what's the price of an inspection
        estado_pedido: Where is my order?
        estado_pedido: I'm calling about order number 1234
        estado_pedido: is my car ready yet
        estado_pedido: have my parts arrived
        estado_pedido: What's the status of my order
        estado_pedido: Can I pick up my car today?
        estado_pedido: how is the repair coming along
        estado_pedido: I want to track my delivery
        estado_pedido: did the tyres I ordered come in
        hablar_con_humano: I want to speak to a human
        hablar_con_humano: let me talk to someone
        hablar_con_humano: Can you put me through to the manager
        hablar_con_humano: operator
        hablar_con_humano: I'd rather speak with a real person
        hablar_con_humano: get me a representative
        hablar_con_humano: connect me with a mechanic please
        hablar_con_humano: I don't want to talk to a machine
        hablar_con_humano: is there anyone else I could talk to
        afirmar: Yes
        afirmar: yes please
        afirmar: yeah, that's right
        afirmar: sure, go ahead
        afirmar: sounds good to me
        afirmar: absolutely
        afirmar: that works
        afirmar: okay, do it
        afirmar: of course
        negar: No
        negar: no thanks
        negar: nope
        negar: not really
        negar: that's not correct
        negar: no, that's wrong
        negar: I don't think so
        negar: nah, I'd rather not
        repetir: Can you repeat that?
        repetir: say that again please
        repetir: Sorry, what did you say?
        repetir: pardon me
        repetir: I didn't hear you
        repetir: one more time please
        repetir: what was the question
        repetir: come again?
        agradecer: Thank you
        agradecer: thanks a lot
        agradecer: thank you so much
        agradecer: I really appreciate it
        agradecer: cheers mate
        agradecer: great, thanks
        abandonar: never mind
        abandonar: forget it
        abandonar: let's start over
        abandonar: I've changed my mind
        abandonar: actually, leave it
        abandonar: scrap that
        """
}
