/// The name of a mark: which answer, which stretch between clears, and how much audio precedes it.
///
/// Carriers give back nothing but the name, and give back pending marks after a `clear` too, so
/// everything needed to judge one stands in it: `g3.1.4800`.
package struct PlayoutMark: Equatable, Sendable {
    package let generation: Int
    /// Raised by every `clear`; a mark of an older epoch was cut off, not played.
    package let epoch: Int
    /// Octets of the answer up to this mark.
    package let position: Int

    package init(generation: Int, epoch: Int, position: Int) {
        self.generation = generation
        self.epoch = epoch
        self.position = position
    }

    /// Reads a name back; `nil` when it is not one of ours.
    package init?(parsing text: some StringProtocol) {
        guard text.first == "g" else { return nil }
        let numbers = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3,
            let generation = Int(numbers[0]), let epoch = Int(numbers[1]),
            let position = Int(numbers[2])
        else { return nil }
        self.init(generation: generation, epoch: epoch, position: position)
    }

    package var text: String { "g\(generation).\(epoch).\(position)" }
}
