internal import CPocketSphinx
internal import Pipeline

/// One PocketSphinx decoder, used by one call; it owns the C state.
///
/// It adapts to the voice and line it hears, so it serves one call and is then thrown away. Results
/// of an utterance depend on what came before it.
@safe final class SphinxDecoder: @unchecked Sendable {
    // Sendable because it has one owner at a time: the thread that loads it hands it to the pool,
    // and the pool to the one worker its call is pinned to.
    private let state: OpaquePointer
    private let dictionary: PronouncingDictionary
    private var words: Set<String> = []
    /// Texts of the grammars the decoder holds; the one at index n is called `g<n>` there.
    private var grammars: [String] = []
    private var nextGrammar = 0
    /// Of the utterance being heard; `SphinxDecoder+Call` alone uses both.
    var audio: RecognizerAudio?
    var language = Language.english

    /// What the decoder makes of an utterance that is over.
    struct Hypothesis {
        let text: String
        let alignment: Alignment
    }

    /// Loads the acoustic model (12 ms, 5 MB measured).
    init(model: SphinxModel, dictionary: PronouncingDictionary) throws(EngineError) {
        CPocketSphinx_silence()
        // Measured on 288 espeak-ng utterances in four voices through 8 kHz µ-law: the library's
        // own values recognise 62 % exactly, these 79 %. Words cost more (`-wip`), so that endings
        // are not heard as further short words; pauses cost less; the search is wider.
        let state = unsafe CPocketSphinx_decoder(
            model.acousticModel, "/dev/null", "0.01", "0.1", "1e-64", "1e-48")
        guard let state = unsafe state else {
            throw .unavailable("the acoustic model \(model.acousticModel) cannot be loaded")
        }
        unsafe self.state = state
        self.dictionary = dictionary
    }

    deinit { _ = unsafe ps_free(state) }

    /// Chooses what can be heard from the next utterance on; a text seen before costs nothing.
    func use(grammar: String, language: Language) throws(EngineError) {
        if let index = grammars.firstIndex(of: grammar) {
            guard unsafe ps_set_search(state, "g\(index)") == 0 else {
                throw .failed("PocketSphinx lost a grammar")
            }
            return
        }
        try addWords(of: grammar, language: language)
        let index = grammars.count < Self.grammarLimit ? grammars.count : nextGrammar
        guard unsafe ps_set_jsgf_string(state, "g\(index)", grammar) == 0,
            unsafe ps_set_search(state, "g\(index)") == 0
        else { throw .failed("PocketSphinx does not accept the grammar") }
        if index < grammars.count { grammars[index] = grammar } else { grammars.append(grammar) }
        nextGrammar = (index + 1) % Self.grammarLimit
    }

    private func addWords(of grammar: String, language: Language) throws(EngineError) {
        for word in GrammarWords.words(of: grammar) where !words.contains(word) {
            let pronunciations = pronunciations(of: word, language: language)
            guard !pronunciations.isEmpty else {
                throw .failed("the grammar has a word that cannot be said: \(word)")
            }
            for (index, phones) in pronunciations.enumerated() {
                let name = index == 0 ? word : "\(word)(\(index + 1))"
                guard unsafe ps_add_word(state, name, phones, 0) >= 0 else {
                    throw .failed("PocketSphinx does not accept \(name) as \(phones)")
                }
            }
            words.insert(word)
        }
    }

    private func pronunciations(of word: String, language: Language) -> [String] {
        switch language {
        case .spanish: return SpanishPronunciation.pronunciations(of: word)
        case .english:
            let known = dictionary.pronunciations(of: word)
            guard !known.isEmpty else { return EnglishPronunciation.pronunciations(of: word) }
            return known + (EnglishPronunciation.further[word] ?? [])
        }
    }

    /// Forgets the line's noise; once, before the call's first utterance.
    func startStream() { _ = unsafe ps_start_stream(state) }

    func startUtterance() throws(EngineError) {
        guard unsafe ps_start_utt(state) == 0 else {
            throw .failed("PocketSphinx cannot start an utterance")
        }
    }

    /// - Parameter samples: at 16 kHz.
    func process(_ samples: [Int16]) {
        unsafe samples.withUnsafeBufferPointer { buffer in
            _ = unsafe ps_process_raw(state, buffer.baseAddress, buffer.count, 0, 0)
        }
    }

    func endUtterance() { _ = unsafe ps_end_utt(state) }

    /// The words so far; empty when there are none.
    var text: String {
        var score: Int32 = 0
        guard let words = unsafe ps_get_hyp(state, &score) else { return "" }
        return unsafe String(cString: words)
    }

    /// What was heard, with how well it fits; only after `endUtterance()`.
    var hypothesis: Hypothesis? {
        var score: Int32 = 0
        guard let words = unsafe ps_get_hyp(state, &score) else { return nil }
        let text = unsafe String(cString: words)
        var alignment = Alignment(
            score: Int(score), frames: Int(unsafe ps_get_n_frames(state)), silentFrames: 0)
        var segment = unsafe ps_seg_iter(state)
        while let current = unsafe segment {
            var first: Int32 = 0
            var last: Int32 = 0
            unsafe ps_seg_frames(current, &first, &last)
            // `<sil>`, `[NOISE]` and the grammar's `(NULL)` transitions.
            if let word = unsafe ps_seg_word(current),
                let initial = unsafe String(cString: word).first, "<[(".contains(initial)
            {
                alignment.silentFrames += Int(last - first + 1)
            }
            unsafe segment = unsafe ps_seg_next(current)
        }
        return Hypothesis(text: text, alignment: alignment)
    }

    /// Grammars kept by text: as many as a dialogue has states, with room.
    private static let grammarLimit = 16
}
