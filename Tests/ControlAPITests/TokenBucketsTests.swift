import Testing

@testable import ControlAPI

/// Two a second, three at once.
///
/// One character per 100 ms: `.` nothing comes, `+` a request does.
@Test(arguments: ["+++++", "+.+.+.+.+.+", "+....+", "..........+++"])
func bucketsFill(requests: String) {
    var buckets = TokenBuckets(perSecond: 2, burst: 3)
    // Counted by hand: tokens in tenths, 2 more each step, 30 at most.
    var tokens = 30
    for (step, character) in requests.enumerated() {
        if step > 0 { tokens = min(30, tokens + 2) }
        guard character == "+" else { continue }
        let wait = buckets.take("a", at: .milliseconds(100 * step))
        if tokens >= 10 {
            #expect(wait == nil, "step \(step)")
            tokens -= 10
        } else {
            #expect(wait != nil, "step \(step)")
            let tenths = (wait ?? .zero) / .milliseconds(100)
            #expect(abs(tenths - Double(10 - tokens) / 2) < 0.001, "step \(step)")
        }
    }
}

@Test func namesDoNotShareABucket() {
    var buckets = TokenBuckets(perSecond: 1, burst: 1)
    #expect(buckets.take("a", at: .zero) == nil)
    #expect(buckets.take("b", at: .zero) == nil)
    #expect(buckets.take("a", at: .zero) == .seconds(1))
}

/// No name gets more than its share, and memory is bounded, whoever asks how often.
@Test(arguments: [UInt64(1), 2, 3, 4, 5])
func bucketsAreBounded(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var buckets = TokenBuckets(perSecond: 5, burst: 10, capacity: 64)
    var now = Duration.zero
    var admitted = 0
    for _ in 0..<20_000 {
        now += .microseconds(Int.random(in: 0...2_000, using: &random))
        _ = buckets.take("n\(Int.random(in: 0..<10_000, using: &random))", at: now)
        #expect(buckets.count <= 64)
    }
    buckets = TokenBuckets(perSecond: 5, burst: 10, capacity: 64)
    let begun = now
    for _ in 0..<5_000 {
        now += .microseconds(Int.random(in: 0...2_000, using: &random))
        if buckets.take("one", at: now) == nil { admitted += 1 }
    }
    #expect(Double(admitted) <= 10 + 5 * ((now - begun) / .seconds(1)) + 1)
}
