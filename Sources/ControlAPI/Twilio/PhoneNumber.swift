/// A number in the form carriers take: `+`, country and up to 15 digits in all (E.164).
package struct PhoneNumber: Hashable, Sendable {
    package let text: String

    /// Spaces, dots, dashes and parentheses are left out; `nil` for anything but such a number.
    package init?(_ text: String) {
        let bare = text.filter { !" .-()\u{A0}".contains($0) }
        let digits = bare.dropFirst()
        guard bare.hasPrefix("+"), (7...15).contains(digits.count), digits.first != "0",
            digits.allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        self.text = bare
    }

    /// For logs and answers that must not tell it: the country's first digit and the last two.
    package var masked: String { "\(text.prefix(2))…\(text.suffix(2))" }
}
