/// Where a text is read: it decides what "$" is, which mark stands before decimals, how dates go.
package enum SpokenCountry: String, CaseIterable, Sendable {
    case mexico = "MX"
    case colombia = "CO"
    case argentina = "AR"
    case spain = "ES"
    case unitedStates = "US"
    case unitedKingdom = "GB"

    /// Reads the region of a language tag ("es-MX", "en_GB"; BCP 47); `nil` for any other.
    package init?(tag: String) {
        let parts = tag.split { $0 == "-" || $0 == "_" }
        guard parts.count > 1 else { return nil }
        self.init(rawValue: parts[1].uppercased())
    }

    /// The country a language is taken to be spoken in when nothing tells.
    package static func usual(for language: SpokenLanguage) -> SpokenCountry {
        switch language {
        case .english: .unitedStates
        case .spanish: .mexico
        }
    }

    /// What stands before decimals in print (Unicode CLDR 45, `decimal`).
    var decimalMark: Unicode.Scalar {
        switch self {
        case .mexico, .unitedStates, .unitedKingdom: "."
        case .colombia, .argentina, .spain: ","
        }
    }

    /// What "$" without more stands for.
    var dollarSign: SpokenCurrency {
        switch self {
        case .mexico: .mexicanPeso
        case .colombia: .colombianPeso
        case .argentina: .argentinePeso
        case .spain, .unitedStates, .unitedKingdom: .dollar
        }
    }
}
