internal import Events

/// What a run of a call comes to, to hold runs against each other.
package struct ReplayFigures: Equatable, Sendable, Codable {
    /// Turns the agent answered or owed an answer to.
    package var turns = 0
    /// Turns ended while the caller was not done: they went on before a word of the answer was sent.
    package var reopened = 0
    /// Answers cut within 1.5 s of the turn's end: the caller was most likely not done either.
    package var cutAtOnce = 0
    /// The caller took the floor from the agent.
    package var interruptions = 0
    /// Pauses of the answer that were taken back.
    package var resumed = 0
    /// Questions to the model before the turn was over, and those of them asked in vain.
    package var speculations = 0
    package var wastedSpeculations = 0
    /// Words of the caller in those turns.
    package var words = 0
    package var isTransferred = false
    /// Mean from the end of the caller's voice to the end of the turn.
    package var endpointingMilliseconds: Double?
    /// Mean from the end of the caller's voice to the first audio of the answer.
    package var totalMilliseconds: Double?
    /// Results of engines that no record holds (`RecordedEngines`).
    package var standIns = 0

    /// Turns cut off.
    package var cutOffs: Int { reopened + cutAtOnce }

    package init(_ log: DecisionLog, standIns: Int = 0) {
        self.standIns = standIns
        var endpointing: [Double] = []
        var total: [Double] = []
        var phase = Conversation.Phase.idle
        var turnEnd: MonotonicTime?
        var pausedAt: MonotonicTime?
        var speculated: Int?
        var isTranscribed = false
        for entry in log.entries {
            switch entry.decision {
            case .phase(let next):
                if phase == .processing, next == .userSpeaking { reopened += 1 }
                if phase == .interrupted, next == .agentSpeaking { resumed += 1 }
                if next == .interrupted { pausedAt = entry.time }
                if next == .processing { turnEnd = entry.time }
                phase = next
                isTranscribed = false
            case .action(.emit(.turnCompleted(let turn))):
                turns += 1
                words += turn.user.split(separator: " ").count
                if let value = turn.endpointing { endpointing.append(value) }
                if let value = turn.totalLatency { total.append(value) }
            case .action(.emit(.interruption)):
                interruptions += 1
                if let turnEnd, let pausedAt, turnEnd < pausedAt,
                    turnEnd.duration(to: pausedAt) < .milliseconds(1_500)
                {
                    cutAtOnce += 1
                }
            case .action(.transfer): isTransferred = true
            case .action(.emit(.transcript(let transcript))) where transcript.isFinal:
                isTranscribed = true
            // A turn that is typed is over, known and asked about at once.
            case .action(.askModel(_, let generation)) where phase == .userSpeaking:
                guard !isTranscribed else { break }
                speculations += 1
                speculated = generation
            case .action(.cancelAnswer(let generation)) where generation == speculated:
                wastedSpeculations += 1
                speculated = nil
            case .action(.speak), .action(.speakByFace), .action(.runTool): speculated = nil
            case .action: break
            }
        }
        endpointingMilliseconds = Self.mean(endpointing)
        totalMilliseconds = Self.mean(total)
    }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}

/// Runs side by side, one column each.
package struct ReplayComparison: Sendable {
    package let columns: [(title: String, figures: ReplayFigures)]

    package init(columns: [(title: String, figures: ReplayFigures)]) { self.columns = columns }

    package var table: String {
        let rows: [(String, (ReplayFigures) -> String)] = [
            ("turns", { "\($0.turns)" }),
            ("cut-offs", { "\($0.cutOffs)" }),
            ("  reopened", { "\($0.reopened)" }),
            ("  answer cut at once", { "\($0.cutAtOnce)" }),
            ("endpointing, mean ms", { Self.text($0.endpointingMilliseconds) }),
            ("to first audio, mean ms", { Self.text($0.totalMilliseconds) }),
            ("interruptions", { "\($0.interruptions)" }),
            ("pauses taken back", { "\($0.resumed)" }),
            ("asked ahead", { "\($0.speculations)" }),
            ("  in vain", { "\($0.wastedSpeculations)" }),
            ("caller's words", { "\($0.words)" }),
            ("handed to a human", { $0.isTransferred ? "yes" : "no" }),
            ("results stood in for", { "\($0.standIns)" }),
        ]
        let titles = columns.map(\.title)
        let nameWidth = rows.map(\.0.count).max() ?? 0
        let widths = titles.map { max($0.count, 8) }
        var lines = [Self.line("", titles, nameWidth, widths)]
        for (name, value) in rows {
            lines.append(Self.line(name, columns.map { value($0.figures) }, nameWidth, widths))
        }
        return lines.joined(separator: "\n")
    }

    private static func line(
        _ name: String, _ values: [String], _ nameWidth: Int, _ widths: [Int]
    ) -> String {
        var line = name + String(repeating: " ", count: nameWidth - name.count)
        for (value, width) in zip(values, widths) {
            line += "  " + String(repeating: " ", count: max(0, width - value.count)) + value
        }
        return line
    }

    private static func text(_ milliseconds: Double?) -> String {
        milliseconds.map { "\(Int($0.rounded()))" } ?? "–"
    }
}
