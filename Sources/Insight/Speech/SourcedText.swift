/// Text whose every scalar knows which scalars of the original it stands for.
struct SourcedText {
    private(set) var scalars: [Unicode.Scalar] = []
    /// One for each scalar, never falling.
    private(set) var sources: [Range<Int>] = []

    var count: Int { scalars.count }
    var last: Unicode.Scalar? { scalars.last }

    mutating func append(_ scalar: Unicode.Scalar, from source: Range<Int>) {
        scalars.append(scalar)
        sources.append(source)
    }

    /// One space at most, and none at the start.
    mutating func appendSpace(from source: Range<Int>) {
        if let last, last != " " { append(" ", from: source) }
    }

    mutating func dropTrailingSpace() {
        if last == " " {
            scalars.removeLast()
            sources.removeLast()
        }
    }

    /// Puts a pause mark after the last word, unless it has one; a full stop outdoes a comma.
    mutating func pause(_ mark: Unicode.Scalar) {
        dropTrailingSpace()
        guard let last, let source = sources.last else { return }
        if last == ",", mark == "." {
            scalars[scalars.count - 1] = mark
        } else if !last.isPauseMark {
            append(mark, from: source)
        }
        appendSpace(from: source)
    }

    var text: String { String(String.UnicodeScalarView(scalars)) }
}

extension Unicode.Scalar {
    /// ASCII 0–9.
    var isDigit: Bool { ("0"..."9").contains(self) }
    /// Letters and the marks upon them, in any script; digits are none.
    var isWordLetter: Bool {
        isASCII
            ? ("a"..."z").contains(self) || ("A"..."Z").contains(self)
            : properties.isAlphabetic && self != "º" && self != "ª"
                || properties.generalCategory == .nonspacingMark
    }
    var isCapital: Bool {
        isASCII ? ("A"..."Z").contains(self) : properties.isUppercase
    }
    var isPauseMark: Bool {
        switch self {
        case ".", ",", ";", ":", "!", "?", "…", "¡", "¿": true
        default: false
        }
    }
    /// 0–9; callers look at `isDigit` first.
    var digitValue: UInt8 { UInt8(truncatingIfNeeded: value &- 0x30) }
}
