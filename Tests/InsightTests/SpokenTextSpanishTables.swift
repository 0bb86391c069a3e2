/// What is written and what is said in Spanish.
///
/// Numerals, ordinals, fractions and abbreviations after RAE and ASALE, "Ortografía de la lengua
/// española" (2010), chapters VII and VIII, and the "Diccionario panhispánico de dudas"; letters by
/// their RAE names. What is a choice between correct readings is said at the group.
enum SpokenTextSpanishTables {
    typealias Row = (written: String, spoken: String)

    static let cardinals: [Row] = [
        ("Son 0 puntos", "Son cero puntos"),
        ("Tengo 16", "Tengo dieciséis"),
        ("Hay 22 y 23 y 26", "Hay veintidós y veintitrés y veintiséis"),
        ("Son 31", "Son treinta y uno"),
        ("Pagó 100", "Pagó cien"),
        ("Pagó 101", "Pagó ciento uno"),
        ("Pagó 500", "Pagó quinientos"),
        ("Pagó 777", "Pagó setecientos setenta y siete"),
        ("Pagó 999", "Pagó novecientos noventa y nueve"),
        ("Pagó 1000", "Pagó mil"),
        ("Pagó 1,001", "Pagó mil uno"),
        ("Pagó 2,016", "Pagó dos mil dieciséis"),
        ("Pagó 21,000", "Pagó veintiún mil"),
        ("Pagó 100,000", "Pagó cien mil"),
        ("Pagó 1,000,000", "Pagó un millón"),
        ("Pagó 2,300,045", "Pagó dos millones trescientos mil cuarenta y cinco"),
        ("Pagó 1,000,000,000", "Pagó mil millones"),
        ("Pagó 1,000,000,000,000", "Pagó un billón"),
        ("Pagó 31,000,000", "Pagó treinta y un millones"),
    ]

    static let agreement: [Row] = [
        ("Tiene 21 años", "Tiene veintiún años"),
        ("Faltan 31 días", "Faltan treinta y un días"),
        ("Faltan 21 horas", "Faltan veintiuna horas"),
        ("Hay 1 mensaje", "Hay un mensaje"),
        ("Hay 1 llamada", "Hay una llamada"),
        ("Son 200 personas", "Son doscientas personas"),
        ("Son 201 páginas", "Son doscientas una páginas"),
        ("Son 500 mil", "Son quinientos mil"),
        ("Hay 300 habitaciones", "Hay trescientas habitaciones"),
        ("Hay 300 lugares", "Hay trescientos lugares"),
        ("Son 41 problemas", "Son cuarenta y un problemas"),
        ("Quedan 21 de 30", "Quedan veintiuno de treinta"),
        ("Marque la opción 1 ahora", "Marque la opción uno ahora"),
        ("Nos vemos a la 1", "Nos vemos a la una"),
        ("Cerramos a las 21", "Cerramos a las veintiuna"),
        ("Son 3 millones de litros", "Son tres millones de litros"),
    ]

    static let decimalsAndShares: [Row] = [
        ("Mide 1.75", "Mide uno punto setenta y cinco"),
        ("Es 3.1416", "Es tres punto uno cuatro uno seis"),
        ("Es 0.05", "Es cero punto cero cinco"),
        ("Es 1,5", "Es uno coma cinco"),
        ("Subió 15%", "Subió quince por ciento"),
        ("Subió 15 %.", "Subió quince por ciento."),
        ("El 21% paga", "El veintiuno por ciento paga"),
        ("Es el 100 %", "Es el cien por ciento"),
        ("Bajó 0.5%", "Bajó cero punto cinco por ciento"),
        ("Entre 10-15%", "Entre diez a quince por ciento"),
        ("1/2 taza", "media taza"),
        ("3/4 de hora", "tres cuartos de hora"),
        ("2/3 taza", "dos tercios de taza"),
        ("Falta 1/2 kilo", "Falta medio kilo"),
        ("2 1/2 horas", "dos horas y media"),
        ("Son 1 1/2 km", "Son un kilómetro y medio"),
        ("Quedó ½", "Quedó un medio"),
        ("Sacó 8.5/10", "Sacó ocho punto cinco de diez"),
        ("Sirve 24/7", "Sirve veinticuatro siete"),
        ("De 9-18", "De nueve a dieciocho"),
        ("Unas 10–15 veces", "Unas diez a quince veces"),
    ]

    static let ordinals: [Row] = [
        ("El 1.º", "El primero"),
        ("La 2.ª vez", "La segunda vez"),
        ("El 1.º piso", "El primer piso"),
        ("El 3er piso", "El tercer piso"),
        ("El 3.er intento", "El tercer intento"),
        ("El 2do lugar", "El segundo lugar"),
        ("La 3ra opción", "La tercera opción"),
        ("El 4to día", "El cuarto día"),
        ("El 7mo mes", "El séptimo mes"),
        ("El 1er. piso", "El primer piso"),
        ("La 1a. y la 2a. cita", "La primera y la segunda cita"),
        ("El 11º", "El undécimo"),
        ("El 13º", "El decimotercero"),
        ("El 20º", "El vigésimo"),
        ("La 25.ª", "La vigésima quinta"),
    ]

    static let units: [Row] = [
        ("A 5 km", "A cinco kilómetros"),
        ("A 1 km", "A un kilómetro"),
        ("A 21 km.", "A veintiún kilómetros."),
        ("Pesa 2.5 kg", "Pesa dos punto cinco kilogramos"),
        ("Son 80 m²", "Son ochenta metros cuadrados"),
        ("Son 21 h", "Son veintiuna horas"),
        ("Espere 10 min. más", "Espere diez minutos más"),
        ("A 120 km/h", "A ciento veinte kilómetros por hora"),
        ("Hace 20°C", "Hace veinte grados Celsius"),
        ("Hace 20 °C hoy", "Hace veinte grados Celsius hoy"),
        ("Son 500 ml", "Son quinientos mililitros"),
        ("Son 3 lts de aceite", "Son tres litros de aceite"),
        ("Son 16 GB", "Son dieciséis gigabytes"),
        ("Hace -5 °C", "Hace menos cinco grados Celsius"),
    ]

    static let money: [Row] = [
        ("Cuesta $1,250.50", "Cuesta mil doscientos cincuenta pesos con cincuenta centavos"),
        ("Cuesta $1,250.00.", "Cuesta mil doscientos cincuenta pesos."),
        ("Cuesta $1", "Cuesta un peso"),
        ("Cuesta $21", "Cuesta veintiún pesos"),
        ("Cuesta $0.50", "Cuesta cincuenta centavos"),
        ("Cuesta $1.01", "Cuesta un peso con un centavo"),
        ("Cuesta $ 300", "Cuesta trescientos pesos"),
        ("Cuesta $100 pesos", "Cuesta cien pesos"),
        ("Cuesta $100 dólares", "Cuesta cien dólares"),
        ("Vale $1,000,000", "Vale un millón de pesos"),
        ("Vale $5 millones", "Vale cinco millones de pesos"),
        ("Vale $1.5 millones de dólares", "Vale uno punto cinco millones de dólares"),
        ("Vale $2M", "Vale dos millones de pesos"),
        ("Vale 3 mdp", "Vale tres millones de pesos"),
        ("Son US$ 20", "Son veinte dólares"),
        ("Son 20 USD", "Son veinte dólares"),
        ("Son USD $1,500", "Son mil quinientos dólares"),
        ("Son $350 c/u", "Son trescientos cincuenta pesos cada uno"),
        ("Son USD 21.50", "Son veintiún dólares con cincuenta centavos"),
        ("Son 500 MXN", "Son quinientos pesos mexicanos"),
        ("Son 15 €", "Son quince euros"),
        ("Son €12.30", "Son doce euros con treinta céntimos"),
        ("Son £200", "Son doscientas libras"),
        ("Debe -$50", "Debe menos cincuenta pesos"),
        ("De $100 a $200", "De cien pesos a doscientos pesos"),
        ("$99/mes", "noventa y nueve pesos por mes"),
        ("$100-$200", "cien pesos a doscientos pesos"),
    ]

    static let dates: [Row] = [
        ("El 2026-11-21", "El veintiuno de noviembre de dos mil veintiséis"),
        ("El 21/11/2026", "El veintiuno de noviembre de dos mil veintiséis"),
        ("El 01/02/2026", "El primero de febrero de dos mil veintiséis"),
        ("El 5-3-99", "El cinco de marzo de mil novecientos noventa y nueve"),
        ("El 31.12.2025", "El treinta y uno de diciembre de dos mil veinticinco"),
        ("El 3 de mayo", "El tres de mayo"),
        ("El 1 de mayo", "El primero de mayo"),
        ("El 1° de mayo", "El primero de mayo"),
        ("El 3 de mayo de 2026", "El tres de mayo de dos mil veintiséis"),
        ("El 3 de nov.", "El tres de noviembre."),
        ("El 15-ene-2026", "El quince de enero de dos mil veintiséis"),
        ("Mañana 22/11", "Mañana veintidós de noviembre"),
        ("Vence el 15/11", "Vence el quince de noviembre"),
        ("El lun. 3", "El lunes tres"),
        ("De lun-vie", "De lunes a viernes"),
        ("Horario L-V", "Horario lunes a viernes"),
        ("En 1999", "En mil novecientos noventa y nueve"),
    ]

    /// With a half of the day as people say it; without one on the clock the text uses.
    static let times: [Row] = [
        ("A las 2:30 pm", "A las dos y media de la tarde"),
        ("A las 2:30 p. m.", "A las dos y media de la tarde."),
        ("A las 9:00 am abrimos", "A las nueve de la mañana abrimos"),
        ("A las 10:15 a.m. en punto", "A las diez y cuarto de la mañana en punto"),
        ("A la 1:05 PM", "A la una y cinco de la tarde"),
        ("A las 8pm", "A las ocho de la noche"),
        ("A las 12:00 pm", "A las doce del mediodía"),
        ("A las 3 a.m.", "A las tres de la madrugada."),
        ("A las 14:30", "A las catorce treinta"),
        ("A las 14:30 hrs", "A las catorce treinta horas"),
        ("A las 16:05", "A las dieciséis cero cinco"),
        ("A las 21:00", "A las veintiuna horas"),
        ("A las 9:45", "A las nueve y cuarenta y cinco"),
        ("A las 12:00", "A las doce"),
        ("A las 9h30", "A las nueve y media"),
        ("A las 9h", "A las nueve horas"),
        ("De 9:00-18:00", "De nueve a dieciocho horas"),
        ("De 9:00 - 18:00 hrs.", "De nueve a dieciocho horas."),
        ("De 9am-5pm", "De nueve de la mañana a cinco de la tarde"),
    ]

    static let digitByDigit: [Row] = [
        (
            "Llame al 55 1234 5678",
            "Llame al cinco cinco, uno dos tres cuatro, cinco seis siete ocho"
        ),
        (
            "Es (55) 1234-5678.",
            "Es cinco cinco, uno dos tres cuatro, cinco seis siete ocho."
        ),
        (
            "+52 55 1234 5678",
            "más cincuenta y dos, cinco cinco, uno dos tres cuatro, cinco seis siete ocho"
        ),
        (
            "+525512345678",
            "más cincuenta y dos, cinco cinco uno, dos tres cuatro, cinco seis siete ocho"
        ),
        ("Es 5512345678", "Es cinco cinco uno, dos tres cuatro, cinco seis siete ocho"),
        ("Su código es 48213", "Su código es cuatro ocho, dos uno tres"),
        ("Pedido 4711", "Pedido cuatro siete uno uno"),
        ("C.P. 06700", "código postal cero seis, siete cero cero"),
        ("Clave 007", "Clave cero cero siete"),
        (
            "4111 1111 1111 1111",
            "cuatro uno uno uno, uno uno uno uno, uno uno uno uno, uno uno uno uno"
        ),
        ("Folio A-1234", "Folio a uno dos tres cuatro"),
        ("Vuelo AM508", "Vuelo a eme cinco cero ocho"),
        ("Red 4G", "Red cuatro ge"),
        ("COVID-19", "COVID diecinueve"),
        ("Aceite 5W-30", "Aceite cinco doble u treinta"),
        ("Aceite 10W40", "Aceite diez doble u cuarenta"),
        ("Promoción 2x1", "Promoción dos por uno"),
        ("Versión 1.2.3", "Versión uno punto dos punto tres"),
    ]

    static let addresses: [Row] = [
        ("Visite https://www.ejemplo.com", "Visite el sitio ejemplo punto com"),
        ("Visite www.ejemplo.com/ayuda?x=1.", "Visite el sitio ejemplo punto com."),
        ("Entre a ejemplo.com.mx hoy", "Entre a ejemplo punto com punto eme equis hoy"),
        ("Escriba a ana@ejemplo.com.", "Escriba a ana arroba ejemplo punto com."),
        (
            "juan_perez85@mi-taller.mx",
            "juan guion bajo perez ochenta y cinco arroba mi guion taller punto eme equis"
        ),
        ("Síganos en @taller", "Síganos en arroba taller"),
    ]

    static let abbreviations: [Row] = [
        ("El Sr. López", "El señor López"),
        ("La Sra. Ruiz y la Dra. Paz", "La señora Ruiz y la doctora Paz"),
        ("¿Cómo está Ud.?", "¿Cómo está usted?"),
        ("Como Uds. quieran", "Como ustedes quieran"),
        ("La n.º 5", "La número cinco"),
        ("Casa No. 12", "Casa número doce"),
        ("El núm. 8", "El número ocho"),
        ("En Av. Reforma 222", "En avenida Reforma doscientos veintidós"),
        ("Frenos, llantas, etc.", "Frenos, llantas, etcétera."),
        ("Frenos, etc. y más", "Frenos, etcétera y más"),
        ("Algo, p. ej., aceite", "Algo, por ejemplo, aceite"),
        ("En EE. UU. también", "En Estados Unidos también"),
        ("Más IVA", "Más IVA"),
        ("CDMX, SUV, ABS", "ce de eme equis, ese u ve, a be ese"),
        ("Calle Sol s/n", "Calle Sol sin número"),
        ("Su RFC, por favor", "Su erre efe ce, por favor"),
        ("La CFE cobra", "La ce efe e cobra"),
        ("La ONU y la UNAM", "La ONU y la UNAM"),
        ("Un cable USB", "Un cable u ese be"),
        ("El siglo XXI", "El siglo veintiuno"),
        ("Felipe VI y Luis XIV", "Felipe sexto y Luis catorce"),
        ("NO ESTÁ ABIERTO EL RFC", "NO ESTÁ ABIERTO EL RFC"),
    ]

    static let signs: [Row] = [
        ("Juan & Pedro", "Juan y Pedro"),
        ("2 + 2 = 4", "dos más dos igual a cuatro"),
        ("3 x 4 y 3×4", "tres por cuatro y tres por cuatro"),
        ("El #1", "El número uno"),
        ("5 > 3", "cinco mayor que tres"),
        ("Son ~20", "Son aproximadamente veinte"),
        ("Hola — dijo", "Hola, dijo"),
        ("–¿Sí? –No.", "¿Sí? No."),
    ]

    static let markup: [Row] = [
        ("**Hola** y *adiós* y `ya`", "Hola y adiós y ya"),
        ("# Servicios\nAceite y frenos.", "Servicios. Aceite y frenos."),
        ("Tenemos:\n- Aceite\n- Frenos", "Tenemos: Aceite. Frenos."),
        ("1. Aceite\n2. Frenos", "uno, Aceite. dos, Frenos."),
        ("Vea [la página](https://a.com/x).", "Vea la página."),
        ("![logo](a.png) Hola", "logo Hola"),
        ("Listo 👍🏽 ¡gracias! 😊", "Listo ¡gracias!"),
        ("~~no~~ sí", "no sí"),
        ("aceite\nfrenos", "aceite, frenos"),
        ("Uno.\n\nDos", "Uno. Dos"),
        (
            "| Servicio | Precio |\n|---|---|\n| Aceite | $300 |",
            "Servicio, Precio. Aceite, trescientos pesos."
        ),
        ("> cita\n---\nfin", "cita. fin"),
        ("- [x] Hecho", "Hecho."),
        ("Hola<br/>Ana", "Hola Ana"),
    ]

    static let groups = [
        cardinals, agreement, decimalsAndShares, ordinals, units, money, dates, times,
        digitByDigit, addresses, abbreviations, signs, markup,
    ]

    /// Separators, currency and the first of the month as in the country (CLDR 45).
    static let countries: [(country: String, written: String, spoken: String)] = [
        ("es-ES", "Mide 1,75", "Mide uno coma setenta y cinco"),
        ("es-ES", "Son 1.250", "Son mil doscientos cincuenta"),
        ("es-ES", "Son 1.250,50 €", "Son mil doscientos cincuenta euros con cincuenta céntimos"),
        ("es-ES", "El 1 de mayo", "El uno de mayo"),
        ("es-ES", "Un WV", "Un uve doble uve"),
        (
            "es-ES", "Es el 612 345 678",
            "Es el seis uno dos, tres cuatro cinco, seis siete ocho"
        ),
        ("es-AR", "Son $ 1.250,50", "Son mil doscientos cincuenta pesos con cincuenta centavos"),
        ("es-AR", "Son ARS 300", "Son trescientos pesos argentinos"),
        ("es-CO", "Son $50.000", "Son cincuenta mil pesos"),
        ("es-CO", "Son 3,5 km", "Son tres coma cinco kilómetros"),
        ("es-CO", "Son $1.200.000", "Son un millón doscientos mil pesos"),
        ("es-US", "Son $20", "Son veinte dólares"),
        ("es-US", "El 3/12/2026", "El tres de diciembre de dos mil veintiséis"),
        ("es-MX", "Son $1.250", "Son mil doscientos cincuenta pesos"),
        ("es-419", "Son $5", "Son cinco pesos"),
    ]
}
