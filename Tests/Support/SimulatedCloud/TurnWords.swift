internal import ProviderSimulators
internal import Synchronization

/// Words that stand for one turn of one call: what the recogniser heard, what the model was asked and
/// what the voice said can be put together although all callers say the same.
final class TurnWords: Sendable {
    private let counts = Mutex<[Int: Int]>([:])

    /// `z`, three letters for the recogniser's connection and two that count its final windows; no
    /// word of an answer looks like it.
    func next(connection: Int) -> String {
        let count = counts.withLock { counts in
            counts[connection, default: -1] += 1
            return counts[connection, default: 0]
        }
        return "z" + Self.letters(connection, count: 3) + Self.letters(count, count: 2)
    }

    /// The answer with the word of the question's turn at the end of its first sentence.
    static func marked(
        _ parts: [SimulatedModelAnswer.Part], after question: String
    ) -> [SimulatedModelAnswer.Part] {
        guard let word = question.split(separator: " ").last(where: isTurnWord),
            case .text(var text) = parts.first,
            let end = text.firstIndex(where: { ".?!".contains($0) })
        else { return parts }
        text.insert(contentsOf: " \(word)", at: end)
        return [.text(text)] + parts.dropFirst()
    }

    private static func isTurnWord(_ word: Substring) -> Bool {
        word.count == 6 && word.first == "z"
            && word.dropFirst().allSatisfy { ("a"..."p").contains($0) }
    }

    /// Base 16, `a` for 0.
    private static func letters(_ number: Int, count: Int) -> String {
        String(
            (0..<count).reversed().map { place in
                Character(UnicodeScalar(UInt8(ascii: "a") + UInt8(number >> (4 * place) & 0x0F)))
            })
    }
}
