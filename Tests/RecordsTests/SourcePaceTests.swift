import Foundation
import Testing

@testable import Records

/// When sources are asked, and when they are left alone.
@Suite struct SourcePaceTests {
    /// One character per second.
    ///
    /// In: `F` fails, `T` does not answer in time, `.` nothing happens. Out: `1` it would be asked
    /// after that, `0` it is left alone.
    @Test(arguments: [
        ("FF.F........F.........", "1110000000000000000000"),
        ("F.F....", "1111111"),
        ("TTT..........", "1100000000001"),
    ])
    func failures(events: String, open: String) {
        var pace = SourcePace()
        var actual = ""
        for (second, event) in events.enumerated() {
            let now = Date(timeIntervalSince1970: Double(second))
            switch event {
            case "F": pace.failed(.failed(reason: "it answered 500"), at: now)
            case "T": pace.failed(.timedOut, at: now)
            default: break
            }
            actual += pace.isOpen(at: now) ? "1" : "0"
        }
        #expect(actual == open)
    }

    @Test(arguments: [
        (ContactSourceError.refused(status: 401), 60.0), (.limited(wait: .seconds(7)), 7),
        (.limited(wait: nil), 10), (.cancelled, 0),
    ])
    func oneOfThemIsEnough(failure: ContactSourceError, pauseSeconds: Double) {
        var pace = SourcePace()
        let start = Date(timeIntervalSince1970: 0)
        pace.failed(failure, at: start)
        #expect(pace.isOpen(at: start.addingTimeInterval(pauseSeconds)))
        #expect(pace.isOpen(at: start.addingTimeInterval(pauseSeconds - 1)) == (pauseSeconds == 0))
    }

    @Test func anAnswerEndsIt() {
        var pace = SourcePace()
        let now = Date(timeIntervalSince1970: 0)
        for _ in 0..<9 { pace.failed(.timedOut, at: now) }
        // Five minutes at most, however often.
        #expect(!pace.isOpen(at: now.addingTimeInterval(299)))
        #expect(pace.isOpen(at: now.addingTimeInterval(300)))
        pace.answered()
        #expect(pace.isOpen(at: now))
        pace.failed(.timedOut, at: now)
        #expect(pace.isOpen(at: now))
    }

    @Test func aShopsBucketIsNotOverdrawn() {
        var bucket = ShopifyBucket()
        let now = Date(timeIntervalSince1970: 0)
        #expect(bucket.take(at: now) == .zero)
        bucket.note(
            .object([
                "requestedQueryCost": .integer(7),
                "throttleStatus": .object([
                    "maximumAvailable": .number(2_000), "currentlyAvailable": .integer(15),
                    "restoreRate": .integer(100),
                ]),
            ]), at: now)
        #expect(bucket.take(at: now) == .zero)
        #expect(bucket.take(at: now) == .zero)
        // One point is left; six more come in 60 ms.
        #expect(bucket.wait(at: now) == .milliseconds(60))
        #expect(bucket.take(at: now) == .milliseconds(60))
        // 100 points a second, never more than there is room for.
        #expect(bucket.take(at: now.addingTimeInterval(1)) == .zero)
        for _ in 0..<285 { _ = bucket.take(at: now.addingTimeInterval(3_600)) }
        #expect(bucket.take(at: now.addingTimeInterval(3_600)) == .milliseconds(20))
    }
}
