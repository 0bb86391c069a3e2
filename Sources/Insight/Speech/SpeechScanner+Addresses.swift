// Web and e-mail addresses, read short.
extension SpeechScanner {
    /// "https://www.ejemplo.com/ayuda" is "el sitio ejemplo punto com".
    func webAddress(at index: Int) -> Spoken? {
        guard !self[index - 1].isDigit else { return nil }
        let start = hostStart(at: index)
        guard let host = host(at: start ?? index, isKnown: start != nil) else { return nil }
        let end = addressEnd(host.end)
        guard start != nil else {
            return Spoken(end: end, words: host.words)
        }
        let previous = previousWord(before: index).lowercased()
        let isNamed = [
            "sitio", "página", "web", "portal", "liga", "enlace", "site", "page", "website",
        ]
        .contains(previous)
        let article = isNamed ? "" : pick("el sitio ", "the site ")
        return Spoken(end: end, words: article + host.words)
    }

    /// "ana@ejemplo.com" is "ana arroba ejemplo punto com".
    func email(at index: Int) -> Spoken? {
        var at = index
        // RFC 5321 §4.5.3.1.1: at most 64 before the "@".
        while at - index <= 64, isLocalPart(self[at]) { at += 1 }
        guard self[at] == "@", at > index, let host = host(at: at + 1, isKnown: true) else {
            return nil
        }
        let local = addressWords(index..<at)
        return Spoken(end: host.end, words: "\(local) \(pick("arroba", "at")) \(host.words)")
    }

    private func isLocalPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isDigit || scalar.isASCII && scalar.isWordLetter
            || [".", "_", "-", "+"].contains(scalar)
    }

    /// After "https://" and "www."; `nil` without either.
    private func hostStart(at index: Int) -> Int? {
        guard "hHwW".unicodeScalars.contains(self[index]) else { return nil }
        var start = index
        let scheme = lowercasedWord(at: index)
        if scheme == "http" || scheme == "https" {
            let end = index + scheme.utf8.count
            guard self[end] == ":", self[end + 1] == "/", self[end + 2] == "/" else { return nil }
            start = end + 3
        }
        if lowercasedWord(at: start) == "www", self[start + 3] == "." { start += 4 }
        return start > index ? start : nil
    }

    /// A host name in words; unless it `isKnown` to be one, it must end as they usually do.
    private func host(at index: Int, isKnown: Bool) -> (words: String, end: Int)? {
        var end = index
        var labels: [Range<Int>] = []
        // RFC 1035 §2.3.4: at most 255 in all, 63 a label.
        while end - index < 255 {
            let start = end
            while end - start < 64, isLabel(self[end]) { end += 1 }
            guard end > start else { break }
            labels.append(start..<end)
            guard self[end] == ".", isLabel(self[end + 1]) else { break }
            end += 1
        }
        guard let last = labels.last, labels.count > 1 || isKnown else { return nil }
        let ending = text(last)
        if !isKnown {
            guard Self.endings.contains(ending), isBoundary(last.upperBound),
                !labels.dropLast().contains(where: { self[$0.lowerBound].isDigit && $0.count < 2 })
            else { return nil }
        }
        var words: [String] = []
        for (position, label) in labels.enumerated() {
            let isCountry =
                position > 0 && label.count == 2 && text(label) != "co"
                && self[label].allSatisfy(\.isWordLetter)
            words.append(isCountry ? spell(label) : addressWords(label))
        }
        return (words.joined(separator: pick(" punto ", " dot ")), last.upperBound)
    }

    private func isLabel(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isDigit || scalar == "-" || scalar.isWordLetter
    }

    /// The letters stay words; digits and marks are named.
    private func addressWords(_ range: Range<Int>) -> String {
        var words: [String] = []
        var index = range.lowerBound
        while index < range.upperBound {
            var end = index + 1
            if self[index].isDigit {
                while end < range.upperBound, self[end].isDigit { end += 1 }
                let digits = self[index..<end].map(\.digitValue)
                words.append(
                    digits.count <= 2 && digits.first != 0
                        ? numerals.cardinal(digits.reduce(0) { $0 * 10 + UInt64($1) })
                        : numerals.digits(digits))
            } else if self[index].isWordLetter {
                while end < range.upperBound, self[end].isWordLetter { end += 1 }
                words.append(text(index..<end))
            } else {
                words.append(addressMark(self[index]))
            }
            index = end
        }
        return words.joined(separator: " ")
    }

    private func addressMark(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case ".": pick("punto", "dot")
        case "_": pick("guion bajo", "underscore")
        case "-": pick("guion", "dash")
        default: pick("más", "plus")
        }
    }

    /// Port, path and query are not said; the punctuation after them is.
    private func addressEnd(_ host: Int) -> Int {
        guard
            self[host] == "/" || self[host] == "?" || self[host] == "#"
                || self[host] == ":" && self[host + 1].isDigit
        else { return host }
        var end = host
        while self[end] != "\0", self[end] != " ",
            ![")", "\"", ">", "»", "”", "]"].contains(self[end])
        {
            end += 1
        }
        while end > host, self[end - 1].isPauseMark || self[end - 1] == "'" { end -= 1 }
        return end
    }

    /// What a bare name must end with; "es" and "us" are words too often.
    private static let endings: Set<String> = [
        "com", "org", "net", "mx", "ar", "cl", "uk", "io", "app", "gob", "edu", "gov", "info",
    ]
}
