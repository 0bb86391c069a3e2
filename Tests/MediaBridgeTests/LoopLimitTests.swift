import Testing

@testable import MediaBridge

/// What bad peers do to a loop: they are counted, and the good ones do not notice.
@Suite(.tags(.integration)) struct LoopLimitTests {
    @Test func overTheLimitIsRefusedUnharmed() async throws {
        let loop = try LoopUnderTest(maxCalls: 2)
        let first = try #require(LoopTestPeer.connected(to: loop.port))
        var second = LoopTestPeer.connected(to: loop.port)
        #expect(second != nil)
        let third = try #require(LoopTestPeer(port: loop.port))
        third.requestUpgrade()
        let head = try #require(third.readHead())
        #expect(head.hasPrefix("HTTP/1.1 503 "))
        #expect(head.contains("Retry-After: "))
        #expect(third.waitsForEnd())
        first.send(text: "still here")
        #expect(first.readFrame()?.text == "still here")
        second = nil
        #expect(await loop.journal.waitsFor { $0 == .closed(.peerVanished) })
        #expect(LoopTestPeer.connected(to: loop.port) != nil)
        let figures = await loop.figures()
        #expect(figures[.callsRefused] == 1)
        #expect(figures[.handshakesDone] == 3)
        #expect(loop.gate.count == 0)
    }

    @Test(arguments: [
        ("GET /twilio HTTP/1.1\r\nHost: x\r\n\r\n", "426", EdgeCounter.notWebSockets),
        ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "404", .unknownPaths),
        ("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "404", .unknownPaths),
        (
            "GET /x HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            "404",
            .unknownPaths
        ),
        (
            "GET /twilio HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", "426",
            .notWebSockets
        ),
        (
            """
            GET /audio HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r
            Sec-WebSocket-Protocol: soap\r\n\r\n
            """, "400", .unknownSubprotocols
        ),
    ])
    func otherRequests(request: String, status: String, counter: EdgeCounter) async throws {
        let loop = try LoopUnderTest()
        let peer = try #require(LoopTestPeer(port: loop.port))
        peer.send(Array(request.utf8))
        #expect(peer.readHead()?.hasPrefix("HTTP/1.1 \(status) ") == true)
        #expect(peer.waitsForEnd())
        #expect(await loop.figures()[counter] == 1)
        #expect(loop.gate.count == 0)
    }

    @Test func aThousandSilentConnections() async throws {
        raiseDescriptorLimit()
        let loop = try LoopUnderTest { $0.handshakeLimit = .seconds(1) }
        let good = try #require(LoopTestPeer.connected(to: loop.port))
        let silent = (0..<1_000).compactMap { index -> LoopTestPeer? in
            let peer = LoopTestPeer(port: loop.port)
            // A third stays silent, a third stops in the request line, a third in the headers.
            if index % 3 == 1 { peer?.send(Array("GET /twi".utf8)) }
            if index % 3 == 2 { peer?.send(Array("GET /twilio HTTP/1.1\r\nHost: x\r\nUp".utf8)) }
            return peer
        }
        #expect(silent.count == 1_000)
        good.send(text: "still here")
        #expect(good.readFrame()?.text == "still here")
        for peer in silent { #expect(peer.waitsForEnd()) }
        good.send(text: "and now")
        #expect(good.readFrame()?.text == "and now")
        let figures = await loop.figures()
        #expect(figures[.handshakesTimedOut] == 1_000)
        #expect(figures[.handshakesDone] == 1)
    }

    @Test func aFullLoopTakesNoSocket() async throws {
        let loop = try LoopUnderTest { $0.maxConnections = 2 }
        let inside = [LoopTestPeer.connected(to: loop.port), .connected(to: loop.port)]
        #expect(inside.allSatisfy { $0 != nil })
        let third = try #require(LoopTestPeer(port: loop.port))
        #expect(third.waitsForEnd())
        #expect(await loop.figures()[.socketsOverLimit] == 1)
    }

    enum TooBig: CaseIterable {
        case byOneOctet, megabyte, announcedOnly, inFragments

        var octets: [UInt8] {
            switch self {
            case .byOneOctet: LoopTestPeer.frame([UInt8](repeating: 32, count: 65_537))
            case .megabyte: LoopTestPeer.frame([UInt8](repeating: 32, count: 1 << 20))
            // A length of 2^62 and two octets of it.
            case .announcedOnly: [0x81, 0xFF, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 65, 66]
            case .inFragments:
                LoopTestPeer.frame([UInt8](repeating: 32, count: 40_000), isFinal: false)
                    + LoopTestPeer.frame([UInt8](repeating: 32, count: 40_000), opcode: 0)
            }
        }
    }

    @Test(arguments: TooBig.allCases) func aMessageTooBig(message: TooBig) async throws {
        let loop = try LoopUnderTest()
        let peer = try #require(LoopTestPeer.connected(to: loop.port))
        peer.send(message.octets)
        #expect(peer.readFrame()?.closeCode == 1_009)
        #expect(await loop.journal.waitsFor { $0 == .closed(.peerMisbehaved(.messageTooBig)) })
        #expect(await loop.figures()[.messagesTooBig] == 1)
    }

    /// RFC 6455 §5.2, §5.4, §5.5: reserved bits and opcodes, a long or fragmented control frame, a
    /// continuation of nothing, a new message inside another.
    @Test(
        arguments: [
            [0xC1, 0x80, 0, 0, 0, 0], [0x83, 0x80, 0, 0, 0, 0], [0x8F, 0x80, 0, 0, 0, 0],
            [0x89, 0xFE, 0, 126, 0, 0, 0, 0], [0x09, 0x80, 0, 0, 0, 0], [0x80, 0x80, 0, 0, 0, 0],
            [0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0],
        ] as [[UInt8]])
    func aBrokenFrame(octets: [UInt8]) async throws {
        let loop = try LoopUnderTest()
        let peer = try #require(LoopTestPeer.connected(to: loop.port))
        peer.send(octets)
        #expect(peer.waitsForEnd())
        let figures = await loop.figures()
        #expect(figures[.framesBroken] + figures[.peersVanished] == 1)
        #expect(loop.journal.all.contains { if case .closed = $0 { true } else { false } })
    }

    @Test func aFloodIsClosed() async throws {
        let loop = try LoopUnderTest {
            $0.messagesPerSecond = 50
            $0.messageBurst = 100
        }
        let peer = try #require(LoopTestPeer.connected(to: loop.port))
        peer.send((0..<300).flatMap { _ in LoopTestPeer.frame([65]) })
        var last: LoopTestPeer.Frame?
        while let frame = peer.readFrame() { last = frame }
        #expect(last?.closeCode == 1_008)
        let figures = await loop.figures()
        #expect(figures[.ratesExceeded] == 1)
        #expect((100..<150).contains(figures[.messagesReceived]))
    }

    @Test func anIdlePeerIsClosed() async throws {
        let loop = try LoopUnderTest { $0.idleLimit = .milliseconds(300) }
        let peer = try #require(LoopTestPeer.connected(to: loop.port))
        #expect(peer.readFrame()?.closeCode == 1_001)
        #expect(peer.waitsForEnd())
        #expect(await loop.figures()[.peersIdle] == 1)
        #expect(loop.journal.all.contains(.closed(.idle)))
    }

    @Test func aPeerThatDoesNotReadCostsABoundedBuffer() async throws {
        let loop = try LoopUnderTest {
            $0.sendBufferOctets = 200_000
            $0.stallLimit = .seconds(1)
        }
        let good = try #require(LoopTestPeer.connected(to: loop.port))
        let deaf = try #require(
            LoopTestPeer.connected(to: loop.port, receiveBufferOctets: 4_096))
        deaf.send(text: "flood 1000")
        good.send(text: "still here")
        #expect(good.readFrame()?.text == "still here")
        #expect(await loop.journal.waitsFor { $0 == .closed(.stalled) })
        let figures = await loop.figures()
        #expect(figures[.messagesQueued] == 200_000 / 16_005)
        #expect(figures[.messagesDropped] > 0)
        #expect(figures[.peersStalled] == 1)
    }

    @Test func aSlowReaderGetsEverythingThatWasQueued() async throws {
        let loop = try LoopUnderTest { $0.sendBufferOctets = 1 << 24 }
        let peer = try #require(
            LoopTestPeer.connected(to: loop.port, receiveBufferOctets: 4_096))
        peer.send(text: "flood 500")
        for _ in 0..<500 {
            #expect(peer.readFrame()?.payload == [UInt8](repeating: 7, count: 16_000))
        }
        let figures = await loop.figures()
        #expect(figures[.messagesQueued] > 0)
        #expect(figures[.messagesDropped] == 0)
    }

    @Test func aStopSaysGoodBye() async throws {
        let loop = try LoopUnderTest()
        let peer = try #require(LoopTestPeer.connected(to: loop.port))
        loop.loop.stop(drainLimit: .milliseconds(200))
        #expect(peer.readFrame()?.closeCode == 1_001)
        #expect(LoopTestPeer(port: loop.port) == nil)
        await loop.loop.ended()
        #expect(loop.journal.all.suffix(2) == [.draining, .closed(.loopStopped)])
    }

    @Test func aStopWaitsForLiveCalls() async throws {
        let loop = try LoopUnderTest()
        let peer = try #require(LoopTestPeer.connected(to: loop.port))
        loop.loop.stop(drainLimit: .seconds(30))
        #expect(await loop.journal.waitsFor { $0 == .draining })
        peer.send(text: "still talking")
        #expect(peer.readFrame()?.text == "still talking")
        peer.send(text: "bye")
        #expect(peer.readFrame()?.closeCode == 1_000)
        peer.send(LoopTestPeer.frame([0x03, 0xE8], opcode: 8))
        await loop.loop.ended()
    }

    /// Random octets after the handshake, and instead of it.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func randomOctetsNeverTrap(seed: UInt64) async throws {
        let loop = try LoopUnderTest {
            $0.handshakeLimit = .milliseconds(300)
            $0.idleLimit = .milliseconds(300)
            $0.closeLimit = .milliseconds(100)
        }
        var random = SplitMix(seed: seed)
        let good = try #require(LoopTestPeer.connected(to: loop.port))
        for round in 0..<20 {
            let peer = LoopTestPeer(port: loop.port)
            if round % 2 == 0 { peer?.requestUpgrade() }
            if round % 4 == 1 { peer?.send(Array("GET /twilio HTTP/1.1\r\nHost: ".utf8)) }
            for _ in 0..<random.next(upTo: 8) {
                var octets = (0..<random.next(upTo: 400)).map { _ in UInt8(random.next(upTo: 256)) }
                // Mostly plausible: a data or control opcode, then whatever.
                if !octets.isEmpty, random.next(upTo: 2) == 0 {
                    octets[0] = [0x81, 0x82, 0x01, 0x00, 0x88, 0x89, 0x8A][random.next(upTo: 7)]
                }
                peer?.send(octets)
            }
            if random.next(upTo: 2) == 0 { peer?.abort() }
            good.send(text: "\(round)")
            #expect(good.readFrame()?.text == "\(round)")
        }
        _ = await loop.figures()
        #expect(loop.gate.count == 0)
    }
}

/// A small seeded generator (splitmix64), so that a failing seed fails again.
private struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(upTo bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(bound))
    }
}
