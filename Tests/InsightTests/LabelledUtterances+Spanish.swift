extension LabelledUtterances {
    /// As callers of a workshop would say it; written without looking at the rules.
    static let spanish = """
        saludo: Hola
        saludo: Buenos días
        saludo: hola, ¿qué tal?
        saludo: Muy buenas
        saludo: buenas tardes, ¿es el taller Luna?
        saludo: hola, ¿hay alguien ahí?
        saludo: Buenas noches
        saludo: ¿Cómo está usted?
        despedida: Adiós
        despedida: hasta luego
        despedida: eso es todo, gracias
        despedida: nada más, muchas gracias
        despedida: Nos vemos el martes
        despedida: que tenga un buen día
        despedida: ya está, chao
        despedida: bueno, con eso es suficiente, hasta pronto
        despedida: no, ya no necesito nada más
        ayuda: ¿Me puede ayudar?
        ayuda: necesito ayuda
        ayuda: ¿Qué puedes hacer?
        ayuda: ¿cuáles son las opciones?
        ayuda: ¿cómo funciona esto?
        ayuda: no sé qué decir
        ayuda: ¿qué cosas le puedo preguntar?
        ayuda: ayúdeme por favor
        consultar_horarios: ¿A qué hora abren?
        consultar_horarios: ¿Qué horario tienen?
        consultar_horarios: ¿abren los sábados?
        consultar_horarios: hasta qué hora están hoy
        consultar_horarios: ¿Cuándo cierran?
        consultar_horarios: ¿están abiertos el domingo?
        consultar_horarios: me dice su horario de atención
        consultar_horarios: ¿qué días trabajan ustedes?
        consultar_horarios: ¿cierran a mediodía?
        agendar_cita: Quiero reservar una cita
        agendar_cita: quisiera pedir hora para el martes
        agendar_cita: Necesito un cambio de aceite
        agendar_cita: ¿tienen hueco mañana por la tarde?
        agendar_cita: me gustaría agendar una revisión
        agendar_cita: quería llevar el coche para que me miren los frenos
        agendar_cita: apúnteme para el viernes a las diez
        agendar_cita: hay que cambiarle las llantas a mi carro
        agendar_cita: deme una cita para la semana que viene
        agendar_cita: ¿me pueden atender el jueves?
        agendar_cita: una revisión general, por favor
        agendar_cita: quiero sacar un turno
        consulta_estado: ¿Cuándo es mi cita?
        consulta_estado: ¿a qué hora tengo la cita?
        consulta_estado: quería confirmar mi cita
        consulta_estado: no recuerdo qué día me toca
        consulta_estado: ¿tengo alguna cita reservada?
        consulta_estado: quiero consultar mi reserva
        consulta_estado: ¿me puede decir para cuándo es mi turno?
        consulta_estado: se me olvidó la hora de mi cita
        consulta_estado: ¿estoy apuntado para mañana?
        cancelar_cita: Quiero cancelar mi cita
        cancelar_cita: necesito anular la reserva
        cancelar_cita: no voy a poder ir el jueves
        cancelar_cita: cancele la cita por favor
        cancelar_cita: ya no necesito la cita
        cancelar_cita: borre mi reserva del martes
        cancelar_cita: no puedo asistir mañana
        cancelar_cita: me gustaría cancelarla
        reprogramar_cita: ¿Puedo cambiar mi cita al viernes?
        reprogramar_cita: necesito reprogramar la cita
        reprogramar_cita: quiero mover mi cita a otro día
        reprogramar_cita: ¿podemos aplazar la visita?
        reprogramar_cita: me gustaría cambiar la hora de mi cita
        reprogramar_cita: ¿se puede pasar mi cita para la semana que viene?
        reprogramar_cita: prefiero venir otro día
        reprogramar_cita: habría que adelantar mi cita
        consultar_paquetes: ¿Cuánto cuesta un cambio de aceite?
        consultar_paquetes: ¿qué precio tiene la revisión?
        consultar_paquetes: ¿Cuánto me sale cambiar las cuatro ruedas?
        consultar_paquetes: quiero saber los precios
        consultar_paquetes: ¿me hacen un presupuesto?
        consultar_paquetes: ¿cuánto cobran por revisar los frenos?
        consultar_paquetes: ¿tienen alguna oferta?
        consultar_paquetes: ¿qué servicios ofrecen?
        consultar_paquetes: ¿es muy caro?
        estado_pedido: ¿Dónde está mi pedido?
        estado_pedido: ¿ya está listo mi coche?
        estado_pedido: llamo por el pedido número 1234
        estado_pedido: ¿han llegado mis repuestos?
        estado_pedido: ¿cómo va la reparación?
        estado_pedido: quiero saber el estado de mi orden
        estado_pedido: ¿ya puedo recoger el carro?
        estado_pedido: ¿cuándo llega lo que encargué, mi pedido?
        estado_pedido: ¿terminaron de arreglar mi auto?
        hablar_con_humano: Quiero hablar con una persona
        hablar_con_humano: páseme con alguien
        hablar_con_humano: ¿me puede comunicar con el encargado?
        hablar_con_humano: operadora
        hablar_con_humano: prefiero hablar con un humano
        hablar_con_humano: póngame con un mecánico
        hablar_con_humano: no quiero hablar con una máquina
        hablar_con_humano: necesito un asesor
        hablar_con_humano: ¿hay una persona real que me atienda?
        afirmar: Sí
        afirmar: sí, por favor
        afirmar: claro que sí
        afirmar: de acuerdo
        afirmar: vale, perfecto
        afirmar: así es
        afirmar: me parece bien
        afirmar: correcto
        afirmar: dale, resérvelo
        negar: No
        negar: no, gracias
        negar: no es correcto
        negar: para nada
        negar: eso está mal
        negar: creo que no
        negar: mejor no
        negar: no, así no
        repetir: ¿Puede repetir?
        repetir: otra vez, por favor
        repetir: ¿cómo dice?
        repetir: perdón, no le he oído
        repetir: ¿qué ha dicho?
        repetir: no entendí
        repetir: repítamelo
        repetir: ¿me lo dice de nuevo?
        agradecer: Gracias
        agradecer: muchas gracias
        agradecer: se lo agradezco mucho
        agradecer: mil gracias
        agradecer: muy amable
        agradecer: gracias por su ayuda
        abandonar: olvídelo
        abandonar: déjelo, da igual
        abandonar: empecemos de nuevo
        abandonar: he cambiado de opinión
        abandonar: no importa
        abandonar: volver al principio
        """
}
