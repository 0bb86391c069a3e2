internal import Pipeline

/// What is listened for when the agent names no grammar: the answers any dialogue understands.
///
/// Dictation is no alternative: over the telephone the model's own language model is measured to
/// get no sentence right.
enum DefaultGrammar {
    static func text(_ language: Language) -> String {
        switch language {
        case .english:
            """
            #JSGF V1.0;
            grammar basics;
            public <utterance> = [hello] ( yes [please] | no [thanks | thank you] | okay | hello
            | hi | help | goodbye | bye | thank you [goodbye] | thanks | repeat that | stop | cancel
            | [i want to | can i] ( talk | speak ) to ( a person | a human | an agent ) );
            """
        case .spanish:
            """
            #JSGF V1.0;
            grammar basicas;
            public <utterance> = [hola] ( si [por favor] | no [gracias] | vale | claro | hola
            | ayuda | adios | gracias [adios] | muchas gracias | repita | otra vez | cancelar
            | [quiero] hablar con ( una persona | alguien | un agente ) );
            """
        }
    }
}
