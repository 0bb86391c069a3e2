internal import Foundation

/// Says whether something the agent asked for has been said in full.
struct DictatedEntity: Sendable {
    private let language: Language
    private let numbers: SpokenNumbers
    private let words: EntityWords

    init(language: Language) {
        self.language = language
        numbers = SpokenNumbers(language: language)
        words = EntityWords(language)
    }

    /// - Returns: `nil` when the caller says something else.
    func completeness(
        of spoken: SpokenWords, expecting: ExpectedEntity
    ) -> Completeness? {
        let plain = spoken.words.map(Self.folded)
        guard let last = plain.last else { return nil }
        switch expecting {
        case .digits(let count): return digits(plain, last, of: count)
        case .email: return email(spoken.words)
        case .name: return name(plain, last)
        case .date: return date(plain, last)
        case .time: return time(spoken.words, plain, last)
        case .yesNo:
            return plain.count <= 4 && plain.allSatisfy(words.yesNo.contains)
                ? .complete : nil
        }
    }

    private static func folded(_ word: String) -> String {
        word.folding(options: .diacriticInsensitive, locale: nil)
    }

    private func digits(_ plain: [String], _ last: String, of count: Int?) -> Completeness? {
        let said = numbers.digitCount(in: plain)
        guard said > 0 else { return nil }
        if let count {
            guard said >= count else { return .open }
            return numbers.isNumber(last) ? .complete : nil
        }
        if words.betweenDigits.contains(last) { return .open }
        guard numbers.isNumber(last) else { return nil }
        return said < Self.shortestNumber ? .open : .neutral
    }

    /// Telephone numbers of the countries spoken to have eight to ten digits; a number of unknown
    /// length may be over then.
    private static let shortestNumber = 8

    /// As written, or as spelled: "ana punto lópez arroba gmail punto com".
    private func email(_ spoken: [String]) -> Completeness? {
        if let address = spoken.last, let at = address.firstIndex(of: "@") {
            let parts = address[at...].dropFirst().split(
                separator: ".", omittingEmptySubsequences: false)
            return parts.count > 1 ? domainEnd(parts.last.map(String.init) ?? "") : .open
        }
        guard let at = spoken.lastIndex(where: words.at.contains) else {
            return words.refusals.contains(spoken[0]) ? nil : .open
        }
        let domain = spoken[at...].dropFirst()
        guard let dot = domain.lastIndex(where: words.dot.contains) else {
            guard let last = domain.last, last.contains(".") else { return .open }
            return domainEnd(last.split(separator: ".").last.map(String.init) ?? "")
        }
        return domainEnd(dot == domain.endIndex - 1 ? "" : domain[domain.endIndex - 1])
    }

    private func domainEnd(_ label: String) -> Completeness {
        if label.isEmpty { return .open }
        // "co" may be Colombia's, or the half of "co.uk".
        return words.domains.contains(label) ? .complete : .neutral
    }

    private func name(_ plain: [String], _ last: String) -> Completeness? {
        let name = plain.drop(while: words.nameOpenings.contains)
        if name.isEmpty { return .open }
        if name.count > 5 || words.refusals.contains(plain[0]) { return nil }
        if words.nameParticles.contains(last) { return .open }
        // Letters one by one: the name is being spelled.
        if last.count == 1 || words.letters.contains(last) { return .open }
        return name.count >= words.namesOfAPerson ? .complete : .neutral
    }

    private func date(_ plain: [String], _ last: String) -> Completeness? {
        if words.beforeDates.contains(last) { return .open }
        let hasMonth = plain.contains(where: words.months.contains)
        let hasNumber = plain.contains { numbers.isNumber($0) || words.isOrdinal($0) }
        if hasMonth {
            if hasNumber {
                return numbers.isNumber(last) || words.isOrdinal(last)
                    || words.months.contains(last) ? .complete : nil
            }
            return words.months.contains(last) ? .open : nil
        }
        if words.days.contains(last) { return .complete }
        // "friday in the morning"
        return words.timeEnds.contains(last) && plain.contains(where: words.days.contains)
            ? .complete : nil
    }

    private func time(_ spoken: [String], _ plain: [String], _ last: String) -> Completeness? {
        if words.beforeTimes.contains(last) { return .open }
        if words.timeEnds.contains(last) { return .complete }
        if last.contains(":"), last.last?.isNumber == true { return .complete }
        // "half past ten"
        if numbers.isNumber(last), plain.contains(where: words.timeFractions.contains) {
            return .complete
        }
        // "ten": "thirty" may follow.
        return numbers.isNumber(last) ? .neutral : nil
    }
}
