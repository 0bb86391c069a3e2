import Synchronization
import Testing

@testable import MediaBridge

/// A call that lives beside what a test does to the same loop, in real time and on its own thread.
enum GatewayBystander {
    /// Runs `attack` while the call is live; then the call's turn is completed, with nothing lost.
    static func survives(_ attack: (GatewayUnderTest) throws -> Void) async throws {
        let gateway = try #require(GatewayUnderTest.shared, "the suite lacks the trait .gateway")
        let isOver = Flag()
        async let life: Void = onOwnThread { try live(gateway, until: isOver) }
        let result = await onOwnThread { Result { try attack(gateway) } }
        isOver.raise()
        try await life
        try result.get()
    }

    private static func live(_ gateway: GatewayUnderTest, until isOver: Flag) throws {
        let caller = try GatewayTwilioCaller.greeted(gateway)
        #expect(try caller.run(within: .seconds(30)) { isOver.isRaised })
        #expect(try caller.asksAndIsAnswered())
        try caller.expectsUnharmed(gateway)
    }

    private final class Flag: Sendable {
        private let value = Atomic(false)
        var isRaised: Bool { value.load(ordering: .acquiring) }
        func raise() { value.store(true, ordering: .releasing) }
    }
}

extension GatewayTwilioCaller {
    /// Hangs up; everything it sent was taken, its turn is on record.
    func expectsUnharmed(_ gateway: GatewayUnderTest) throws {
        try sendStop()
        #expect(try waitsForEnd())
        #expect(closeCode == 1_000)
        #expect(violations.isEmpty)
        let events = try gateway.events(of: gateway.callID(of: callSID))
        #expect(events.first?.type == "call_started")
        #expect(events.count { $0.type == "turn_completed" } == 1)
        #expect(!events.contains { $0.type == "error" })
        let quality = events.first { $0.type == "quality" }?.data
        #expect(quality?["frames_received"] as? Int == framesSent)
        #expect(quality?["frames_lost"] as? Int == 0)
        #expect(quality?["messages_rejected"] as? Int == 0)
        #expect(events.last?.type == "call_ended")
        #expect(events.last?.data["reason"] as? String == "caller_hung_up")
    }
}
