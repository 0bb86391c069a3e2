import Pipeline
import Testing

@testable import Providers

/// The machine of one Deepgram stream, in virtual time; µ-law at 8 kHz, so 8 octets a millisecond.
@Suite struct DeepgramStreamTests {
    private struct Harness {
        var stream: DeepgramStream
        var milliseconds = 0
        var actions: [DeepgramStream.Action] = []

        init() {
            let settings = DeepgramStream.Settings(
                octetsPerSecond: 8_000, octetsPerSample: 1, historyCapacity: 80_000)
            stream = DeepgramStream(settings: settings, seed: 1)
            handle(.started)
        }

        static func opened() -> Harness {
            var harness = Harness()
            harness.handle(.opened)
            harness.actions = []
            return harness
        }

        mutating func handle(_ event: DeepgramStream.Event) {
            stream.handle(
                event, at: MonotonicTime(sinceStart: .milliseconds(milliseconds)))
            while let action = stream.nextAction() { actions.append(action) }
        }

        /// What `event` leads to.
        mutating func after(_ event: DeepgramStream.Event) -> [DeepgramStream.Action] {
            actions = []
            handle(event)
            return actions
        }

        mutating func hear(_ results: DeepgramResults) -> [DeepgramStream.Action] {
            after(.said(.results(results)))
        }

        /// Lets `count` milliseconds of audio come, in frames, with the ticks between them.
        mutating func speak(from start: Int, milliseconds count: Int) {
            for frame in 1...count / 20 {
                milliseconds += 20
                handle(.audioArrived(until: start + frame * 160))
                handle(.tick)
            }
        }

        mutating func wait(milliseconds count: Int) {
            for _ in 0..<count / 20 {
                milliseconds += 20
                handle(.tick)
            }
        }

        var sent: [Range<Int>] {
            actions.reduce(into: []) { ranges, action in
                guard case .send(let range) = action else { return }
                if let last = ranges.last, last.upperBound == range.lowerBound {
                    ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
                } else {
                    ranges.append(range)
                }
            }
        }
    }

    private static func window(
        _ start: Double, _ end: Double, _ text: String, final isFinal: Bool = false,
        fromFinalize: Bool = false, words: [DeepgramResults.Word] = []
    ) -> DeepgramResults {
        var results = DeepgramResults(
            startSeconds: start, durationSeconds: end - start, transcript: text)
        results.isFinal = isFinal
        results.isFromFinalize = fromFinalize
        results.words = words
        return results
    }

    @Test func speechBeforeTheConnectionWaitsForIt() {
        var harness = Harness()
        #expect(harness.actions == [.connect])
        harness.handle(.began(1, from: 0))
        harness.speak(from: 0, milliseconds: 200)
        #expect(harness.sent.isEmpty)
        #expect(harness.after(.opened) == [.send(0..<1_600)])
    }

    @Test func severalWindowsMakeOneUtterance() {
        var harness = Harness.opened()
        harness.handle(.began(1, from: 0))
        harness.speak(from: 0, milliseconds: 2_000)
        #expect(harness.sent == [0..<16_000])
        #expect(
            harness.hear(Self.window(0, 0.6, "quiero")) == [.deliver(1, .interim("quiero"))])
        #expect(
            harness.hear(Self.window(0, 1, "Quiero cambiar", final: true))
                == [.deliver(1, .interim("Quiero cambiar"))])
        #expect(
            harness.hear(Self.window(1, 1.5, "mi"))
                == [.deliver(1, .interim("Quiero cambiar mi"))])
        #expect(harness.after(.finished(1, at: 16_000)) == [.finalize])
        #expect(
            harness.hear(Self.window(1, 2, "mi cita.", final: true, fromFinalize: true))
                == [.deliver(1, .final("Quiero cambiar mi cita."))])
        // A window that comes again says nothing more.
        #expect(harness.hear(Self.window(1, 2, "mi cita.", final: true)).isEmpty)
    }

    @Test func whatIsFinalAlreadyNeedsNoFinalize() {
        var harness = Harness.opened()
        harness.handle(.began(1, from: 0))
        harness.speak(from: 0, milliseconds: 1_000)
        _ = harness.hear(Self.window(0, 0.99, "Sí.", final: true))
        #expect(harness.after(.finished(1, at: 8_000)) == [.deliver(1, .final("Sí."))])
    }

    @Test func aFinalizeStandsBetweenTwoUtterances() {
        var harness = Harness()
        harness.handle(.began(1, from: 0))
        harness.speak(from: 0, milliseconds: 100)
        harness.handle(.finished(1, at: 800))
        harness.handle(.began(2, from: 800))
        harness.speak(from: 800, milliseconds: 100)
        #expect(harness.after(.opened) == [.send(0..<800), .finalize, .send(800..<1_600)])
        #expect(
            harness.hear(Self.window(0, 0.1, "no", final: true, fromFinalize: true))
                == [.deliver(1, .final("no"))])
        #expect(harness.hear(Self.window(0.1, 0.2, "sí")) == [.deliver(2, .interim("sí"))])
    }

    @Test func aCancelledUtteranceLeavesNothing() {
        var harness = Harness.opened()
        harness.handle(.began(1, from: 0))
        harness.speak(from: 0, milliseconds: 500)
        #expect(harness.after(.cancelled(1)) == [.finalize])
        harness.handle(.began(2, from: 4_000))
        harness.speak(from: 4_000, milliseconds: 500)
        #expect(harness.hear(Self.window(0, 0.5, "cof", final: true)).isEmpty)
        #expect(harness.after(.finished(2, at: 8_000)) == [.finalize])
        // Had the provider put both into one window, only its later words would count.
        let words = [
            DeepgramResults.Word("cof", startSeconds: 0.1, endSeconds: 0.4),
            DeepgramResults.Word("hola", startSeconds: 0.6, endSeconds: 0.9),
        ]
        #expect(
            harness.hear(
                Self.window(0, 1, "cof hola", final: true, fromFinalize: true, words: words))
                == [.deliver(2, .final("hola"))])
    }

    @Test func aLostConnectionIsReplacedAndGivenTheRestAgain() {
        var harness = Harness.opened()
        harness.handle(.began(1, from: 0))
        harness.speak(from: 0, milliseconds: 1_000)
        _ = harness.hear(Self.window(0, 0.8, "Mi número", final: true))
        #expect(harness.after(.ended(.vanished)) == [.connect])
        harness.speak(from: 8_000, milliseconds: 100)
        harness.actions = []
        harness.handle(.opened)
        harness.wait(milliseconds: 100)
        #expect(harness.sent == [6_400..<8_800])
        harness.handle(.finished(1, at: 8_800))
        #expect(harness.actions.last == .finalize)
        // The new connection's time begins at 0.
        #expect(
            harness.hear(Self.window(0, 0.3, "es cinco", final: true, fromFinalize: true))
                == [.deliver(1, .final("Mi número es cinco"))])
    }

    @Test func aFinalizeThatWasLostIsSaidAgain() {
        var harness = Harness.opened()
        harness.handle(.began(1, from: 0))
        harness.speak(from: 0, milliseconds: 400)
        #expect(harness.after(.finished(1, at: 3_200)) == [.finalize])
        harness.handle(.ended(.peerClosed(code: 1_011)))
        harness.actions = []
        harness.handle(.opened)
        harness.wait(milliseconds: 200)
        #expect(harness.sent == [0..<3_200])
        #expect(harness.actions.last == .finalize)
    }

    @Test func aBacklogIsSentAtItsPace() {
        var harness = Harness()
        harness.handle(.began(1, from: 0))
        harness.speak(from: 0, milliseconds: 2_000)
        harness.handle(.opened)
        harness.wait(milliseconds: 200)
        // 200 ms at four times the speed of speech, and a first crumb.
        let sent = harness.sent.first?.count ?? 0
        #expect((6_400...6_500).contains(sent))
        harness.wait(milliseconds: 400)
        #expect(harness.sent == [0..<16_000])
    }

    @Test func nothingLeftToSayNeedsNoAnswer() {
        var harness = Harness.opened()
        harness.handle(.began(1, from: 0))
        harness.speak(from: 0, milliseconds: 1_000)
        _ = harness.hear(Self.window(0, 0.7, "Vale", final: true))
        harness.handle(.finished(1, at: 8_000))
        harness.actions = []
        harness.wait(milliseconds: 880)
        #expect(harness.actions.isEmpty)
        harness.wait(milliseconds: 40)
        #expect(harness.actions == [.deliver(1, .final("Vale"))])
    }

    @Test func aDeafConnectionIsReplaced() {
        var harness = Harness.opened()
        harness.handle(.began(1, from: 0))
        harness.speak(from: 0, milliseconds: 1_000)
        harness.handle(.finished(1, at: 8_000))
        harness.actions = []
        harness.wait(milliseconds: 920)
        #expect(harness.actions == [.disconnect, .connect])
        // Nobody answers the new one either: the utterance is not held open for ever.
        harness.handle(.opened)
        harness.actions = []
        harness.wait(milliseconds: 900)
        #expect(
            harness.actions.last
                == .deliver(1, .failed(.timedOut("Deepgram gave no final transcript in time"))))
    }

    @Test func speechIntoTheVoidIsNoticed() {
        var harness = Harness.opened()
        harness.handle(.began(1, from: 0))
        harness.speak(from: 0, milliseconds: 3_900)
        #expect(!harness.actions.contains(.disconnect))
        harness.speak(from: 31_200, milliseconds: 200)
        #expect(harness.actions.suffix(2) == [.disconnect, .connect])
    }

    @Test func reconnectionsBackOffAndEnd() {
        var harness = Harness()
        harness.handle(.began(1, from: 0))
        var waits: [Int] = []
        for _ in 0..<5 {
            let lostAt = harness.milliseconds
            harness.actions = []
            harness.handle(.ended(.vanished))
            while !harness.actions.contains(.connect) { harness.wait(milliseconds: 20) }
            waits.append(harness.milliseconds - lostAt)
        }
        // 0, 0.5, 1, 2 and 4 s, each give or take a fifth and a tick.
        let expected = [0...0, 400...620, 800...1_220, 1_600...2_420, 3_200...4_820]
        #expect(zip(expected, waits).allSatisfy { $0.contains($1) }, "\(waits)")
        #expect(harness.after(.ended(.vanished)).isEmpty)
        let failed = EngineError.failed("no connection to Deepgram: closed_early")
        #expect(harness.after(.finished(1, at: 0)) == [.deliver(1, .failed(failed))])
        // The next utterance tries again.
        #expect(harness.after(.began(2, from: 0)) == [.connect])
    }

    @Test(arguments: [400, 401, 402, 403])
    func aRefusalThatLastsIsTakenAtItsWord(_ status: Int) throws {
        var harness = Harness()
        harness.handle(.began(1, from: 0))
        #expect(harness.after(.ended(.refused(status: status))).isEmpty)
        let actions = harness.after(.finished(1, at: 0))
        guard case .deliver(1, .failed(.unavailable(let text))) = try #require(actions.first) else {
            Issue.record("\(actions)")
            return
        }
        #expect(text.contains(status == 400 ? "model" : "DEEPGRAM_API_KEY"))
        #expect(harness.after(.began(2, from: 0)).isEmpty)
    }

    @Test func aCrowdedProviderIsLeftAlone() {
        var harness = Harness()
        #expect(harness.after(.ended(.refused(status: 429))).isEmpty)
        harness.wait(milliseconds: 1_580)
        #expect(harness.actions.isEmpty)
        harness.wait(milliseconds: 840)
        #expect(harness.actions == [.connect])
    }

    @Test func aQuietLineIsKeptOpen() {
        var harness = Harness.opened()
        harness.wait(milliseconds: 12_100)
        #expect(harness.actions == [.keepAlive, .keepAlive, .keepAlive])
        #expect(harness.after(.closed) == [.closeStream, .disconnect])
        #expect(harness.after(.tick).isEmpty)
    }
}
