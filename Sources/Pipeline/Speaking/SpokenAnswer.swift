/// Which words of an answer lie where in its audio, so that a cut answer is stored as heard.
package struct SpokenAnswer: Sendable {
    struct Chunk {
        let text: String
        /// Its number within the answer; `nil` for something said to cover a wait.
        let number: Int?
        let start: Int
        /// Of a chunk that a face speaks, whose audio does not pass by: the characters heard of it.
        var heardCharacters: Int?
        var octetCount = 0
        var isComplete = false
        var words: [WordTiming] = []
        /// Of each 10 ms, as in `SpeechBlock`.
        var levels: [UInt8] = []
    }

    /// Without an end in sight, a chunk is taken to be spoken at this pace.
    static let charactersPerSecond = 14

    let octetsPerSecond: Int
    private(set) var chunks: [Chunk] = []

    package init(octetsPerSecond: Int) { self.octetsPerSecond = octetsPerSecond }

    /// The audio of the next chunk starts at `position`.
    ///
    /// - Parameters:
    ///   - text: what is said.
    ///   - number: the chunk's number within the answer; `nil` for a filler.
    ///   - position: in octets from the start of the answer.
    package mutating func begin(_ text: String, number: Int?, at position: Int) {
        chunks.append(Chunk(text: text, number: number, start: position))
    }

    /// A face speaks the next chunk; nothing of it has been heard yet.
    ///
    /// - Parameters:
    ///   - text: what is said.
    ///   - number: the chunk's number within the answer.
    ///   - position: where the answer's audio ends.
    package mutating func show(_ text: String, number: Int, at position: Int) {
        chunks.append(Chunk(text: text, number: number, start: position, heardCharacters: 0))
    }

    /// So much of the chunk that the face speaks was heard; it is the last one.
    package mutating func hear(characters: Int) {
        guard let last = chunks.indices.last, chunks[last].heardCharacters != nil else { return }
        chunks[last].heardCharacters = characters
    }

    /// The face has not said a word of the last chunk: a voice will.
    package mutating func withdrawShown() {
        if chunks.last?.heardCharacters != nil { chunks.removeLast() }
    }

    /// More audio of the chunk begun last.
    package mutating func append(
        octetCount: Int, words: [WordTiming] = [], levels: [UInt8] = []
    ) {
        guard let last = chunks.indices.last else { return }
        chunks[last].octetCount += octetCount
        chunks[last].words += words
        chunks[last].levels += levels
    }

    /// Whether any chunk of the answer itself has sound; fillers do not count.
    package var hasSpeech: Bool { chunks.contains { $0.number != nil } }

    /// The chunk begun last has all its audio.
    package mutating func completeChunk() {
        guard let last = chunks.indices.last else { return }
        chunks[last].isComplete = true
    }

    /// Where the audio of the chunk that plays at `position` ends; `nil`: more of it is to come.
    package func endOfChunk(at position: Int) -> Int? {
        guard let chunk = chunks.last(where: { $0.start <= position }) else { return position }
        return chunk.isComplete ? chunk.start + chunk.octetCount : nil
    }

    /// What the caller has heard of the chunks numbered `numbers` when they heard up to `position`.
    package func text(
        heardUpTo position: Int, ofChunks numbers: Range<Int> = 0..<Int.max
    ) -> String {
        chunks.filter { chunk in chunk.number.map(numbers.contains) ?? false }
            .map { heardText(of: $0, upTo: position) }
            .filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    private func heardText(of chunk: Chunk, upTo position: Int) -> String {
        if let characters = chunk.heardCharacters {
            return characters >= chunk.text.count
                ? chunk.text : words(of: chunk, upToCharacter: characters)
        }
        // What follows a chunk that was given up is not its own.
        let heard = min(position - chunk.start, chunk.octetCount)
        guard heard > 0 else { return "" }
        if chunk.isComplete, heard >= chunk.octetCount { return chunk.text }
        return chunk.words.isEmpty
            ? words(of: chunk, upToCharacter: characters(of: chunk, heard: heard))
            : words(of: chunk, upTo: heard)
    }

    /// By proportion: every character takes the same time.
    func characters(of chunk: Chunk, heard: Int) -> Int {
        chunk.isComplete
            ? chunk.text.count * heard / max(1, chunk.octetCount)
            : heard * Self.charactersPerSecond / octetsPerSecond
    }

    private func words(of chunk: Chunk, upToCharacter limit: Int) -> String {
        var result = Substring()
        var index = chunk.text.startIndex
        while index < chunk.text.endIndex {
            let end = chunk.text[index...].firstIndex(of: " ") ?? chunk.text.endIndex
            guard chunk.text.distance(from: chunk.text.startIndex, to: end) <= limit else { break }
            result = chunk.text[..<end]
            index = end < chunk.text.endIndex ? chunk.text.index(after: end) : end
        }
        return String(result)
    }

    /// By the synthesiser's own timings: a word is heard when the next one has begun.
    private func words(of chunk: Chunk, upTo heard: Int) -> String {
        let heardTime = Duration.milliseconds(heard * 1_000 / octetsPerSecond)
        let begun = chunk.words.prefix { $0.start <= heardTime }
        return begun.dropLast().map(\.word).joined(separator: " ")
    }
}
