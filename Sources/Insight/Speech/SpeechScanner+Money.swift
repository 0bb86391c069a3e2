// Amounts of money: "$1,250.50", "US$ 20", "15 €", "5 mdp".
extension SpeechScanner {
    /// A currency sign before the amount.
    func money(at index: Int) -> Spoken? {
        let currency: SpokenCurrency =
            switch self[index] {
            case "€": .euro
            case "£": .pound
            default: country.dollarSign
            }
        return amount(at: afterSpace(index + 1), currency: currency, isNamed: false)
    }

    /// "USD 50", "US$50", "MXN$ 1,000".
    func codedMoney(at index: Int) -> Spoken? {
        guard self[index].isCapital, let (currency, end) = currencyCode(at: index) else {
            return nil
        }
        let sign = self[afterSpace(end)] == "$" ? afterSpace(end) + 1 : end
        return amount(at: afterSpace(sign), currency: currency, isNamed: true)
    }

    /// "15 €", "1,000 MXN", "20 USD".
    func moneyAfter(
        _ number: WrittenNumber, _ groups: [WrittenNumber.Group], _ marks: [Unicode.Scalar]
    ) -> Spoken? {
        let mark = afterSpace(number.end)
        let isSign =
            self[mark] == "€" || self[mark] == "£" || self[mark] == "$" && mark == number.end
        if isSign, !self[mark + 1].isDigit, !self[afterSpace(mark + 1)].isDigit {
            let currency: SpokenCurrency =
                switch self[mark] {
                case "€": .euro
                case "£": .pound
                default: country.dollarSign
                }
            return say(groups, marks, currency: currency, isNamed: false, end: mark + 1)
        }
        if let (currency, end) = currencyCode(at: mark), isBoundary(end) {
            return say(groups, marks, currency: currency, isNamed: true, end: end)
        }
        if let (currency, end) = millionsCode(at: mark) {
            let names = currency.names(in: language)
            let scale =
                number.value == 1 && number.decimals.isEmpty
                ? pick("millón", "million") : pick("millones", "million")
            let link = pick(" de ", " ")
            return Spoken(
                end: end, words: "\(words(number, .masculine)) \(scale)\(link)\(names.many)",
                opensRange: true)
        }
        return nil
    }

    private func amount(at index: Int, currency: SpokenCurrency, isNamed: Bool) -> Spoken? {
        guard self[index].isDigit else { return nil }
        let (groups, marks) = WrittenNumber.groups(in: source.scalars, from: index)
        guard let last = groups.last else { return nil }
        var currency = currency
        var isNamed = isNamed
        var end = last.upperBound
        var names: SpokenCurrency.Names?
        // "$100 USD", "$100 pesos": what is named outdoes the sign.
        let next = afterSpace(end)
        if let (named, after) = currencyCode(at: next), isBoundary(after),
            !self[afterSpace(after)].isDigit
        {
            currency = named
            isNamed = true
            end = after
        } else if let (word, after) = currencyWord(at: next) {
            names = word
            end = after
        }
        return say(
            groups, marks, currency: currency, isNamed: isNamed, names: names, end: end)
    }

    private func say(
        _ groups: [WrittenNumber.Group], _ marks: [Unicode.Scalar], currency: SpokenCurrency,
        isNamed: Bool, names given: SpokenCurrency.Names? = nil, end: Int
    ) -> Spoken? {
        guard let number = writtenNumber(groups, marks, isMoney: true) else { return nil }
        let names = given ?? currency.names(in: language, isNamed: isNamed)
        if let (scale, after) = magnitude(at: number.end, number) {
            let stop = namedAfterMagnitude(at: after)
            let many = stop?.names.many ?? names.many
            return Spoken(
                end: stop?.end ?? after,
                words: "\(words(number, .masculine)) \(scale)\(many)", opensRange: true)
        }
        return Spoken(end: end, words: amountWords(number, names), opensRange: true)
    }

    private func amountWords(_ number: WrittenNumber, _ names: SpokenCurrency.Names) -> String {
        let form: Numerals.Form = names.isFeminine ? .feminine : .masculine
        guard let value = number.value, number.decimals.count <= 2 else {
            return "\(words(number, form)) \(names.many)"
        }
        let unit = value == 1 ? names.one : names.many
        let link = SpeechContext.link(value, language)
        let whole = "\(numerals.cardinal(value, form)) \(link)\(unit)"
        var hundredths = number.decimals.reduce(0) { $0 * 10 + UInt64($1) }
        if number.decimals.count == 1 { hundredths *= 10 }
        guard hundredths > 0 else { return whole }
        let part = numerals.cardinal(hundredths, .masculine)
        let rest = "\(part) \(hundredths == 1 ? names.hundredth : names.hundredths)"
        return value == 0 ? rest : "\(whole) \(pick("con", "and")) \(rest)"
    }

    /// "5M", "5 millones", "2.5K", "3 mil": the scale, with what joins it to the currency.
    private func magnitude(at index: Int, _ number: WrittenNumber) -> (words: String, end: Int)? {
        let isOne = number.value == 1 && number.decimals.isEmpty
        let start = afterSpace(index)
        let end = wordEnd(start)
        guard end > start, end - start <= 8, !self[end].isDigit else { return nil }
        switch (text(start..<end), language) {
        case ("M", .spanish), ("MM", .spanish), ("millones", .spanish), ("millón", .spanish):
            return ((isOne ? "millón" : "millones") + " de ", end)
        case ("K", .spanish), ("k", .spanish), ("mil", .spanish): return ("mil ", end)
        case ("M", .english), ("MM", .english), ("m", .english), ("million", .english):
            return ("million ", end)
        case ("B", .english), ("bn", .english), ("billion", .english): return ("billion ", end)
        case ("K", .english), ("k", .english), ("thousand", .english): return ("thousand ", end)
        case (_, _): return nil
        }
    }

    /// "… millones de pesos", "… million pesos", "… M USD".
    private func namedAfterMagnitude(at index: Int) -> (names: SpokenCurrency.Names, end: Int)? {
        var next = afterSpace(index)
        if let (currency, end) = currencyCode(at: next), isBoundary(end) {
            return (currency.names(in: language, isNamed: true), end)
        }
        if language == .spanish, lowercasedWord(at: next) == "de" { next = afterSpace(next + 2) }
        return currencyWord(at: next)
    }

    private func currencyCode(at index: Int) -> (SpokenCurrency, end: Int)? {
        guard self[index].isCapital else { return nil }
        for (written, currency) in SpokenCurrency.codes {
            let end = index + written.utf8.count
            guard end <= source.count,
                source.scalars[index..<end].elementsEqual(written.unicodeScalars)
            else { continue }
            return (currency, end)
        }
        return nil
    }

    private func currencyWord(at index: Int) -> (SpokenCurrency.Names, end: Int)? {
        guard self[index].isWordLetter else { return nil }
        let word = lowercasedWord(at: index)
        for currency in SpokenCurrency.allCases {
            let names = currency.names(in: language)
            if word == names.one || word == names.many { return (names, wordEnd(index)) }
        }
        return nil
    }

    /// "mdp" and "mdd", as Mexican papers write millions.
    private func millionsCode(at index: Int) -> (SpokenCurrency, end: Int)? {
        guard language == .spanish else { return nil }
        switch lowercasedWord(at: index) {
        case "mdp": return (.mexicanPeso, index + 3)
        case "mdd": return (.dollar, index + 3)
        default: return nil
        }
    }
}
