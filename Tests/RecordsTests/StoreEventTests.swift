import Events
import Foundation
import GRDB
import Records
import Testing

@Test func seqGoesOnWithoutAGapInEveryCall() async throws {
    try await withStore { store, _ in
        let first = try await store.append(
            [call("a", [begun("CA1"), digit()]), call("b", [begun("CA2")])], at: moment())
        #expect(first.events.map(\.event.callID) == ["a", "a", "b"])
        #expect(first.events.map(\.event.seq) == [1, 2, 1])
        #expect(first.events.map(\.position) == [1, 2, 3])
        let second = try await store.append(
            [call("b", [digit()]), call("a", [digit("2"), over(at: 9)])], at: moment(1))
        #expect(second.events.map(\.event.seq) == [2, 3, 4])
        #expect(try await store.latestPosition() == 6)

        let page = try #require(await store.events(of: "a", after: 1, limit: 10))
        #expect(page.events == [first.events[1].event] + second.events[1...].map(\.event))
        #expect(page.next == 4)
        #expect(page.ended)
        let carrier = try #require(await store.events(of: "CA2", after: 0, limit: 1))
        #expect(carrier.events.map(\.seq) == [1])
        #expect(!carrier.ended)
        #expect(try await store.events(of: "c", after: 0, limit: 10) == nil)
    }
}

@Test func aRefusedCallKeepsNothingAndOthersAreKept() async throws {
    try await withStore { store, _ in
        let outcome = try await store.append(
            [
                call("a", [digit(), digit()]), call("b", [begun("CA2")]),
                call("b", [begun("CA2"), digit()]),
            ], at: moment())
        #expect(
            outcome.refused == [.callNotStarted(callID: "a"), .callStartedTwice(callID: "b")])
        #expect(outcome.events.map(\.event.callID) == ["b"])
        #expect(try await store.call("a") == nil)
    }
}

@Test func whatFollowsFromEventsIsKeptWithThem() async throws {
    try await withStore { store, _ in
        var first = turn(1, stt: 80, llm: 300, tts: 120, total: 900, heard: "hola, le ayudo")
        first.interrupted = true
        _ = try await store.append(
            [
                call(
                    "a",
                    [
                        begun("CA1", direction: "outbound"), answered("¿Dígame?", turn: 0),
                        said("quiero", isFinal: false), said("quiero una cita"),
                        asked("book_appointment", arguments: #"{"day":"lunes"}"#, at: 2),
                        told("book_appointment", "no", succeeded: false, milliseconds: 40, at: 3),
                        answered("hola, le ayudo"), answered("y más"), completed(first, at: 5),
                        entry(
                            .interruption(
                                Interruption(
                                    turn: 1, heard: "hola, le ayudo", onsetToClearMilliseconds: 90)),
                            at: 5),
                        entry(.error(ErrorRecord(stage: "tts", errorMessage: "stalled")), at: 6),
                    ])
            ], at: moment())
        let live = try #require(await store.call("CA1"))
        #expect(live.summary.status == .live)
        #expect(live.summary.durationSeconds == 6)
        #expect(live.summary.turnsCount == 1)
        #expect(live.summary.interruptionsCount == 1)
        #expect(live.direction == .outbound)
        #expect((live.toolCallsCount, live.toolErrorsCount, live.errorsCount) == (1, 1, 1))
        #expect(live.conversationID == "a")
        #expect(try await store.turns(of: "a") == [first])
        let log = try #require(await store.toolLogs(of: "a").first)
        #expect(log.arguments == #"{"day":"lunes"}"#)
        #expect((log.success, log.errorMessage, log.result) == (false, "no", nil))
        #expect(log.durationMilliseconds == 40)
        #expect(log.started == moment(2))

        _ = try await store.append([call("a", [over(at: 7.5, costMicros: 12_500)])], at: moment(8))
        let ended = try #require(await store.call("a"))
        #expect(ended.summary.status == .ended)
        #expect(ended.summary.ended == moment(7.5))
        #expect(ended.summary.durationSeconds == 7.5)
        #expect((ended.costMicros, ended.currency) == (12_500, "USD"))
        let conversation = try #require(await store.conversation("a"))
        #expect(
            conversation.transcript == """
                ai: ¿Dígame?
                user: quiero una cita
                ai: hola, le ayudo
                """)
        #expect(conversation.cost == 0.0125)
        #expect(conversation.twilioCallSID == "CA1")
        // We called them: the other side is `to`.
        #expect(conversation.phoneNumber == "+34910000000")
        #expect(conversation.status == "ended")
    }
}

/// Local models call every tool `call_0`: a result belongs to the use that is open.
@Test func toolResultsFindTheirUse() async throws {
    try await withStore { store, _ in
        _ = try await store.append(
            [
                call(
                    "a",
                    [
                        begun(), asked("find", id: "call_0", at: 1),
                        told("find", id: "call_0", "one", at: 1.2),
                        asked("find", id: "call_0", at: 2),
                        told("find", id: "call_0", "two", at: 2.2),
                        told("lost", id: "call_9", "three", milliseconds: 500, at: 3),
                    ])
            ], at: moment())
        let logs = try await store.toolLogs(of: "a")
        #expect(logs.map(\.result) == ["one", "two", "three"])
        #expect(logs.map(\.started) == [moment(1), moment(2), moment(2.5)])
        #expect(try await store.judge(toolLog: logs[0].id, .notHelpful, correctionApplied: true))
        let judged = try await store.toolLogs(of: "a")
        #expect(judged[0].userFeedback == .notHelpful)
        #expect(judged[0].correctionApplied)
        #expect(try await !store.judge(toolLog: "nobody", .helpful, correctionApplied: false))
    }
}

@Test func abandonedCallsAreClosedAsInterrupted() async throws {
    try await withStore { store, _ in
        _ = try await store.append(
            [
                call("a", [begun("CA1"), completed(turn(1), at: 4)]),
                call("b", [begun("CA2"), over(at: 2)]),
                call("v", [begun("V1", carrier: "vapi")]),
            ], at: moment())
        let ends = try await store.closeInterrupted(at: moment(60))
        #expect(ends.map(\.event.callID) == ["a"])
        #expect(ends.map(\.event.seq) == [3])
        #expect(ends.first?.event.time == moment(4))
        #expect(
            ends.first?.event.body
                == .callEnded(
                    CallEnded(
                        reason: "interrupted", durationSeconds: 4, turns: 1, interruptions: 0)))
        let closed = try #require(await store.call("a"))
        #expect(closed.summary.status == .interrupted)
        #expect(closed.summary.endReason == "interrupted")
        #expect(try await store.openCalls().map(\.summary.id) == ["v"])
        #expect(try await store.closeInterrupted(at: moment(61)).isEmpty)
    }
}

@Test func listsOfCallsArePagedAndFiltered() async throws {
    try await withStore { store, _ in
        for number in 1...7 {
            let start = Double(number / 2) * 60  // two at the same time
            _ = try await store.append(
                [
                    call(
                        "c\(number)",
                        [
                            begun("CA\(number)", from: "+3460000000\(number)", at: start),
                            over(at: start + 5),
                        ])
                ], at: moment(start))
        }
        var ids: [String] = []
        var cursor: String?
        repeat {
            let page = try await store.calls(
                matching: CallFilter(), page: PageRequest(limit: 2, cursor: cursor))
            ids += page.records.map(\.summary.id)
            cursor = page.next
        } while cursor != nil
        #expect(ids == ["c7", "c6", "c5", "c4", "c3", "c2", "c1"])

        var filter = CallFilter()
        filter.from = moment(60)
        filter.to = moment(180)
        #expect(try await found(filter, in: store) == ["c5", "c4", "c3", "c2"])
        filter.number = "+34600000004"
        #expect(try await found(filter, in: store) == ["c4"])
        filter.status = .live
        #expect(try await found(filter, in: store) == [])
        filter = CallFilter()
        filter.direction = .outbound
        #expect(try await found(filter, in: store) == [])
        // What users send is a value and never SQL.
        filter = CallFilter()
        filter.number = "' OR 1=1 --"
        #expect(try await found(filter, in: store) == [])
        let strange = PageRequest(limit: 1, cursor: "%%%")
        #expect(
            try await store.calls(matching: CallFilter(), page: strange).records.map(\.summary.id)
                == ["c7"])
    }
}

private func found(_ filter: CallFilter, in store: SQLiteStore) async throws -> [String] {
    try await store.calls(matching: filter, page: PageRequest()).records.map(\.summary.id)
}

@Test func whatNoEventTellsIsNotedToo() async throws {
    try await withStore { store, _ in
        _ = try await store.append([call("a", [begun(), completed(turn(1))])], at: moment())
        let changes: [CallChange] = [
            .sentiment(.frustrated), .intervened, .intervened, .liveTranscript(enabled: true),
            .recording("recordings/a.wav"), .cost(micros: 2_000_000, currency: "EUR"),
            .turnSentiment(turn: 1, score: -0.7),
        ]
        for change in changes { #expect(try await store.update("a", change)) }
        let record = try #require(await store.call("a"))
        #expect(record.userSentiment == .frustrated)
        #expect(record.interventionCount == 2)
        #expect(record.liveTranscriptEnabled)
        #expect(record.recording == "recordings/a.wav")
        #expect(record.costMicros == 2_000_000)
        #expect(try await store.conversation("a")?.cost == 2)
        #expect(try await store.metrics(ofConversation: "a")?.figures.sentimentScore == -0.7)
        for change in changes { #expect(try await !store.update("b", change)) }
    }
}

@Test func callsOfOneConversationAddUp() async throws {
    try await withStore { store, _ in
        let begun = try await store.create(NewConversation(userID: "ana"), at: moment())
        for (number, words) in ["hola", "sigo aquí"].enumerated() {
            let start = CallStarted(
                carrier: "audio", carrierCallID: "S\(number)", language: "es",
                conversationID: begun.id)
            _ = try await store.append(
                [
                    call(
                        "c\(number)",
                        [
                            entry(.callStarted(start), at: Double(number) * 60), said(words),
                            completed(turn(1, total: 100)), over(at: 20, costMicros: 250_000),
                        ])
                ], at: moment())
        }
        let conversation = try #require(await store.conversation(begun.id))
        #expect(conversation.userID == "ana")
        #expect(conversation.transcript == "user: hola\nuser: sigo aquí")
        #expect((conversation.durationSeconds, conversation.cost) == (40, 0.5))
        #expect(try await store.call("c1")?.conversationID == begun.id)
        #expect(try await store.metrics(ofConversation: begun.id)?.figures.totalTurns == 2)
        #expect(
            try await store.events(
                in: .conversation(begun.id), after: 0, upTo: 99, limit: 99
            ).map(\.event.callID) == Array(repeating: "c0", count: 4)
                + Array(repeating: "c1", count: 4))
        #expect(try await store.conversation("c0") == nil)
    }
}
