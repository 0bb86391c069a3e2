import Pipeline
import Testing

@testable import MediaBridge

/// The parts of a loop that need no socket.
struct LoopPartsTests {
    /// One character per 10 ms, `m` for a message admitted, `x` for one refused, `.` for none.
    ///
    /// At 50 per second a place comes free every 20 ms.
    @Test(arguments: [
        (1, "m.m.m.m"), (1, "mxmxm"), (3, "mmmmmxmx"), (3, "mmmmmx.....mmmmmx"),
    ])
    func rateLimit(burst: Int, timeline: String) {
        var now = MonotonicTime(sinceStart: .seconds(5))
        var limit = RateLimit(perSecond: 50, burst: burst, at: now)
        var actual = ""
        for step in timeline {
            actual += step == "." ? "." : limit.admits(at: now) ? "m" : "x"
            now = now.advanced(by: .milliseconds(10))
        }
        #expect(actual == timeline)
    }

    @Test func sendQueueKeepsOrderAndItsBound() {
        var queue = SendQueue(capacity: 100)
        let messages: [[UInt8]] = [[1, 2, 3], [], [UInt8](repeating: 9, count: 70), [4]]
        for (index, message) in messages.enumerated() {
            let isTaken = queue.append(message.span, isText: index == 1)
            #expect(isTaken)
        }
        #expect(queue.count == 74 + 4 * 5)
        let tooMuch: [UInt8] = [1, 2]
        let isTaken = queue.append(tooMuch.span, isText: false)
        #expect(!isTaken)
        var taken: [[UInt8]] = []
        var kinds: [Bool] = []
        while !queue.isEmpty {
            queue.takeFirst { message, isText in
                taken.append(message.indices.map { message[$0] })
                kinds.append(isText)
            }
        }
        #expect(taken == messages)
        #expect(kinds == [false, true, false, false])
        #expect(queue.isEmpty)
    }

    @Test func admissionGateCounts() {
        let gate = AdmissionGate(maxCalls: 2)
        #expect([gate.admit(), gate.admit(), gate.admit()] == [true, true, false])
        gate.release()
        #expect(gate.admit())
        gate.release()
        gate.close()
        #expect(!gate.admit())
        #expect(gate.count == 1)
    }

    @Test(arguments: [
        ("ws://127.0.0.1:8081/twilio", "127.0.0.1:8081", "/twilio"),
        ("ws://example.com", "example.com", "/"),
        ("wss://example.com:443/a?b=c", "example.com", "/a?b=c"),
        ("wss://example.com:8443?b=c", "example.com:8443", "/?b=c"),
        ("ws://[::1]:9000/x", "[::1]:9000", "/x"),
    ])
    func connectTarget(url: String, hostHeader: String, path: String) throws {
        let target = try #require(ConnectTarget(url))
        #expect(target.hostHeader == hostHeader)
        #expect(target.path == path)
        #expect(target.isSecure == url.hasPrefix("wss"))
    }

    @Test(arguments: ["http://x/", "ws://", "ws:///a", "ws://x:99999/", "ws://x:/", ""])
    func notATarget(url: String) { #expect(ConnectTarget(url) == nil) }

    /// RFC 6455 §5.5.1: code, then text; a control frame carries at most 125 octets.
    @Test func closeFrame() {
        let plain = CloseFrame(code: .normal, text: "ok", isMasked: false)
        #expect(plain.octets == [0x88, 4, 0x03, 0xE8, 0x6F, 0x6B])
        let long = CloseFrame(
            code: .normal, text: String(repeating: "x", count: 200), isMasked: true)
        #expect(long.octets.count == 2 + 4 + 125)
        #expect(long.octets[1] == 0x80 | 125)
    }
}
