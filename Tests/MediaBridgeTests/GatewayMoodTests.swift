import Foundation
import ProviderSimulators
import Testing

@testable import MediaBridge

/// How callers sound, and callbacks, through a whole gateway and its records.
@Suite(.tags(.integration), .serialized) struct GatewayMoodTests {
    private static let wish =
        #"{"phone":"+34600111222","datetime":"2026-11-23T15:30","reason":"the invoice"}"#

    /// A call of our own conversation: the model schedules a callback, the caller asks twice.
    @Test func aCallbackAndARepeatedQuestion() async throws {
        let server = try await SimulatedChatCompletions(
            dialect: .ollama, key: nil, models: ["tiny"]
        ) { request in
            guard request.lastWords.contains("opening hours"), request.toolResults.isEmpty else {
                return SimulatedModelAnswer("Good day.")
            }
            return SimulatedModelAnswer([
                .tool(id: "t1", name: "schedule_callback", arguments: Self.wish)
            ])
        }
        let settings = [
            "agent": "ollama", "ollama:\n  model: tiny\n  baseURL": server.url,
            "autoFallback": "false",
        ]
        try await GatewayUnderTest.run(settings: settings) { gateway in
            let caller = try GatewayAudioCaller(gateway)
            try caller.sendStart(session: "mood", events: ["sentiment", "event"])
            #expect(try caller.run { caller.marks.count > 1 && !caller.isPlaying })
            for turn in 0..<2 {
                let before = caller.audioOctets
                try caller.say(frames: 15)
                #expect(try caller.run { caller.audioOctets > before })
                let mood = try caller.message("sentiment", after: turn)
                #expect(mood["sentiment"] as? String == "neutral")
                #expect(mood["score"] as? Double == 0)
                try caller.listen(frames: 60)
            }
            try caller.wire.send(text: #"{"type":"stop","reason":"user-hangup"}"#)
            #expect(try caller.waitsForEnd())
            let names = caller.messages.filter { $0.type == "event" }
                .compactMap { $0.members["name"] as? String }
            #expect(names.contains("callback_scheduled"))
            let id = try gateway.callID(of: "mood")
            let events = try gateway.events(of: id)
            let callback = try #require(events.first { $0.type == "callback_scheduled" })
            #expect(
                callback.data as? [String: String] == [
                    "phone": "+34600111222", "datetime": "2026-11-23T15:30",
                    "reason": "the invoice",
                ])
            #expect(events[callback.seq - 2].type == "tool_result")
            let issue = try #require(events.first { $0.type == "context_issue" })
            #expect(issue.data["issues"] as? [String] == ["repeated_question"])
            #expect(issue.data["turn"] as? Int == 2)
            for said in events where said.type == "transcript" {
                guard said.data["is_final"] as? Bool == true else { continue }
                #expect(events[said.seq].type == "sentiment")
            }
        }
        await server.stop()
    }

    /// A call that a speech agent leads is listened to as well.
    @Test func aFrustratedCallerOfASpeechAgent() async throws {
        let server = try await SimulatedRealtime(
            SimulatedAgentScript(
                [
                    .init("Good morning"),
                    .init(
                        "We will call you",
                        tool: (id: "call_1", name: "schedule_callback", arguments: Self.wish)),
                ], words: ["this is ridiculous"]))
        let settings = ["speechAgent: openai\nopenai:\n  agent:\n    baseURL": server.url]
        try await GatewayUnderTest.run(
            settings: settings, environment: ["OPENAI_API_KEY": "test-key"]
        ) { gateway in
            let caller = try GatewayTwilioCaller.greeted(gateway)
            try caller.say(frames: 30)
            #expect(try caller.hearsTheAnswer(), "the answer")
            try caller.listen(frames: 60)
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
            let events = try gateway.events(of: gateway.callID(of: caller.callSID))
            let alert = try #require(events.first { $0.type == "sentiment_alert" })
            #expect(alert.data["message"] as? String == "this is ridiculous")
            #expect(alert.data["score"] as? Double == -0.7)
            #expect(events.contains { $0.type == "callback_scheduled" })
        }
        await server.stop()
    }
}
