import Foundation
import ProviderSimulators
import Testing

@testable import MediaBridge

/// Calls that ask what others have asked before, over a simulated model.
@Suite(.tags(.integration)) struct GatewayCacheTests {
    private static func cached(_ kind: String, _ what: String) -> String {
        "mediabridge_response_cache_total{kind=\"\(kind)\",what=\"\(what)\"}"
    }

    /// A call that hears the greeting and the answer to one question.
    ///
    /// - Returns: what the caller heard, and what the call says it used.
    private static func call(
        _ gateway: GatewayUnderTest
    ) throws -> (audio: [UInt8], usage: [String]) {
        let caller = try GatewayTwilioCaller(gateway)
        try caller.sendStart()
        #expect(try caller.hearsTheAnswer(), "the greeting")
        #expect(try caller.asksAndIsAnswered())
        #expect(try caller.run { !caller.isPlaying && caller.entries.last?.isMark == true })
        try caller.listen(frames: 5)
        try caller.sendStop()
        #expect(try caller.waitsForEnd())
        let events = try gateway.events(of: gateway.callID(of: caller.callSID))
        let usage = events.last?.data["usage"] as? [[String: Any]] ?? []
        let lines = usage.map { "\($0["stage"] ?? "")/\($0["provider"] ?? "")" }
        return (caller.entries.flatMap(\.octets), lines)
    }

    @Test(arguments: [true, false])
    func theSameQuestionIsAskedOnce(isOn: Bool) async throws {
        let server = try await SimulatedChatCompletions(
            dialect: .ollama, key: nil, models: ["tiny"]
        ) { _ in
            SimulatedModelAnswer("We open at nine o'clock. On Sunday we are closed.")
        }
        let settings = [
            "agent": "ollama", "responseCache": "\(isOn)",
            "autoFallback: false\nollama:\n  model: tiny\n  baseURL": server.url,
        ]
        try await GatewayUnderTest.run(settings: settings) { gateway in
            if isOn {
                // Both languages' greetings, of one piece or more.
                let stored = try gateway.growth(
                    of: Self.cached("speech", "stored"), since: 0, upTo: 2)
                #expect(stored >= 2)
            }
            let first = try Self.call(gateway)
            if isOn { #expect(first.usage == ["llm/cache", "llm/ollama", "tts/cache"]) }
            let asked = server.requests.count
            let second = try Self.call(gateway)
            #expect(first.audio == second.audio)
            guard isOn else {
                #expect(server.requests.count == asked + 2)
                return #expect(second.usage == ["llm/ollama"])
            }
            #expect(server.requests.count == asked)
            #expect(second.usage == ["llm/cache", "tts/cache"])
            #expect(try gateway.metric(Self.cached("answer", "hit")) >= 2)
            #expect(try gateway.metric(Self.cached("speech", "hit")) >= 2)
        }
        await server.stop()
    }
}
