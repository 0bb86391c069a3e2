internal import Pipeline

extension SphinxDecoder: CallDecoder {
    func start(
        _ utterance: Utterance, of request: RecognitionRequest
    ) throws(EngineError) {
        language = request.language
        audio = try RecognizerAudio(request.format)
        try use(
            grammar: utterance.hints.grammar ?? DefaultGrammar.text(language), language: language)
        try startUtterance()
    }

    func take(_ octets: [UInt8]) {
        guard let samples = audio?.samples(of: octets) else { return }
        process(samples)
    }

    func finish() -> String {
        endUtterance()
        guard let heard = hypothesis,
            heard.alignment.isPlausible(for: heard.text, language: language)
        else { return "" }
        return heard.text
    }

    func drop() { endUtterance() }
}
