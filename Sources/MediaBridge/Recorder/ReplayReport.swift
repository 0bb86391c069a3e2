internal import Events
internal import Foundation
internal import Pipeline

/// What `mediabridge replay FILE` tells.
struct ReplayReport: Encodable {
    struct Column: Encodable {
        let title: String
        let figures: ReplayFigures
    }

    let callID: String
    let seconds: Double
    /// Everything that happened in the call is in the record.
    let isComplete: Bool
    /// Why the record could not be read to its end.
    let fault: String?
    /// The replay decided as the live call did; `nil`: the record does not tell.
    let isIdentical: Bool?
    /// How much faster than the call the replay ran.
    let speed: Double
    /// How fast the caller's media clock was against ours.
    let clockDriftPPM: Double?
    let turns: [TurnRecord]
    let columns: [Column]

    init(_ record: FlightRecord, changed: ConversationSettings?, changes: String) {
        let replay = Replay(record)
        var log = DecisionLog()
        let took = ContinuousClock().measure { log = replay.run() }
        callID = record.call.callID
        seconds = record.length.milliseconds / 1_000
        isComplete = record.isComplete
        fault = record.fault.map { "\($0)" }
        isIdentical = replay.isFaithful(log)
        speed = took > .zero ? record.length / took : 0
        clockDriftPPM = ClockDrift(record).partsPerMillion
        turns = log.entries.compactMap { entry in
            if case .action(.emit(.turnCompleted(let turn))) = entry.decision { turn } else { nil }
        }
        var columns = [Column(title: "recorded", figures: ReplayFigures(log))]
        if let changed {
            let whatIf = WhatIf(record)
            for (title, settings) in [("own, modelled", record.call.settings), (changes, changed)] {
                let outcome = whatIf.run(settings: settings)
                columns.append(
                    Column(
                        title: title,
                        figures: ReplayFigures(outcome.log, standIns: outcome.standIns)))
            }
        }
        self.columns = columns
    }

    func print(asJSON: Bool) {
        Swift.print(asJSON ? replayJSON(self) : table)
    }

    var table: String {
        var lines = ["call \(callID), \(Self.text(seconds)) s, replayed \(Int(speed))× as fast"]
        let verdict =
            switch isIdentical {
            case true?: "decisions: the live call's, every one"
            case false?: "decisions: NOT the live call's; this program decides otherwise"
            case nil: "decisions: the record does not tell the live call's"
            }
        lines.append(verdict)
        if let fault { lines.append("the record is read up to a fault: \(fault)") }
        if !isComplete { lines.append("the record is not complete") }
        if let clockDriftPPM {
            lines.append("the caller's clock against ours: \(Self.text(clockDriftPPM)) ppm")
        }
        lines.append("")
        for turn in turns { lines += Self.ledger(turn) }
        lines.append(
            ReplayComparison(columns: columns.map { ($0.title, $0.figures) }).table)
        return lines.joined(separator: "\n")
    }

    private static func ledger(_ turn: TurnRecord) -> [String] {
        let stages: [(String, Double?)] = [
            ("endpointing", turn.endpointing), ("stt", turn.sttLatency), ("llm", turn.llmLatency),
            ("chunking", turn.chunking), ("tts", turn.ttsLatency), ("send", turn.send),
            ("total", turn.totalLatency), ("bridge", turn.bridge),
        ]
        let figures = stages.compactMap { name, value in
            value.map { "\(name) \(text($0))" }
        }
        return [
            "\(turn.turn). caller  \(turn.user)",
            "   agent   \(turn.heard)\(turn.interrupted ? " – cut" : "")",
            "   ms      \(figures.joined(separator: "  "))", "",
        ]
    }

    private static func text(_ number: Double) -> String {
        "\((number * 10).rounded() / 10)"
    }
}

/// What `mediabridge replay --tune DIR` tells.
struct ReplayTuningReport: Encodable {
    struct Row: Encodable {
        let settings: [String: String]
        let cost: Double
        let turns: Int
        let cutOffs: Int
        let endpointingMilliseconds: Double
        let interruptions: Int
        let resumed: Int
        let wordsLost: Int

        init(_ choice: ReplayTuning.Choice) {
            settings = Dictionary(
                choice.settings.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }
            )
            cost = choice.cost
            turns = choice.turns
            cutOffs = choice.cutOffs
            endpointingMilliseconds = choice.endpointingMilliseconds
            interruptions = choice.interruptions
            resumed = choice.resumed
            wordsLost = choice.wordsLost
        }
    }

    private static let shown = 5

    let calls: Int
    /// Records that could not be read.
    let skipped: [String]
    let own: Row?
    /// The best first.
    let best: [Row]

    init(folder: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(FlightFiles.suffix) }.sorted()
        var records: [FlightRecord] = []
        var skipped: [String] = []
        for name in names {
            let url = URL(filePath: folder).appending(path: name)
            do {
                records.append(try FlightRecord(file: url.path(percentEncoded: false)))
            } catch {
                skipped.append(name)
            }
        }
        let choices = try ReplayTuning.search(records)
        calls = records.count
        self.skipped = skipped
        own = choices.first { $0.settings.isEmpty }.map(Row.init)
        best = choices.filter { !$0.settings.isEmpty }.prefix(Self.shown).map(Row.init)
    }

    func print(asJSON: Bool) {
        Swift.print(asJSON ? replayJSON(self) : table)
    }

    var table: String {
        var lines = ["\(calls) calls" + (skipped.isEmpty ? "" : ", \(skipped.count) not readable")]
        lines.append(
            "cost s  turns  cut off  endpointing ms  interruptions  taken back  words lost")
        if let own { lines.append(Self.line(own) + "  the calls' own settings") }
        for row in best {
            let settings = row.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            lines.append(Self.line(row) + "  " + settings.joined(separator: " "))
        }
        return lines.joined(separator: "\n")
    }

    private static func line(_ row: Row) -> String {
        let values = [
            (String((row.cost * 100).rounded() / 100), 6), ("\(row.turns)", 5),
            ("\(row.cutOffs)", 7), ("\(Int(row.endpointingMilliseconds.rounded()))", 14),
            ("\(row.interruptions)", 13), ("\(row.resumed)", 10), ("\(row.wordsLost)", 10),
        ]
        return values.map { text, width in
            String(repeating: " ", count: max(0, width - text.count)) + text
        }.joined(separator: "  ")
    }
}

func replayJSON(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
}
