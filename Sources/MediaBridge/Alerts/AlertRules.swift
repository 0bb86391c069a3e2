internal import Events
internal import Pipeline

/// Which alerts hold, by what happens in calls and by gauges.
///
/// A pure machine: an alert fires once and resolves once, however often it is looked at meanwhile.
struct AlertRules: Sendable {
    /// What can go wrong; raw values are names on the wire and in `/metrics`.
    enum Rule: String, CaseIterable, Sendable {
        /// Callers wait too long for answers.
        case latency = "latency_over_budget"
        case errors = "error_rate"
        /// The chains shut a provider out; the subject is `stage/provider`.
        case providerDown = "provider_down"
        case cost = "cost_per_day"
        /// The subject is `packet_loss` or `late_frames`.
        case audioQuality = "audio_quality"
    }

    /// Thresholds; `nil` switches a rule off.
    struct Settings: Equatable, Sendable {
        /// How far rules look back.
        var window = Duration.seconds(300)
        /// Of the slowest turn in twenty, from the end of the caller's voice to the first audio.
        var latency: Duration? = .milliseconds(1_500)
        /// Fewer turns in the window prove nothing.
        var fewestTurns = 20
        /// Failures of engines and tools for each turn.
        var errorShare: Double? = 0.05
        var fewestErrors = 5
        /// How long a provider may be shut out.
        var providerDown: Duration? = .seconds(30)
        /// In millionths of the currency; a day is one of UTC.
        var costPerDayMicros: Int64?
        /// Of the carriers' frames.
        var lossShare: Double? = 0.02
        /// Of the media loops' 20 ms ticks.
        var lateShare: Double? = 0.01
        var fewestFrames = 1_000
        /// An alert that has fired stands for so long at least.
        var shortest = Duration.seconds(60)
        /// It resolves at this part of its threshold, so that a value near it does not flutter.
        var resolvesAt = 0.9

        init() {}
    }

    /// What is measured rather than told.
    struct Gauges: Equatable, Sendable {
        struct Provider: Equatable, Sendable {
            /// `stage/provider`.
            let name: String
            /// It is asked as usual.
            let isServing: Bool
        }

        var providers: [Provider] = []
        /// Since the start, of all media loops.
        var ticks = 0
        var lateTicks = 0
    }

    /// What one look has found.
    fileprivate struct Finding {
        let rule: Rule
        var subject: String?
        /// `nil`: there is too little to tell.
        let value: Double?
        let threshold: Double
        let text: String
        /// At its threshold and below it no longer holds; others resolve a little lower.
        var resolvesSharply = false
    }

    private struct Key: Hashable {
        let rule: Rule
        let subject: String?
    }

    private struct Sample<Value: Sendable>: Sendable {
        let time: MonotonicTime
        let value: Value
    }

    /// Turns, errors and calls remembered at most; the window of a busy gateway is shorter.
    private static let capacity = 20_000
    private static let microsPerUnit = 1_000_000.0

    let settings: Settings
    private var latencies: [Sample<Double>] = []
    private var turns: [Sample<Void>] = []
    private var errors: [Sample<Void>] = []
    private var frames: [Sample<(received: Int, lost: Int)>] = []
    private var ticks: [Sample<(all: Int, late: Int)>] = []
    private var downSince: [String: MonotonicTime] = [:]
    private var costs: (day: Int, micros: Int64) = (0, 0)
    /// What fires, since when.
    private var firing: [Key: MonotonicTime] = [:]

    init(_ settings: Settings) { self.settings = settings }

    /// Takes an event of a call.
    ///
    /// - Parameters:
    ///   - body: what happened.
    ///   - day: on which day of UTC, counted from 1970.
    ///   - now: never decreases.
    mutating func record(_ body: EventBody, onDay day: Int, at now: MonotonicTime) {
        switch body {
        case .turnCompleted(let turn):
            turns.append(.init(time: now, value: ()))
            if let total = turn.totalLatency { latencies.append(.init(time: now, value: total)) }
        case .error: errors.append(.init(time: now, value: ()))
        case .toolResult(let result) where !result.succeeded:
            errors.append(.init(time: now, value: ()))
        case .quality(let quality):
            frames.append(
                .init(time: now, value: (quality.framesReceived, quality.framesLost)))
        case .callEnded(let end):
            if let micros = end.costMicros { add(costMicros: micros, onDay: day) }
        default: break  // nothing else counts
        }
    }

    /// Adds what calls of a day have cost, also before the machine was made.
    mutating func add(costMicros: Int64, onDay day: Int) {
        if day > costs.day { costs = (day, 0) }
        if day == costs.day { costs.micros += costMicros }
    }

    /// Looks at everything.
    ///
    /// - Returns: what has begun or ended since the last look, in the order of the rules.
    mutating func judge(
        _ gauges: Gauges, onDay day: Int, at now: MonotonicTime
    ) -> [AlertRecord] {
        forget(before: now)
        ticks.append(.init(time: now, value: (gauges.ticks, gauges.lateTicks)))
        var findings: [Finding] = []
        findings += judgeLatency().map { [$0] } ?? []
        findings += judgeErrors().map { [$0] } ?? []
        findings += judgeProviders(gauges.providers, at: now)
        findings += judgeCost(onDay: day).map { [$0] } ?? []
        findings += judgeAudio()
        return findings.compactMap { settle($0, at: now) }
    }

    /// Rules that are switched on, and whether an alert of theirs fires.
    var states: [(rule: Rule, isFiring: Bool)] {
        Rule.allCases.filter(isOn).map { rule in
            (rule, firing.keys.contains { $0.rule == rule })
        }
    }

    private func isOn(_ rule: Rule) -> Bool {
        switch rule {
        case .latency: settings.latency != nil
        case .errors: settings.errorShare != nil
        case .providerDown: settings.providerDown != nil
        case .cost: settings.costPerDayMicros != nil
        case .audioQuality: settings.lossShare != nil || settings.lateShare != nil
        }
    }

    /// Compares a finding with what is known: fires, resolves, or leaves it.
    private mutating func settle(_ finding: Finding, at now: MonotonicTime) -> AlertRecord? {
        let key = Key(rule: finding.rule, subject: finding.subject)
        let isOver = finding.value.map { $0 > finding.threshold } ?? false
        guard let since = firing[key] else {
            guard isOver else { return nil }
            firing[key] = now
            return finding.alert(.firing)
        }
        let limit = finding.threshold * (finding.resolvesSharply ? 1 : settings.resolvesAt)
        let isWell = finding.value.map { $0 <= limit } ?? true
        guard isWell, since.duration(to: now) >= settings.shortest else { return nil }
        firing[key] = nil
        return finding.alert(.resolved)
    }

    private mutating func forget(before now: MonotonicTime) {
        let window = settings.window
        func trim<Value>(_ samples: inout [Sample<Value>]) {
            let old = samples.prefix { $0.time.duration(to: now) > window }.count
            samples.removeFirst(max(old, samples.count - Self.capacity))
        }
        trim(&latencies)
        trim(&turns)
        trim(&errors)
        trim(&frames)
        trim(&ticks)
    }
}

// MARK: The rules

extension AlertRules {
    private func judgeLatency() -> Finding? {
        guard let limit = settings.latency?.milliseconds else { return nil }
        let p95 =
            latencies.count >= settings.fewestTurns
            ? latencies.map(\.value).sorted()[(latencies.count * 95 - 1) / 100] : nil
        let text = p95.map {
            "one turn in twenty takes longer than \($0.seconds), \(limit.seconds) are wanted"
        }
        return Finding(
            rule: .latency, value: p95, threshold: limit,
            text: text ?? "there are too few turns to tell their latency")
    }

    private func judgeErrors() -> Finding? {
        guard let limit = settings.errorShare else { return nil }
        let share = Double(errors.count) / Double(max(1, turns.count))
        return Finding(
            rule: .errors, value: errors.count >= settings.fewestErrors ? share : nil,
            threshold: limit, text: "\(errors.count) failures in \(turns.count) turns")
    }

    private mutating func judgeProviders(
        _ providers: [Gauges.Provider], at now: MonotonicTime
    ) -> [Finding] {
        guard let limit = settings.providerDown else { return [] }
        return providers.map { provider in
            if provider.isServing {
                downSince[provider.name] = nil
            } else if downSince[provider.name] == nil {
                downSince[provider.name] = now
            }
            let down = downSince[provider.name]?.duration(to: now) ?? .zero
            return Finding(
                rule: .providerDown, subject: provider.name, value: down.milliseconds / 1_000,
                threshold: limit.milliseconds / 1_000,
                text: provider.isServing
                    ? "\(provider.name) serves again" : "\(provider.name) is shut out",
                resolvesSharply: true)
        }
    }

    private func judgeCost(onDay day: Int) -> Finding? {
        guard let limit = settings.costPerDayMicros else { return nil }
        let cost = Double(costs.day == day ? costs.micros : 0) / Self.microsPerUnit
        return Finding(
            rule: .cost, value: cost, threshold: Double(limit) / Self.microsPerUnit,
            text: "calls of today have cost \(cost.hundredths)", resolvesSharply: true)
    }

    private func judgeAudio() -> [Finding] {
        var findings: [Finding] = []
        if let limit = settings.lossShare {
            let received = frames.reduce(0) { $0 + $1.value.received }
            let lost = frames.reduce(0) { $0 + $1.value.lost }
            let share = Double(lost) / Double(max(1, received))
            findings.append(
                Finding(
                    rule: .audioQuality, subject: "packet_loss",
                    value: received >= settings.fewestFrames ? share : nil, threshold: limit,
                    text: "\((share * 100).hundredths) % of the callers' frames were lost"))
        }
        if let limit = settings.lateShare, let first = ticks.first, let last = ticks.last {
            let all = last.value.all - first.value.all
            let share = Double(last.value.late - first.value.late) / Double(max(1, all))
            findings.append(
                Finding(
                    rule: .audioQuality, subject: "late_frames",
                    value: all >= settings.fewestFrames ? share : nil, threshold: limit,
                    text: "\((share * 100).hundredths) % of the media loops' ticks were late"))
        }
        return findings
    }
}

extension AlertRules.Finding {
    fileprivate func alert(_ state: AlertRecord.State) -> AlertRecord {
        AlertRecord(
            rule: rule.rawValue, subject: subject, state: state, value: value,
            threshold: threshold, message: "\(state.rawValue): \(text)")
    }
}

extension Double {
    /// Milliseconds as people read them.
    fileprivate var seconds: String { "\((self / 1_000).hundredths) s" }
    fileprivate var hundredths: String { "\((self * 100).rounded() / 100)" }
}
