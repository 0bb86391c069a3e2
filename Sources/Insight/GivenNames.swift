/// Common given names, folded; all of them stand in the CMU pronouncing dictionary.
package enum GivenNames {
    package static let english = names(
        """
        james john robert michael william david richard joseph thomas charles christopher daniel \
        matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george edward \
        timothy jason ryan jacob nicholas eric jonathan stephen justin scott benjamin samuel \
        frank gregory raymond alexander patrick jack peter henry adam nathan simon oliver oscar \
        mary patricia jennifer linda elizabeth barbara susan jessica sarah karen nancy lisa \
        margaret sandra ashley emily michelle carol amanda melissa stephanie rebecca laura \
        cynthia amy kathleen angela anna pamela emma nicole helen samantha katherine christine \
        rachel janet olivia diane julie joyce victoria kelly christina evelyn alice grace sophia \
        hannah claire charlotte lucy jane kate
        """)

    package static let spanish = names(
        """
        maria jose juan carlos luis jorge miguel pedro antonio manuel francisco fernando javier \
        rafael ricardo roberto eduardo alberto diego pablo sergio andres ramon enrique \
        alejandro gabriel hector raul ruben ana carmen rosa isabel lucia elena marta teresa \
        pilar silvia monica cristina gloria claudia adriana alicia julia daniela andrea sofia \
        valentina eva irene clara dolores mercedes guadalupe leticia
        """)

    static let all = Set(english + spanish)

    private static func names(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }
}
