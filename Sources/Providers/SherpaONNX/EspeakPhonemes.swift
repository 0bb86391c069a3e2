internal import Foundation
internal import Pipeline
internal import Subprocess

/// Has espeak-ng tell how a text is pronounced, for voices that were trained on its phonemes.
///
/// sherpa-onnx holds no espeak-ng since release 2.0. Ours runs as a process of its own, for it is
/// under the GPL; one takes some 10 ms.
struct EspeakPhonemes: Sendable {
    /// As espeak-ng calls the language.
    let voice: String
    /// The scalars that the voice has a token for.
    private let known: Set<Unicode.Scalar>

    /// - Parameters:
    ///   - voice: as espeak-ng calls the language.
    ///   - path: the voice's file of tokens, one a line with its number.
    /// - Throws: `EngineError.unavailable` when the file cannot be read.
    init(voice: String, tokens path: String) throws(EngineError) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw .unavailable("the voice's tokens \(path) cannot be read")
        }
        self.voice = voice
        var known: Set<Unicode.Scalar> = []
        for line in text.unicodeScalars.split(separator: "\n") {
            // The token of a space is a space, and some tokens have several scalars.
            guard let token = line.first, line.dropFirst().first == " " else { continue }
            known.insert(token)
        }
        self.known = known
    }

    /// The sentences of `text`, as the voice's phonemes with the marks between them.
    ///
    /// - Throws: `EngineError.unavailable` when espeak-ng or its voice is missing.
    func sentences(of text: String) async throws -> [[Int32]] {
        let clauses = SpokenClause.clauses(of: text)
        guard !clauses.isEmpty else { return [] }
        // Each clause as a paragraph, so that one line comes back for it.
        let paragraphs = clauses.compactMap { EspeakText.octets(of: $0.text) }
        let lines = try await pronounced(
            Array(paragraphs.joined(separator: Array(".\n".utf8))))
        return Self.sentences(of: clauses, pronounced: lines).map { sentence in
            sentence.decomposedStringWithCanonicalMapping.unicodeScalars.filter(known.contains)
                .map { Int32(bitPattern: $0.value) }
        }.filter { !$0.isEmpty }
    }

    /// Lays phonemes and marks together.
    ///
    /// - Parameters:
    ///   - clauses: as they were cut from the text.
    ///   - lines: one per clause; where espeak-ng made more or fewer of them, the marks between have
    ///     no place, and all is one sentence.
    /// - Returns: the phonemes of each sentence, with its marks.
    static func sentences(of clauses: [SpokenClause], pronounced lines: [String]) -> [String] {
        guard lines.count == clauses.count else {
            let all = lines.joined(separator: ", ")
            return all.isEmpty ? [] : [all + (clauses.last?.mark ?? ".")]
        }
        var sentences: [String] = []
        var sentence = ""
        for (clause, line) in zip(clauses, lines) {
            sentence += (sentence.isEmpty ? "" : " ") + line + clause.mark
            guard clause.endsSentence else { continue }
            sentences.append(sentence)
            sentence = ""
        }
        return sentence.isEmpty ? sentences : sentences + [sentence]
    }

    private func pronounced(_ octets: [UInt8]) async throws -> [String] {
        var options = PlatformOptions()
        options.processGroupID = 0
        do {
            let result = try await run(
                .name("espeak-ng"), arguments: ["-q", "--ipa", "--stdin", "-b", "1", "-v", voice],
                // The gateway's environment holds secrets.
                environment: .custom(["PATH": "/usr/local/bin:/usr/bin:/bin"]),
                platformOptions: options, input: .array(octets),
                output: .string(limit: 1 << 20), error: .discarded)
            guard result.terminationStatus.isSuccess else {
                throw EngineError.unavailable("espeak-ng has no voice called \(voice)")
            }
            return Self.lines(result.standardOutput)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw EngineError.unavailable(
                "this voice takes espeak-ng's phonemes: install the Debian package espeak-ng")
        }
    }

    /// Without the names of languages that espeak-ng puts around foreign words, as "(en)".
    private static func lines(_ output: String) -> [String] {
        output.split(separator: "\n").map { line in
            var depth = 0
            let phonemes = line.filter { character in
                if character == "(" { depth += 1 }
                defer { if character == ")" { depth = max(0, depth - 1) } }
                return depth == 0
            }
            return String(phonemes).trimmed
        }.filter { !$0.isEmpty }
    }
}

/// What is said in one go, with the mark behind it.
struct SpokenClause: Equatable {
    let text: String
    /// One of `.,;:!?`.
    let mark: String

    var endsSentence: Bool { mark != "," && mark != ";" && mark != ":" }

    /// Cuts `text` at its marks; those within words and numbers ("3.5", "10:30") are none.
    static func clauses(of text: String) -> [SpokenClause] {
        var clauses: [SpokenClause] = []
        var clause = ""
        func end(_ mark: Character) {
            let words = clause.trimmed
            clause = ""
            guard words.contains(where: { $0.isLetter || $0.isNumber }) else { return }
            clauses.append(SpokenClause(text: words, mark: String(mark)))
        }
        let characters = Array(text)
        for (index, character) in characters.enumerated() {
            let next = index + 1 < characters.count ? characters[index + 1] : " "
            switch character {
            case ".", ",", ";", ":", "!", "?":
                if next.isLetter || next.isNumber {
                    clause.append(character)
                } else {
                    end(character)
                }
            case "…", "\n": end(".")
            case "¿", "¡", "\"", "«", "»", "“", "”", "(", ")": clause.append(" ")
            default: clause.append(character)
            }
        }
        end(".")
        return clauses
    }
}
