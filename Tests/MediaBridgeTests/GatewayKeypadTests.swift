import Foundation
import Testing

@testable import MediaBridge

/// Keys and answering machines through a whole gateway, as Twilio tells of them.
@Suite(.tags(.integration), .serialized, .gateway) struct GatewayKeypadTests {
    @Test func keysAreOneTurn() async throws {
        try await GatewayUnderTest.whileShared { gateway in
            let caller = try GatewayTwilioCaller.greeted(gateway)
            let before = caller.audioOctets
            for key in ["4", "8", "1", "5", "#"] { try caller.sendDTMF(key) }
            #expect(try caller.run { caller.audioOctets > before }, "no answer to the keys")
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
            let events = try gateway.events(of: gateway.callID(of: caller.callSID))
            let keys = events.filter { $0.type == "dtmf" }
            #expect(keys.compactMap { $0.data["digit"] as? String }.joined() == "4815#")
            #expect(keys.compactMap { $0.data["input"] as? String } == ["4815"])
            let said = events.filter { $0.type == "transcript" }
            #expect(said.compactMap { $0.data["text"] as? String } == ["4815"])
        }
    }

    /// The default: nothing is said to a machine.
    @Test func machinesAreHungUpOn() async throws {
        try await GatewayUnderTest.whileShared { gateway in
            let caller = try GatewayTwilioCaller(gateway)
            try caller.sendStart(
                parameters: #"{"direction":"outbound-api","answeredBy":"machine_start"}"#)
            #expect(try caller.waitsForEnd())
            #expect(caller.closeCode == 1_000)
            #expect(caller.audioOctets == 0)
            let events = try gateway.events(of: gateway.callID(of: caller.callSID))
            #expect(events.last?.data["reason"] as? String == "voicemail")
        }
    }
}
