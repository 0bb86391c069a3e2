import Testing

@testable import Providers

@Suite struct ServerSentEventsTests {
    private typealias Event = ServerSentEvents.Event

    /// The examples of the standard (WHATWG HTML §9.2.6), and what its grammar allows besides.
    @Test(arguments: [
        ("data: YHOO\ndata: +2\ndata: 10\n\n", [Event(data: "YHOO\n+2\n10")]),
        (
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third\n\n",
            [Event(data: "first event"), Event(data: "second event"), Event(data: " third")]
        ),
        ("data\n\ndata\ndata\n\ndata:", [Event(data: ""), Event(data: "\n")]),
        ("data:test\n\ndata: test\n\n", [Event(data: "test"), Event(data: "test")]),
        ("event: add\ndata: 73\n\n", [Event(name: "add", data: "73")]),
        ("event: add\n\ndata: 73\n\n", [Event(data: "73")]),
        ("data: a\r\rdata: b\r\n\r\ndata: c\n\r", ["a", "b", "c"].map { Event(data: $0) }),
        ("\u{FEFF}data: a\n\n\u{FEFF}data: b\n\n", [Event(data: "a")]),
        (": keep\n\n: alive\n\n", []), ("data: lost", []), ("data: lost\n", []),
        ("retry: 10\nunknown: x\ndata: {\"a\": \": b\"}\n\n", [Event(data: "{\"a\": \": b\"}")]),
    ])
    func events(text: String, expected: [ServerSentEvents.Event]) throws {
        #expect(try read([Array(text.utf8)]) == expected)
    }

    /// However a stream is cut, its events are the same.
    @Test func everySplit() throws {
        let octets = Array(
            "\u{FEFF}event: añadir\r\ndata: {\"é\":1}\r\ndata:\r\n: x\r\n\rdata: dos\n\n".utf8)
        let expected = [
            Event(name: "añadir", data: "{\"é\":1}\n"), Event(data: "dos"),
        ]
        for first in 0...octets.count {
            for second in stride(from: first, through: octets.count, by: 3) {
                let pieces = [octets[..<first], octets[first..<second], octets[second...]]
                #expect(try read(pieces.map { Array($0) }) == expected)
            }
        }
        #expect(try read(octets.map { [$0] }) == expected)
    }

    /// Events before the fault come out; after it, nothing but the fault.
    @Test func limits() throws {
        var long = ServerSentEvents(lineLimit: 8)
        long.append(Array("data: a\n\ndata: too long\n\ndata: b\n\n".utf8))
        #expect(try long.next() == Event(data: "a"))
        for _ in 0..<2 {
            #expect(throws: ServerSentEventsError.lineTooLong(limit: 8)) { try long.next() }
            long.append(Array("data: c\n\n".utf8))
        }
        #expect(long.rest() == nil)
        var large = ServerSentEvents(eventLimit: 5)
        large.append(Array("data: ab\ndata: cd\n\ndata: abc\ndata: de\n\n".utf8))
        #expect(try large.next() == Event(data: "ab\ncd"))
        #expect(throws: ServerSentEventsError.eventTooLong(limit: 5)) { try large.next() }
    }

    @Test(arguments: [("data: a", "a"), ("data: a\n", "a"), ("data: a\ndata: b", "a\nb")])
    func whatTheLastLineSaid(text: String, expected: String) throws {
        var parser = ServerSentEvents()
        parser.append(Array(text.utf8))
        #expect(try parser.next() == nil)
        #expect(parser.rest() == Event(data: expected))
        #expect(parser.rest() == nil)
    }

    /// Nothing a peer sends traps or grows beyond the limits.
    @Test(arguments: 0..<64)
    func randomOctets(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var parser = ServerSentEvents(lineLimit: 64, eventLimit: 128)
        let alphabet = Array("data: event:\r\n\n:\u{FEFF}x".utf8) + [0xFF, 0x00]
        for _ in 0..<200 {
            let count = Int(random.next() % 12)
            parser.append((0..<count).map { _ in alphabet[Int(random.next() % 21)] })
            do {
                while let event = try parser.next() { #expect(event.data.utf8.count <= 384) }
            } catch {
                return
            }
        }
    }

    private func read(_ pieces: [[UInt8]]) throws -> [ServerSentEvents.Event] {
        var parser = ServerSentEvents()
        var events: [ServerSentEvents.Event] = []
        for piece in pieces {
            parser.append(piece)
            while let event = try parser.next() { events.append(event) }
        }
        return events
    }
}

/// Steele, Lea and Flood's generator: the same numbers for the same seed.
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
