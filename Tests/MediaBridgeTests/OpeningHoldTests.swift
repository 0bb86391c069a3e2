import Pipeline
import Testing

@testable import MediaBridge

/// When a call begins that waits for its caller's name.
@Suite struct OpeningHoldTests {
    /// One character per 20 ms, each with a frame before its tick.
    ///
    /// In: `K` the caller is known, or nobody will be; `D` a key; `O` an order; `E` the end.
    /// Out: `b` the call begins, `f` a frame is handed on, `d`, `o`, `e` what came.
    @Test(arguments: [
        // 100 ms are over with the fifth tick.
        ("......", 100, "....bf"),
        ("..K...", 100, "..bfff"),
        ("..K..K", 100, "..bfff"),
        (".OOK..", 100, ".oobff"),
        (".D....", 100, ".bdffff"),
        ("...E..", 200, "...e.."),
        ("....K.", 20, "bfffff"),
        ("......", 110, "....bf"),
        ("......", 0, "bfffff"),
    ])
    func timeline(events: String, limitMilliseconds: Int, expected: String) {
        var hold = OpeningHold(
            limit: .milliseconds(limitMilliseconds), at: MonotonicTime(sinceStart: .zero))
        var actual = ""
        func note(_ verdict: OpeningHold.Verdict, _ name: String) {
            switch verdict {
            case .hand: actual += name
            case .drop: break
            case .begin: actual += "b"
            case .beginThenHand: actual += "b" + name
            }
        }
        for (index, event) in events.enumerated() {
            let now = MonotonicTime(sinceStart: .milliseconds(20 * (index + 1)))
            let before = actual
            note(hold.judge(.frameHeard(speechProbability: 1), at: now), "f")
            switch event {
            case "K": note(hold.judge(.callStarted, at: now), "?")
            case "D": note(hold.judge(.keyPressed(digit: "1"), at: now), "d")
            case "O": note(hold.judge(.ordered(.addContext("x")), at: now), "o")
            case "E": note(hold.judge(.callEnded(.callerHungUp), at: now), "e")
            default: break
            }
            note(hold.judge(.tick, at: now), "")
            if actual == before { actual += "." }
        }
        #expect(actual == expected)
    }
}
