import Foundation
import Testing

@testable import MediaBridge

/// A Twilio stream from `connected` to `stop`, message by message.
@Suite(.tags(.integration), .serialized, .gateway) struct GatewayConversationTests {
    @Test func aWholeConversation() async throws {
        try await GatewayUnderTest.whileShared { gateway in
            let caller = try GatewayTwilioCaller(gateway)
            try caller.sendStart(
                parameters: #"{"from":"+447700900123","to":"+447700900000","language":"en"}"#)
            #expect(try caller.hearsTheAnswer(), "the greeting")
            let greeting = caller.audioOctets
            #expect(try caller.asksAndIsAnswered())
            #expect(try caller.run { !caller.isPlaying && caller.entries.last?.isMark == true })
            try caller.listen(frames: 5)  // the last mark goes back with them
            try caller.sendDTMF("5")
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
            #expect(caller.closeCode == 1_000)
            #expect(caller.violations.isEmpty)
            #expect(caller.clearCount == 0)
            expectMarksFollowAudio(caller)
            expectPace(caller)

            let events = try gateway.events(of: gateway.callID(of: caller.callSID))
            let said = events.filter { $0.type == "agent_speech" }
            // The synthesiser says a character in 65 ms, in whole frames of 20 ms.
            let octets = said.map { (($0.data["text"] as? String)?.count ?? 0) * 520 / 160 * 160 }
            #expect(greeting == octets.first)
            #expect(caller.audioOctets == octets.reduce(0, +))
            let tone: Set<UInt8> = [0xA5, 0x25]
            #expect(caller.entries.allSatisfy { tone.isSuperset(of: $0.octets) })
            try expectStory(events)
        }
    }

    @Test func anInterruptionClearsAndNothingOldFollows() async throws {
        try await GatewayUnderTest.whileShared { gateway in
            let caller = try GatewayTwilioCaller.greeted(gateway)
            #expect(try caller.asksAndIsAnswered())
            try caller.listen(frames: 40)
            let before = caller.entries.count
            let oldMarks = Set(caller.marks)
            try caller.say(frames: 40)
            let voiceEnd = try #require(caller.voiceEnd)
            let voiceStart = try #require(caller.voiceStart)
            #expect(try caller.run { caller.audioOctets > caller.octetsBeforeClear })
            let clear = try #require(caller.entries.firstIndex(of: .clear))
            #expect(clear >= before)
            #expect(caller.clearCount == 1)
            // The bench holds 180 ms; a debug build on a busy machine gets a second.
            #expect(voiceStart.duration(to: caller.times[clear]) < .seconds(1))
            // Not a word until the caller has finished, and then only new words.
            let next = caller.entries.index(after: clear)
            #expect(caller.times[next] > voiceEnd)
            #expect(oldMarks.isDisjoint(with: caller.entries[next...].compactMap(\.markName)))
            try caller.listen(frames: 10)
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
            #expect(caller.violations.isEmpty)

            let events = try gateway.events(of: gateway.callID(of: caller.callSID))
            let interruption = try #require(events.first { $0.type == "interruption" }).data
            let onset = try #require(interruption["onset_to_clear_ms"] as? Double)
            #expect((0...1_000).contains(onset))
            let turns = events.filter { $0.type == "turn_completed" }.map(\.data)
            try #require(turns.count == 2)
            #expect(turns[0]["interrupted"] as? Bool == true)
            let agent = try #require(turns[0]["agent"] as? String)
            let heard = try #require(turns[0]["heard"] as? String)
            #expect(!heard.isEmpty && heard != agent && agent.hasPrefix(heard))
            #expect(interruption["heard"] as? String == heard)
            #expect(turns[1]["turn"] as? Int == 2)
        }
    }

    /// A cough is no interruption: the answer goes on.
    @Test func aCoughIsForgiven() async throws {
        try await GatewayUnderTest.whileShared { gateway in
            let caller = try GatewayTwilioCaller.greeted(gateway)
            #expect(try caller.asksAndIsAnswered())
            try caller.listen(frames: 10)
            try caller.say(frames: 7)
            #expect(try caller.run { caller.clearCount == 1 })
            #expect(try caller.run { caller.audioOctets > caller.octetsBeforeClear })
            try caller.listen(frames: 10)
            #expect(caller.clearCount == 1)
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
            let events = try gateway.events(of: gateway.callID(of: caller.callSID))
            #expect(!events.contains { $0.type == "interruption" })
            #expect(events.count { $0.type == "transcript" } == 1)
            #expect(events.last?.data["interruptions"] as? Int == 0)
        }
    }

    /// Marks that nobody sent, and old ones, change nothing.
    @Test func foreignMarksAreIgnored() async throws {
        try await GatewayUnderTest.whileShared { gateway in
            let caller = try GatewayTwilioCaller.greeted(gateway)
            for name in ["", "g1", "g1.1.99999999999999999999", "g-1.1.1", "utt-7"] + caller.marks {
                try caller.returnMark(name, isPlayed: true)
            }
            #expect(try caller.asksAndIsAnswered())
            try caller.expectsUnharmed(gateway)
        }
    }

    /// Each piece of audio is followed by a mark, and no two marks have one name.
    private func expectMarksFollowAudio(_ caller: GatewayCaller) {
        #expect(Set(caller.marks).count == caller.marks.count)
        for (index, entry) in caller.entries.enumerated() where !entry.isMark {
            #expect(index + 1 < caller.entries.count && caller.entries[index + 1].isMark)
        }
    }

    /// No more than 400 ms wait at the carrier; 120 ms are the machine's.
    private func expectPace(_ caller: GatewayCaller) {
        var playedUntil = caller.times[0]
        for (entry, time) in zip(caller.entries, caller.times) {
            playedUntil = max(playedUntil, time)
                .advanced(by: .microseconds(entry.octets.count * 125))
            #expect(time.duration(to: playedUntil) <= .milliseconds(520))
        }
    }

    /// The events of one turn between a greeting and a key, with the ledger of DESIGN §5.
    private func expectStory(_ events: [GatewayEvent]) throws {
        let start = try #require(events.first)
        #expect(start.type == "call_started")
        #expect(start.data["carrier"] as? String == "twilio")
        #expect(start.data["from"] as? String == "+447700900123")
        #expect(start.data["to"] as? String == "+447700900000")
        #expect(start.data["language"] as? String == "en")
        let types = events.map(\.type).filter { $0 != "agent_speech" }
        #expect(
            types == [
                "call_started", "speech_started", "speech_ended", "transcript", "sentiment",
                "turn_completed",
                "dtmf", "quality", "call_ended",
            ])
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.seconds <= $1.seconds })
        let turn = try #require(events.first { $0.type == "turn_completed" }).data
        #expect(turn["user"] as? String == "what are your opening hours")
        #expect(turn["heard"] as? String == turn["agent"] as? String)
        #expect(turn["interrupted"] as? Bool == false)
        let stages = [
            "endpointing_ms", "stt_latency_ms", "llm_latency_ms", "chunking_ms", "tts_latency_ms",
            "send_ms",
        ].map { turn[$0] as? Double }
        #expect(stages.allSatisfy { ($0 ?? -1) >= 0 }, "\(turn)")
        let total = try #require(turn["total_latency_ms"] as? Double)
        #expect(abs(stages.reduce(0) { $0 + ($1 ?? 0) } - total) < 0.01)
        #expect((stages[0] ?? 0) >= 120)  // the pause that was configured
        let bridge = try #require(turn["bridge_ms"] as? Double)
        #expect((0...total).contains(bridge))
        #expect(try #require(turn["first_audio_heard_ms"] as? Double) >= total - 1)
        #expect(events.first { $0.type == "dtmf" }?.data["digit"] as? String == "5")
    }
}

extension GatewayCaller {
    /// Octets that came before the first `clear`.
    var octetsBeforeClear: Int {
        guard let clear = entries.firstIndex(of: .clear) else { return Int.max }
        return audioOctets - octets(from: clear)
    }
}

extension GatewayCaller.Entry {
    var markName: String? { if case .mark(let name) = self { name } else { nil } }
    var isMark: Bool { markName != nil }
    var octets: [UInt8] { if case .audio(let octets) = self { octets } else { [] } }
}
