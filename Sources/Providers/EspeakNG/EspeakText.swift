/// Makes text safe and pleasant for espeak-ng, which reads it from its standard input.
enum EspeakText {
    /// - Returns: UTF-8 with a line feed at the end; `nil` when there is nothing to say.
    static func octets(of text: String) -> [UInt8]? {
        var spoken = String.UnicodeScalarView()
        var isSpeakable = false
        let scalars = withoutTags(text)
        for scalar in scalars {
            switch scalar {
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                // espeak-ng runs lines together; a list needs a pause between its items.
                if let last = spoken.last(where: { $0 != " " }), last.properties.isAlphabetic {
                    spoken.append(",")
                }
                spoken.append(" ")
            case "[", "]", "*", "_", "`", "~", "#", "|", "\\":
                // Two brackets would switch to phonemes; the rest is markdown, spelled out aloud.
                spoken.append(" ")
            case _ where isSilent(scalar):
                spoken.append(" ")
            default:
                spoken.append(scalar)
                isSpeakable =
                    isSpeakable || scalar.properties.isAlphabetic
                    || scalar.properties.numericType != nil
            }
        }
        return isSpeakable ? Array(String(spoken).utf8) + [0x0A] : nil
    }

    /// Control characters would be commands; emoji would be read out by name.
    private static func isSilent(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .surrogate, .unassigned: true
        case .otherSymbol: scalar.properties.isEmoji && scalar != "©" && scalar != "®"
        case .modifierSymbol: scalar.properties.isEmojiModifier
        case .nonspacingMark: scalar.properties.isVariationSelector
        default: false
        }
    }

    /// Drops `<speak>`, `</p>`, `<break time="1s"/>` and their like, but keeps "a < b".
    private static func withoutTags(_ text: String) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        // Where the open tag started in `scalars`.
        var tag: Int?
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if previous == "<", scalar == "/" || scalar == "!" || scalar == "?" || isLetter(scalar)
            {
                tag = scalars.count - 1
            }
            if scalar == ">", let start = tag {
                scalars.removeSubrange(start...)
                scalars.append(" ")
                tag = nil
            } else {
                scalars.append(scalar)
            }
            previous = scalar
        }
        return scalars
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && scalar.properties.isAlphabetic
    }
}
