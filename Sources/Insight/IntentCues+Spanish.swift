extension IntentCues {
    static let spanish: [Entry] = [
        Entry(
            .human,
            [
                0.93: [
                    "hablar|hable|comunic*|contact*|pas*|ponga|pon|transfi*|conect*|quiero|necesito|atienda|dame|deme ... persona|humano|humana|alguien|agente|operador|operadora|asesor|asesora|representante|encargado|encargada|mecanico|recepcion|recepcionista|gerente|empleado|jefe|companero",
                    "persona|alguien|humano real|verdad|viva|vivo|fisica|humana",
                ],
                0.85: [
                    "paseme|pasame|comuniqueme|comunicame|transfierame|transfiereme|ponme|pongame con",
                    "no ... robot|maquina|grabacion|contestador",
                ],
                0.8: [
                    "humano|humana|operador|operadora|recepcionista|representante|asesor|asesora",
                    "atencion a el cliente", "persona $",
                ],
                0.6: ["hablar con|directamente", "^ agente $"],
            ]),
        Entry(
            .reschedule,
            [
                0.93: [
                    "cambi*|mover|mueve|muevan|pasar|aplaz*|modific*|postergar|posponer|atrasar|adelantar|correr|retrasar mi|la|nuestra ... cita|reserva|visita|turno|hora",
                    "reprogram*|reagend*",
                    "cita|turno|reserva para|a otro|otra dia|hora|fecha|momento",
                    "cambi* de|la|el dia|fecha|hora|horario",
                ],
                0.86: [
                    "aplaz*|posponer|postergar|adelantar|atrasar|retrasar",
                    "mover*|cambiarla|pasarla|moverla", "en vez de",
                ],
                0.55: ["otro|otra dia|fecha|hora|momento"],
            ]),
        Entry(
            .cancel,
            [
                0.94: [
                    "cancel*|anul*|elimin*|borr*|quit* ... cita|reserva|visita|turno|hora",
                    "no necesito|quiero ... la|mi cita|reserva|turno|visita",
                    "dar|den|dame|doy de baja",
                ],
                0.87: [
                    "cancel*|anul*",
                    "no ... podre|puedo|voy|vamos ... ir|asistir|acudir|llegar|venir|presentarme",
                ],
            ]),
        Entry(
            .query,
            [
                0.92: [
                    "cuando|hora|dia|fecha ... es|era|tengo|toca|tenia|seria ... mi|la|cita|reserva|turno|ir",
                    "tengo|tenia|hay|tenemos alguna|una|un|reservada|la|mi|algo|ya ... cita|reserva|turno|reservado|apuntado|hora",
                    "consult*|confirm*|verific*|comprob*|revis*|ver|mir*|saber|record*|busc* ... mi|la|las|mis cita|citas|reserva|turno|visita",
                    "estado de ... cita|reserva",
                    "cuando|hora|dia ... tengo que|cita",
                    "estoy apuntado|apuntada|agendado|agendada|citado|citada",
                    "olvide|olvidado ... cita|hora|dia|cuando",
                    "datos|detalles|informacion de|sobre mi", "me esperan|toca",
                ],
                0.52: ["mi|mis cita|reserva|turno|citas"],
            ]),
        Entry(
            .orderStatus,
            [
                0.94: ["termin*|acab* ... coche|carro|auto|vehiculo|camioneta|moto"],
                0.92: [
                    "mi|el|un|de|del|mis pedido|pedidos|orden|encargo|paquete",
                    "pedido|orden|encargo ... numero|listo|lista|llegado|estado|enviado|llega",
                    "esta|estan|estara|tienen|llego|llegaron|llegado|termin* ... coche|carro|auto|vehiculo|repuesto|repuestos|pieza|piezas|camioneta|furgoneta|moto|neumaticos|llantas ... listo|lista|listos|listas|arreglado|terminado|reparado|ya",
                    "listo|lista|reparado|arreglado|terminado mi|el|ya ... coche|carro|auto|vehiculo",
                    "coche|carro|auto|vehiculo|camioneta ... listo|lista|arreglado|terminado|reparado|reparacion",
                    "como va|sigue|esta ... coche|carro|auto|reparacion|pedido|vehiculo",
                    "donde|cuando ... pedido|repuestos|piezas|coche|carro|auto|paquete",
                    "llegado|llego|llegaron|llegan ... repuesto|repuestos|pieza|piezas|llantas|neumaticos",
                ],
                0.86: [
                    "recoger|retirar|buscar ... coche|carro|auto|pedido|vehiculo", "pedido|orden #",
                    "rastre*|seguimiento",
                ],
                0.75: ["pedido|encargo", "estado de"],
            ]),
        Entry(
            .prices,
            [
                0.87: [
                    "cuanto ... cuesta|cuestan|vale|valen|sale|salen|cobran|es|seria|cobra|costaria|pago|pagar|saldria",
                    "precio*|tarifa*|presupuesto|coste|costo|costos|costes",
                    "que precio|vale|cuesta", "a como|cuanto",
                ],
                0.75: [
                    "paquete|paquetes|oferta|ofertas|descuento|descuentos|promocion|promociones",
                    "que|cuales ... servicios|trabajos", "lista de servicios", "cobran",
                    "servicios ofrecen|tienen|hacen",
                ],
                0.6: ["caro|cara|barato|barata|cuanto", "cuesta|cuestan|costar"],
            ]),
        Entry(
            .openingHours,
            [
                0.9: [
                    "que|cual|hasta|desde|cuales|a ... hora|horas|dias|horario|horarios|cuando ... abren|abre|cierran|cierra|abierto|abiertos|atienden|atencion|trabajan|estan|abris|cerrais|apertura|cierre",
                    "horario|horarios",
                    "estan|esta|estais|tienen ... abierto|abiertos|cerrado|cerrados",
                    "abren|cierran|abris|atienden|trabajan|abre ... los|el|en|por|hoy|manana|a|sabado|sabados|domingo|domingos|festivos|mediodia",
                    "cuando ... abren|cierran|abre|cierra|abierto", "hasta que hora|cuando",
                ],
                0.65: ["abren|abre|abierto|cierran|cierra|atienden|cerrado|abris"],
            ]),
        Entry(
            .book,
            [
                0.93: [
                    "reserv*|agend*|pedir|program*|concert*|solicit*|hacer|sacar|coger|quiero|quisiera|necesito|gustaria|querria|dar|den|dame|deme|apart* ... una|un|otra|otro|nueva ... cita|turno|hora|reserva|visita",
                    "reservar|agendar|apuntar|apuntarme|apuntame|apunteme|anotar|anotarme|programar|agendarme ... para|cita|me|coche|carro|auto|un|una|el|la",
                ],
                0.85: [
                    "tienen|hay|tendrian|habria|tiene|queda|quedan ... hueco|huecos|disponible|disponibilidad|sitio|cita|libre|lugar|espacio|turno",
                    "hueco|disponibilidad",
                    "cita para|el|a|con|de|manana|este",
                    "pueden|podrian|puede ... ver|mirar|atender|revisar|recibir*|hacer|cambiar*",
                ],
                0.75: [
                    "llevar|traer|dejar|pasar|llevo|traigo|dejo|llevarles ... coche|carro|auto|vehiculo|camioneta|moto|furgoneta|taller",
                    "paso|pasarme|ir por|a ... taller",
                ],
                0.6: [
                    "reserv*|agend*", "^ cita|citas|turno $", "una|un|nueva|otra cita|turno",
                    "necesita ... revision|cambio|cambiar|arreglo",
                    "hay que|me toca|toca ... cambiar|revisar|hacer|pasar",
                    "quiero|quisiera|necesito|gustaria|querria|tengo ... cambiar|revisar|revisen|cambien|hagan|miren|arreglen|arreglar|hacer|hacerle",
                ],
            ]),
        Entry(
            .nevermind,
            [
                0.92: [
                    "olvid* lo|eso|la", "olvidelo|olvidalo|dejalo|dejelo|dejemoslo", "da|es igual",
                    "empez*|comenz*|volver|empecemos|empieza ... principio|cero|nuevo|inicio|empezar",
                    "cambiado|cambie de idea|opinion|parecer", "mejor ... dejo|dejamos|nada",
                ],
                0.8: ["no importa", "menu principal", "ya no"],
                0.6: ["^ espera|espere|para|pare $"],
            ]),
        Entry(
            .repeatAnswer,
            [
                0.91: ["no oi|entendi|escuche|oigo|escucho|entiendo"],
                0.9: [
                    "repit*|repet*", "otra vez|ves", "de nuevo $",
                    "no ... he|te|le|lo|la|se oido|escuchado|entendido|entiendo|oigo|escucho|oi|escuche|entendi|oye|escucha",
                    "que ha|has|dijo|dice|dijiste|dices|decias|decia dicho|$",
                    "que me|fue ... pregunt*|dijo|decia|dice", "digamelo|dimelo|diga ... nuevo|vez",
                    "una vez mas",
                ],
                0.8: [
                    "^ perdon|perdone|perdona|disculpe|disculpa $", "^ como $",
                    "^ como dice|dices|dijo|dijiste", "^ que $", "^ perdon que|como",
                    "mas despacio|alto|lento|fuerte", "no oi|entendi|escuche|oigo|escucho|entiendo",
                ],
            ]),
        Entry(
            .help,
            [
                0.88: ["no se que|como"],
                0.86: [
                    "que puedo|puedes|puede|pueden|sabes|sabe ... hacer|decir|preguntar|pedir|ofrecer",
                    "como funciona|funcionas|va|te|se esto|esta|este|uso|usa",
                    "cuales|que ... opciones",
                    "que ... digo|debo|tengo ... decir|que|hacer", "para que sirve*",
                    "que|cual ... opcion*",
                ],
                0.7: [
                    "ayuda|ayudar|ayudarme|ayudame|ayudeme|auxilio|socorro|orient*",
                    "no se que|como", "estoy perdido|perdida|confundido|confundida|liado",
                    "instrucciones",
                ],
            ]),
        Entry(
            .farewell,
            [
                0.85: [
                    "adios|chao|chau|chauu", "hasta luego|pronto|manana|la|otra|entonces|siempre",
                    "nos vemos", "cuelg*|colgar",
                    "que ... vaya|pase|tenga|tengas ... bien|buen|buena|bueno|dia|tarde|noche|fin",
                ],
                0.75: [
                    "eso es|era|seria todo", "nada mas", "es|era todo", "no ... necesito nada|mas",
                    "con eso|esto basta|ya|es", "ya esta|termine|acabe|he ... todo|terminado|$",
                    "buen dia $", "buenas noches $", "buena tarde|noche", "cuidate|cuidese",
                    "ya ... tengo todo|que",
                ],
            ]),
        Entry(
            .no,
            [
                0.8: [
                    "no es|esta asi|correcto|eso|bien|cierto|exacto", "mal|incorrecto|equivoc*",
                    "^ no gracias", "para nada", "ni hablar", "en absoluto", "mejor no",
                    "creo que no", "de ninguna", "por ahora no", "prefiero que? no",
                ],
                0.72: ["^ no|nop|nunca|jamas|negativo|tampoco", "^ pues|bueno|eh|ay|uy|ah no"],
                0.35: ["no"],
            ]),
        Entry(
            .yes,
            [
                0.8: [
                    "de acuerdo", "por supuesto", "esta|va|todo|muy|me bien",
                    "me parece|va bien|perfecto|genial|estupendo", "es correcto|cierto|asi|eso",
                    "asi es", "desde luego", "como no", "adelante", "eso es $", "claro",
                    "reservel*|reserval*|reserve|reserva $",
                    "hagal*|hazl*", "me sirve|viene|conviene|parece", "confirm*", "creo que si",
                    "sin problema",
                ],
                0.74: [
                    "^ si|sip|claro|vale|ok|okay|correcto|exacto|exactamente|perfecto|bueno|bien|dale|afirmativo|efectivamente|cierto|venga|genial|listo|seguro|sale|estupendo|aja|obvio|andale|orale",
                    "^ pues|bueno|eh|ah|ay|uy|eso|que si",
                    "si por favor|claro|senor|senora|senorita",
                ],
                0.2: ["por favor $"],
            ]),
        Entry(
            .thanks,
            [
                0.8: ["gracias por|mil"], 0.62: ["gracias|graciass|agradec*|agradezco"],
                0.5: ["muy|que amable"],
            ]),
        Entry(
            .greeting,
            [
                0.51: ["^ hola|buenas|buenos|buen|saludos|oiga|alo|diga|holi"],
                0.5: [
                    "buenos dias", "buenas tardes|noches", "hola", "que tal",
                    "como esta|estas|estan|le", "muy buenas", "es el|este ... taller",
                    "hay alguien",
                ],
            ]),
    ]
}
