import Testing

@testable import MediaBridge

@Suite(.tags(.integration)) struct LoopTests {
    @Test(arguments: [0, 1, 125, 126, 330, 4_095, 4_096, 4_097, 65_535, 65_536])
    func wholeMessagesAreEchoed(octetCount: Int) async throws {
        let loop = try LoopUnderTest()
        let peer = try #require(LoopTestPeer.connected(to: loop.port))
        let payload = (0..<octetCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        peer.send(LoopTestPeer.frame(payload, opcode: 2))
        #expect(peer.readFrame() == LoopTestPeer.Frame(opcode: 2, payload: payload))
        #expect(await loop.figures()[.messagesReceived] == 1)
    }

    /// A message in three frames with a ping in between (RFC 6455 §5.4), octet by octet.
    @Test func fragmentsBecomeOneMessage() async throws {
        let loop = try LoopUnderTest()
        let peer = try #require(LoopTestPeer.connected(to: loop.port))
        let octets =
            LoopTestPeer.frame(Array("one ".utf8), opcode: 1, isFinal: false)
            + LoopTestPeer.frame(Array("two ".utf8), opcode: 0, isFinal: false)
            + LoopTestPeer.frame(Array("ping".utf8), opcode: 9)
            + LoopTestPeer.frame(Array("three".utf8), opcode: 0)
        for octet in octets { peer.send([octet]) }
        let frames = [peer.readFrame(), peer.readFrame()]
        #expect(frames.contains(LoopTestPeer.Frame(opcode: 10, payload: Array("ping".utf8))))
        #expect(
            frames.contains(LoopTestPeer.Frame(opcode: 1, payload: Array("one two three".utf8))))
        _ = await loop.figures()
    }

    @Test func manyFramesInOneSegment() async throws {
        let loop = try LoopUnderTest()
        let peer = try #require(LoopTestPeer.connected(to: loop.port))
        let texts = (0..<100).map { "message \($0)" }
        peer.send(texts.flatMap { LoopTestPeer.frame(Array($0.utf8)) })
        for text in texts { #expect(peer.readFrame()?.text == text) }
        _ = await loop.figures()
    }

    @Test func requestIsTold() async throws {
        let loop = try LoopUnderTest()
        let peer = try #require(LoopTestPeer(port: loop.port))
        peer.requestUpgrade(
            path: "/audio?a=1&b=2",
            headers: [
                "X-Twilio-Signature: c2lnbmF0dXJl", "Authorization: Bearer token",
                "Sec-WebSocket-Protocol: other, bridge.audio.v1.json",
            ])
        let head = try #require(peer.readHead())
        #expect(head.hasPrefix("HTTP/1.1 101 "))
        // The accept value of the key in RFC 6455 §1.3.
        #expect(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
        #expect(head.contains("Sec-WebSocket-Protocol: bridge.audio.v1.json\r\n"))
        #expect(!head.contains("Sec-WebSocket-Extensions"))
        _ = await loop.figures()
        #expect(
            loop.journal.all.first
                == .accepted(
                    UpgradeRequest(
                        path: "/audio", query: ["a=1", "b=2"],
                        offeredSubprotocols: "other, bridge.audio.v1.json",
                        subprotocol: "bridge.audio.v1.json", host: "localhost",
                        authorization: "Bearer token", twilioSignature: "c2lnbmF0dXJl",
                        peerAddress: "127.0.0.1")))
    }

    @Test func closeIsAnswered() async throws {
        let loop = try LoopUnderTest()
        let peer = try #require(LoopTestPeer.connected(to: loop.port))
        peer.send(LoopTestPeer.frame([0x03, 0xE9], opcode: 8))
        #expect(peer.readFrame()?.closeCode == 1_001)
        #expect(peer.waitsForEnd())
        #expect(await loop.journal.waitsFor { $0 == .closed(.peerClosed(code: 1_001)) })
        _ = await loop.figures()
    }

    @Test func weClose() async throws {
        let loop = try LoopUnderTest()
        let peer = try #require(LoopTestPeer.connected(to: loop.port))
        peer.send(text: "bye")
        let frame = try #require(peer.readFrame())
        #expect(frame.closeCode == 1_000)
        #expect(String(decoding: frame.payload.dropFirst(2), as: UTF8.self) == "as asked")
        peer.send(LoopTestPeer.frame([0x03, 0xE8], opcode: 8))
        #expect(peer.waitsForEnd())
        #expect(await loop.journal.waitsFor { $0 == .closed(.closedHere(.normal)) })
        _ = await loop.figures()
    }

    @Test func postedValuesArriveInOrder() async throws {
        let loop = try LoopUnderTest()
        for value in 0..<1_000 { loop.loop.poster.post(.note(value)) }
        #expect(await loop.journal.waitsFor { $0 == .posted(999) })
        #expect(loop.journal.all == (0..<1_000).map(LoopJournal.Entry.posted))
        _ = await loop.figures()
        #expect(!loop.loop.poster.post(.note(0)))
        #expect(loop.loop.poster.refusedCount == 1)
    }

    @Test func loopsShareAPort() async throws {
        let first = try LoopUnderTest(index: 0)
        let second = try LoopUnderTest(port: first.port, index: 1)
        // The kernel spreads them by a hash of the ports; 64 on one side has a chance of 2^-63.
        let peers = (0..<64).compactMap { _ in LoopTestPeer.connected(to: first.port) }
        #expect(peers.count == 64)
        let counts = [
            await first.figures()[.handshakesDone], await second.figures()[.handshakesDone],
        ]
        #expect(counts[0] + counts[1] == 64)
        #expect(counts.allSatisfy { $0 > 0 })
    }

    @Test func ourOwnClientSpeaksToTheServer() async throws {
        let server = try LoopUnderTest()
        let client = try LoopUnderTest(index: 1)
        let target = try #require(ConnectTarget("ws://127.0.0.1:\(server.port)/twilio?x=1"))
        client.loop.poster.post(.connect(target))
        #expect(await client.journal.waitsFor { $0 == .message("hello") })
        guard case .accepted(let request) = server.journal.all.first else {
            Issue.record("nothing was accepted")
            return
        }
        #expect(request.path == "/twilio")
        #expect(request.query == ["x=1"])
        #expect(request.host == "127.0.0.1:\(server.port)")
        #expect(request.twilioSignature == "c2lnbmF0dXJl")
        #expect(await client.figures()[.connectsDone] == 1)
        _ = await server.figures()
    }

    @Test(arguments: ["ws://127.0.0.1:1/", "ws://no-such-host.invalid/", "wss://127.0.0.1:1/"])
    func aFailedConnectIsTold(url: String) async throws {
        let loop = try LoopUnderTest()
        loop.loop.poster.post(.connect(try #require(ConnectTarget(url))))
        #expect(await loop.journal.waitsFor { $0 == .failed })
        _ = await loop.figures()
        #expect(loop.journal.all == [.failed, .draining])
    }
}
