/// Takes markdown, tags, emoji and control characters out of a text; lines become sentences.
struct MarkupStripper {
    private enum Line {
        case blank, plain, item, table
    }

    private let scalars: [Unicode.Scalar]
    /// For each scalar, where the next "]", ")" or ">" of its line is, so that no scan repeats.
    private let closers: Closers
    private var output = SourcedText()

    static func strip(_ text: String) -> SourcedText {
        var stripper = MarkupStripper(Array(text.unicodeScalars))
        stripper.run()
        return stripper.output
    }

    private init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
        closers = Closers(scalars)
    }

    private mutating func run() {
        var start = 0
        var previous = Line.blank
        while start < scalars.count {
            let end = scalars[start...].firstIndex(where: \.isLineEnd) ?? scalars.count
            let (line, content) = opening(of: start..<end)
            switch (previous, line) {
            case (.plain, .plain): output.pause(",")
            case (.plain, _), (.item, _), (.table, _): output.pause(".")
            case (.blank, _): break
            }
            inline(content, in: line)
            previous = line
            start = end + 1
        }
        switch previous {
        case .item, .table: output.pause(".")
        case .plain, .blank: break
        }
        output.dropTrailingSpace()
    }

    /// What kind of line it is, and what is left without the marks that say so.
    private func opening(of line: Range<Int>) -> (Line, Range<Int>) {
        var start = line.lowerBound
        skipBlanks(&start, in: line)
        while at(start, in: line) == ">", at(start + 1, in: line)?.isBlank ?? true {
            start += 1
            skipBlanks(&start, in: line)
        }
        guard let first = at(start, in: line) else { return (.blank, start..<start) }
        if isRule(start..<line.upperBound) { return (.blank, start..<start) }
        switch first {
        case "#":
            var end = start
            while at(end, in: line) == "#" { end += 1 }
            guard end - start <= 6, at(end, in: line)?.isBlank == true else { break }
            return (.item, end..<line.upperBound)
        case "-", "*", "+", "•", "–", "—", "·", "◦", "▪":
            guard at(start + 1, in: line)?.isBlank == true else { break }
            return (.item, withoutCheckbox(start + 1, in: line)..<line.upperBound)
        case "|":
            return (.table, start + 1..<line.upperBound)
        case _ where first.isDigit:
            var end = start
            while end - start < 3, at(end, in: line)?.isDigit == true { end += 1 }
            guard end - start < 3, let mark = at(end, in: line), mark == "." || mark == ")",
                at(end + 1, in: line)?.isBlank == true, at(end + 2, in: line) != nil
            else { break }
            return (.item, start..<line.upperBound)
        default: break
        }
        return (.plain, start..<line.upperBound)
    }

    /// "---", "***", "|---|:--|", "```swift": nothing to say.
    private func isRule(_ line: Range<Int>) -> Bool {
        let text = scalars[line]
        if text.starts(with: ["`", "`", "`"]) { return true }
        var marks = 0
        for scalar in text {
            switch scalar {
            case "-", "*", "_", "=", "|", ":": marks += 1
            case _ where scalar.isBlank: break
            default: return false
            }
        }
        return marks >= 3
    }

    private func withoutCheckbox(_ start: Int, in line: Range<Int>) -> Int {
        var index = start
        skipBlanks(&index, in: line)
        let isBox =
            at(index, in: line) == "[" && at(index + 2, in: line) == "]"
            && [" ", "x", "X"].contains(at(index + 1, in: line) ?? ".")
        return isBox ? index + 3 : index
    }

    private mutating func inline(_ content: Range<Int>, in line: Line) {
        var index = content.lowerBound
        // The mark after the number of an item becomes a pause.
        if line == .item, at(index, in: content)?.isDigit == true {
            while at(index, in: content)?.isDigit == true {
                output.append(scalars[index], from: index..<index + 1)
                index += 1
            }
            output.pause(",")
            index += 1
        }
        while index < content.upperBound {
            index = step(at: index, in: content, isTable: line == .table)
        }
    }

    /// - Returns: where to go on.
    private mutating func step(at index: Int, in line: Range<Int>, isTable: Bool) -> Int {
        let scalar = scalars[index]
        let next = at(index + 1, in: line)
        let previous = at(index - 1, in: line)
        switch scalar {
        case "\\":
            guard let next, next.isASCII, !next.isWordLetter, !next.isDigit else { break }
            copy(index + 1)
            return index + 2
        case "`": return index + 1
        case "*":
            // Between numbers or alone it multiplies.
            let isFactor = previous?.isDigit == true && next?.isDigit == true
            let isAlone = previous?.isBlank == true && next?.isBlank == true
            if isFactor || isAlone { copy(index) }
            return index + 1
        case "_":
            let isInside = isAlphanumeric(previous) && isAlphanumeric(next)
            if isInside { copy(index) }
            return index + 1
        case "~" where next == "~": return index + 2
        case "!"
        where next == "[" && closers.linkEnd(of: index + 1, before: line.upperBound) != nil:
            return index + 1
        case "[": return index + 1
        case "]":
            // "](address)" ends a link, "][name]" one by reference.
            if let end = closers.addressEnd(after: index, before: line.upperBound) {
                return end + 1
            }
            return index + 1
        case "<":
            if let end = tagEnd(at: index, in: line) {
                output.appendSpace(from: index..<end + 1)
                return end + 1
            }
        case ">" where isAutolinkEnd(index): return index + 1
        case "|":
            if !output.scalars.isEmpty { output.pause(isTable && next == nil ? "." : ",") }
            return index + 1
        case "&":
            if let (entity, end) = entity(at: index, in: line) {
                output.append(entity, from: index..<end)
                return end
            }
        default: break
        }
        copy(index)
        return index + 1
    }

    private mutating func copy(_ index: Int) {
        let scalar = scalars[index]
        let source = index..<index + 1
        if scalar.isASCII, scalar.value > 0x20, scalar.value < 0x7F {
            output.append(scalar, from: source)
        } else if scalar == "\u{A0}" || scalar == "\u{202F}" || scalar == "\u{2009}",
            index > 0, scalars[index - 1].isDigit, index + 1 < scalars.count,
            scalars[index + 1].isDigit
        {
            // Groups of thousands hold together.
            output.append("\u{202F}", from: source)
        } else if scalar.isBlank {
            output.appendSpace(from: source)
        } else if scalar.isInvisible {
            return
        } else if scalar.isPictogram {
            output.appendSpace(from: source)
        } else {
            output.append(scalar, from: source)
        }
    }

    /// The end of a tag such as "<br/>" or "</b>"; "a < b" and "<3" are none.
    ///
    /// The brackets of "<https://…>" go alone.
    private func tagEnd(at index: Int, in line: Range<Int>) -> Int? {
        guard let next = at(index + 1, in: line), next == "/" || next == "!" || next.isWordLetter
        else { return nil }
        guard let end = closers.angle(after: index), end < line.upperBound, end - index <= 256
        else { return nil }
        let inside = scalars[index + 1..<end]
        if inside.starts(with: "http".unicodeScalars) || inside.contains("@") { return index }
        return end
    }

    private func isAutolinkEnd(_ index: Int) -> Bool {
        guard index > 0, let last = output.last, last != " " else { return false }
        return scalars[index - 1].isWordLetter || scalars[index - 1] == "/"
    }

    private func entity(at index: Int, in line: Range<Int>) -> (Unicode.Scalar, Int)? {
        for (name, scalar) in Self.entities {
            let end = index + name.unicodeScalars.count
            if end <= line.upperBound, scalars[index..<end].elementsEqual(name.unicodeScalars) {
                return (scalar, end)
            }
        }
        return nil
    }

    private func isAlphanumeric(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return scalar.isDigit || scalar.isWordLetter
    }

    private func skipBlanks(_ index: inout Int, in line: Range<Int>) {
        while at(index, in: line)?.isBlank == true { index += 1 }
    }

    private func at(_ index: Int, in line: Range<Int>) -> Unicode.Scalar? {
        line.contains(index) ? scalars[index] : nil
    }

    private static let entities: [(String, Unicode.Scalar)] = [
        ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"),
        ("&nbsp;", " "),
    ]
}

extension MarkupStripper {
    /// Where brackets close, found in one pass from the end.
    private struct Closers {
        private let scalars: [Unicode.Scalar]
        private var squares: [Int]
        private var rounds: [Int]
        private var angles: [Int]

        init(_ scalars: [Unicode.Scalar]) {
            self.scalars = scalars
            let none = scalars.count
            squares = Array(repeating: none, count: scalars.count)
            rounds = squares
            angles = squares
            var square = none
            var round = none
            var angle = none
            for index in scalars.indices.reversed() {
                switch scalars[index] {
                case "]": square = index
                case ")": round = index
                case ">": angle = index
                default: break
                }
                squares[index] = square
                rounds[index] = round
                angles[index] = angle
            }
        }

        /// The end of a link whose text opens at `index`.
        func linkEnd(of index: Int, before end: Int) -> Int? {
            let close = squares[index]
            return close < end ? addressEnd(after: close, before: end) : nil
        }

        /// The ")" or "]" that closes what follows the "]" at `index`.
        func addressEnd(after index: Int, before end: Int) -> Int? {
            guard index + 1 < end else { return nil }
            let close =
                switch scalars[index + 1] {
                case "(": rounds[index + 1]
                case "[": squares[index + 1]
                default: end
                }
            return close < end ? close : nil
        }

        func angle(after index: Int) -> Int? {
            angles[index] < scalars.count ? angles[index] : nil
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isLineEnd: Bool {
        switch self {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{B}", "\u{C}": true
        default: false
        }
    }

    /// Joiners, direction marks, selectors, keycaps: they change how a text looks only.
    fileprivate var isInvisible: Bool {
        switch properties.generalCategory {
        case .format, .enclosingMark: true
        case .nonspacingMark: properties.isVariationSelector
        default: false
        }
    }

    /// Emoji and what has no reading at all; a space takes its place.
    fileprivate var isPictogram: Bool {
        switch properties.generalCategory {
        case .control, .privateUse, .surrogate, .unassigned: true
        case .otherSymbol: properties.isEmoji && self != "©" && self != "®" || self == "™"
        case .modifierSymbol: properties.isEmojiModifier
        default: false
        }
    }
}
