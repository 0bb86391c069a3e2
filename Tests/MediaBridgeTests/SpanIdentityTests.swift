import Testing

@testable import MediaBridge

/// `traceparent` as W3C Trace Context writes it; the examples are the recommendation's own.
@Suite struct SpanIdentityTests {
    @Test(arguments: [
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", false),
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true),
    ])
    func roundTrip(text: String, isSampled: Bool) throws {
        let identity = try #require(SpanIdentity(traceparent: text))
        #expect(identity.traceparent == text)
        #expect(identity.isSampled == isSampled)
    }

    /// A version to come may say more behind what is known; other flags do not matter.
    @Test(arguments: [
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-else",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff",
    ])
    func whatMayCome(text: String) throws {
        let identity = try #require(SpanIdentity(traceparent: text))
        #expect(
            identity.traceparent == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    }

    @Test(arguments: [
        "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-+0f067aa0ba902b7-01",
        "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ])
    func whatIsNone(text: String) { #expect(SpanIdentity(traceparent: text) == nil) }

    /// Whoever has a call's id finds its trace.
    @Test func theTraceOfACallIsItsID() {
        let identity = SpanIdentity(ofCall: "4BF92F35-77b3-4da6-a3ce-929d0e0e4736")
        #expect(identity.trace.hexadecimal == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(identity == SpanIdentity(ofCall: "4BF92F35-77b3-4da6-a3ce-929d0e0e4736"))
        let other = SpanIdentity(ofCall: "no UUID")
        #expect(other.trace.hexadecimal.count == 32)
        #expect(other.trace != identity.trace)
    }
}
