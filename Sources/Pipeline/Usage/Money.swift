/// An amount or a price in millionths of the configured currency; never a floating-point number.
package struct Money: Equatable, Comparable, Hashable, Sendable {
    package let micros: Int64

    package init(micros: Int64) { self.micros = micros }

    /// Reads a decimal such as `0.0077`, exactly.
    ///
    /// `nil` when it is none, is negative, has more than six decimals, or is a million and over.
    package init?(parsing text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...6).contains(parts[0].utf8.count) else {
            return nil
        }
        let decimals = parts.count == 2 ? String(parts[1]) : "0"
        guard (1...6).contains(decimals.utf8.count),
            (parts[0] + decimals).utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let padding = String(repeating: "0", count: 6 - decimals.utf8.count)
        guard let micros = Int64(parts[0] + decimals + padding) else { return nil }
        self.micros = micros
    }

    /// As a decimal with six places.
    package var text: String {
        let digits = String(micros.magnitude)
        let padded = String(repeating: "0", count: max(0, 7 - digits.count)) + digits
        return (micros < 0 ? "-" : "") + padded.dropLast(6) + "." + padded.suffix(6)
    }

    package static func < (one: Self, other: Self) -> Bool { one.micros < other.micros }
}
