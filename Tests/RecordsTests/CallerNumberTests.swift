import Testing

@testable import Records

/// Numbers as carriers and people write them (ITU-T E.164).
@Suite struct CallerNumberTests {
    @Test(arguments: [
        ("+573001112233", "+573001112233"), (" +57 300 111-22-33", "+573001112233"),
        ("0034600111222", "+34600111222"), ("+1 (415) 555.0123", "+14155550123"),
        ("tel:+34600111222", "+34600111222"), ("sip:+34600111222@host.test", "+34600111222"),
        ("SIP:+34600111222;transport=tls", "+34600111222"), ("+2901234", "+2901234"),
        ("whatsapp:+573001112233", "+573001112233"),
    ])
    func anybodysNumber(text: String, expected: String) {
        #expect(CallerNumber(text)?.text == expected)
    }

    @Test(arguments: [
        "", "anonymous", "Anonymous", "Restricted", "unknown", "client:ana", "sip:ana@host.test",
        // On a keypad: RESTRICTED, BLOCKED, UNKNOWN, ANONYMOUS, UNAVAILABLE.
        "+7378742833", "+2562533", "+8656696", "+266696687", "+86282452253",
        "600111222", "3001112233", "+12345", "+1234567890123456", "+0034600111", "+57 300 11122x33",
        "++573001112233", "+", "00", "+34******222", "٣٤٦٠٠١١١٢٢٢",
    ])
    func nobodysNumber(text: String) { #expect(CallerNumber(text) == nil) }

    @Test(arguments: [
        ("+57 300 1112233", CallerNumber.Match.exact), ("573001112233", .exact),
        ("0057 300 111 22 33", .exact), ("300 111 2233", .national), ("0300 111 2233", .national),
        ("+58 300 111 2233", nil), ("300 111 2234", nil), ("111 2233", nil), ("2233", nil),
        ("", nil), ("ask Ana", nil), ("+57 300 1112233 ext 4", nil),
    ])
    func recordsMeanANumber(text: String, expected: CallerNumber.Match?) throws {
        #expect(try #require(CallerNumber("+573001112233")).match(text) == expected)
    }

    @Test func nobodyGuessesWhoseNumberItIs() throws {
        let number = try #require(CallerNumber("+573001112233"))
        func owner(_ people: [[String]]) -> [String]? { number.owner(among: people) { $0 } }
        #expect(owner([["+573001112233"], ["300 111 2233"]]) == ["+573001112233"])
        #expect(owner([["", "300 111 2233"], ["+34600"]]) == ["", "300 111 2233"])
        #expect(owner([["+573001112233"], ["+57 300 111 22 33"]]) == nil)
        #expect(owner([["3001112233"], ["0300 1112233"]]) == nil)
        #expect(owner([]) == nil)
    }
}
