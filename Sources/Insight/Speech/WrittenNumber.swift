/// Digits with marks between them, read as one number if they are one.
struct WrittenNumber {
    /// What stands before the first mark or between two.
    typealias Group = Range<Int>

    let whole: [UInt8]
    let decimals: [UInt8]
    let decimalMark: Unicode.Scalar
    let end: Int

    /// `nil` when there are too many digits to have a name.
    var value: UInt64? {
        guard whole.count <= 15 else { return nil }
        return whole.reduce(0) { $0 * 10 + UInt64($1) }
    }

    /// Reads the runs of digits `groups` of `scalars` with `marks` between them.
    ///
    /// `usual` is the country's decimal mark; money has at most two decimals, so three digits after
    /// a mark are thousands there.
    init?(
        _ scalars: [Unicode.Scalar], groups: [Group], marks: [Unicode.Scalar],
        decimalMark usual: Unicode.Scalar, isMoney: Bool
    ) {
        guard let first = groups.first, let last = groups.last else { return nil }
        var wholeGroups = groups
        var fraction: Group?
        var mark: Unicode.Scalar = usual
        if let final = marks.last, final != "\u{202F}", final != "'" {
            let isOnly = marks.count == 1
            let isOther = !isOnly && marks.dropLast().allSatisfy { $0 != final }
            let looksLikeThousands =
                last.count == 3 && first.count <= 3
                && !(first.count == 1 && scalars[first.lowerBound] == "0")
            let isDecimal =
                isOther || isOnly && (!looksLikeThousands || final == usual && !isMoney)
            if isDecimal {
                fraction = wholeGroups.removeLast()
                mark = final
            }
        }
        // What is left must be thousands: 1–3 digits, then threes, the same mark throughout.
        let grouping = marks.prefix(wholeGroups.count - 1)
        guard grouping.allSatisfy({ $0 == grouping.first }),
            wholeGroups.count == 1
                || first.count <= 3 && wholeGroups.dropFirst().allSatisfy({ $0.count == 3 })
        else { return nil }
        whole = wholeGroups.flatMap { scalars[$0].map(\.digitValue) }
        decimals = fraction.map { scalars[$0].map(\.digitValue) } ?? []
        decimalMark = mark
        end = last.upperBound
    }

    /// Cuts the digits from `start` on at their marks: "1.234,56".
    static func groups(
        in scalars: [Unicode.Scalar], from start: Int
    ) -> (groups: [Group], marks: [Unicode.Scalar]) {
        var groups: [Group] = []
        var marks: [Unicode.Scalar] = []
        var begin = start
        var index = start
        while true {
            while index < scalars.count, scalars[index].isDigit { index += 1 }
            groups.append(begin..<index)
            guard index + 1 < scalars.count, scalars[index + 1].isDigit,
                [".", ",", "\u{202F}"].contains(scalars[index])
            else { return (groups, marks) }
            marks.append(scalars[index])
            index += 1
            begin = index
        }
    }
}
