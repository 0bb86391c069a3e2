extension SentimentCues {
    static let spanish = SentimentCues(
        entries: [
            Entry(
                .angry, negated: .nothing,
                [
                    "idiota|idiotas|imbecil|imbeciles|estupido|estupida|estupidos|ladrones",
                    "sinverguenza*|estafador*|gilipollas|pendejo*|cabron*|inutiles|incompetente*",
                    "mierda|joder|carajo|chingad*|puta|puto",
                    "callate|callese", "furioso|furiosa|indignado|indignada|cabread*|encabronad*",
                    "voy|vamos ... denunciar*|demandar*", "los|les denuncio|demando",
                    "poner|pongo ... denuncia|demanda", "mi abogado|abogada",
                    "hablar con mi|un abogado", "son unos|una inutiles|inutil|sinverguenzas",
                ]),
            Entry(
                .frustrated, negated: .nothing,
                [
                    "harto|harta|hartos|hartas", "frustrad*|frustrante*|frustracion",
                    "enojado|enojada|enfadado|enfadada|enojadisim*|enfadadisim*",
                    "estoy|muy|bastante|tan|estamos ... molesto|molesta|molestos|molestas",
                    "desesperad*|desesperante|desespera", "decepcionad*|decepcion|decepcionante",
                    "inaceptable|inadmisible|intolerable|indignante|vergonzoso|lamentable|absurdo",
                    "ridiculo|ridicula|pesimo|pesima|horrible|horribles|terrible|fatal|nefasto",
                    "desastre|asco|porqueria|estafa|tomadura", "es un robo|timo|engano",
                    "que|una verguenza", "es|son|una basura",
                    "muy|tan|bastante|todo|esta|estan|sigue|va|salio|funciona|atendieron mal",
                    "mal|mala|malo servicio|atencion|trato|experiencia",
                    "mala|malas educacion|maneras",
                    "perdida|perdiendo|perder|pierdo|perdido ... tiempo",
                    "me canse|cansado|cansada de", "estoy|ya cansado|cansada",
                    "quiero|quisiera|voy|poner|pongo|presentar|hacer|interponer ... queja|reclamacion|reclamo|quejarme",
                    "hoja|hojas de reclamacion|reclamaciones",
                ]),
            Entry(
                .frustrated, negated: .itself,
                [
                    "no ... funciona|funcionan|sirve|sirven|funciono|sirvio|jala",
                    "no puede ser $", "esto no puede ser", "no es justo|normal", "no hay derecho",
                    "no ... aguanto|soporto", "no puedo mas $",
                    "no me|nos ayuda|ayudan|ayudas|resuelve|resuelven|solucionan|responden|contestan|escuchan|escuchas|escucha|hacen",
                    "no me entiende|entiendes|entienden", "no me esta|estas|estan entendiendo",
                    "nadie ... contesta|responde|resuelve|soluciona|ayuda|atiende|hace|llama|llamo|coge",
                    "sigo|seguimos|sigue|siguen|continuo sin", "sigo|seguimos esperando",
                    "llevo|llevamos ... esperando|intentando|tratando|llamando|sin",
                    "todavia|aun ... esperando",
                    "otra vez|ves ... lo|el|con mismo|igual|lo", "siempre lo|la mismo|misma|igual",
                    "lo mismo de siempre", "cuantas veces",
                    "dicho|dije|explicado|explique|repetido|repeti|llamado|llame|pedido|pedi ... veces",
                    "veces ... dicho|dije|explicado|explique|repetido|llamado|llame|pedido",
                    "es la segunda|tercera|cuarta|quinta|sexta|enesima vez",
                    "gracias por nada", "no sirve|sirven ... nada", "de nada sirve",
                    "imposible ... hablar|comunicar*|contactar|conseguir",
                    "ya basta", "hasta las|el narices|gorro|cojones",
                ]),
            Entry(
                .confused, negated: .itself,
                [
                    "no ... entiendo|entendi|entendemos|comprendo|comprendi|entendido",
                    "no me queda|quedo|ha ... claro", "no ... tengo claro", "no me aclaro",
                    "no se que hacer|quiere|significa|decir|tengo|pasa|debo",
                    "no se como hacer*|funciona|se|hago|seguir",
                    "no se a que ... refiere*|refieres", "me perdi", "me he perdido|liado",
                    "que significa", "que quiere decir", "a que ... refiere|refieres",
                ]),
            Entry(
                .confused, negated: .nothing,
                [
                    "confundid*|confuso|confusa|confusion|confunde|confundiendo",
                    "estoy ... liado|liada|perdido|perdida",
                    "explic* ... otra|de vez|nuevo",
                ]),
            Entry(
                .positive, negated: .complaint,
                [
                    "contento|contenta|satisfecho|satisfecha|encantado|encantada|feliz",
                    "me gusta|gusto ... mucho|servicio|atencion",
                    "buen|buena servicio|atencion|trato|trabajo",
                    "bien atendido|atendida", "me ... han|has|ha ayudado",
                ]),
            Entry(
                .positive, negated: .nothing,
                [
                    "genial|excelente|excelentes|estupendo|estupenda|fantastico|fantastica",
                    "maravilloso|maravillosa|fenomenal|buenisimo|buenisima|magnifico|perfecto|perfecta",
                    "muchas|muchisimas|mil gracias", "gracias por todo|su|tu|ayudarme|la|atenderme",
                    "agradezco mucho|muchisimo", "lo agradezco", "muy agradecido|agradecida",
                    "muy amable|amables", "me encanta|encanto|alegro|alegra",
                    "que bien|bueno|alegria|maravilla|amable", "de maravilla|lujo", "de gran ayuda",
                    "todo ... muy bien", "super bien", "ayudado|ayudo mucho",
                ]),
            Entry(.positive, negated: .itself, ["nada mal", "sin ninguna? queja|quejas"]),
        ],
        negators: [
            "no", "ni", "nunca", "jamas", "tampoco", "sin", "ningun", "ninguna", "nada",
        ],
        barriers: ["estoy", "estamos", "soy", "somos", "es", "son", "esta", "estan"],
        turns: ["pero", "aunque", "ahora"])
}
