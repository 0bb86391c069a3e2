import Codecs
import Pipeline
import Testing

@testable import MediaBridge

/// On which calls an answering machine is looked for.
@Suite struct CallOpeningTests {
    /// Twilio's words for `Direction` and `AnsweredBy` (REST API, "Call resource" and "Answering
    /// Machine Detection").
    @Test(
        arguments: [
            (nil, nil, false, false), ("inbound", nil, false, false),
            ("outbound", nil, true, false),
            ("outbound-api", nil, true, false), ("outbound-dial", "unknown", true, false),
            ("outbound-api", "human", false, false), ("outbound-api", "machine_start", true, true),
            ("outbound-api", "fax", true, true), ("outbound-api", "machine_end_beep", true, true),
            ("inbound", "machine_start", false, true),
        ] as [(String?, String?, Bool, Bool)])
    func machinesAreLookedFor(
        direction: String?, answeredBy: String?, isDetected: Bool, isKnown: Bool
    ) {
        let opening = CallOpening(
            carrier: "twilio", carrierCallID: "CA1", language: .spanish, inbound: .telephone,
            outbound: .telephone, from: nil, to: nil,
            isOutbound: CallOpening.isOutbound(direction),
            answeredBy: answeredBy.flatMap(AnsweredBy.init))
        var settings = AnsweringMachine.Settings()
        settings.isDetected = true
        opening.adjust(&settings)
        #expect(settings.isDetected == isDetected)
        #expect(settings.isKnown == isKnown)
        #expect((settings.beeplessSilence == .zero) == (answeredBy == "machine_end_beep"))
        var ignoring = AnsweringMachine.Settings()
        opening.adjust(&ignoring)
        #expect(!ignoring.isDetected)
    }
}
