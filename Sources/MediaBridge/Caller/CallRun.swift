internal import Codecs
internal import Events
internal import Foundation
internal import Pipeline

/// One run of simulated calls: dials, follows the conversation, collects the figures.
final class CallRun {
    private let url: String
    private let plan: CallPlan
    private let client: GatewayClient?
    private let prints: Printer
    private var results: [CallerResult] = []

    init(url: String, plan: CallPlan, client: GatewayClient?, prints: Printer) {
        self.url = url
        self.plan = plan
        self.client = client
        self.prints = prints
    }

    /// Makes the calls and waits for their end.
    ///
    /// - Throws: `CallerError.connect` when no call came about.
    func make() async throws -> CallReport {
        raiseDescriptorLimit()
        let (ends, end) = AsyncStream.makeStream(of: CallerResult.self)
        let (starts, start) = AsyncStream.makeStream(of: String.self)
        var settings = EdgeSettings()
        settings.listens = false
        settings.trustsPublicRoots = plan.target.isSecure
        settings.limits.idleLimit = .seconds(600)
        let plan = plan
        let loop = try MediaLoop<CallerLoop>(
            index: 0, settings: settings, gate: AdmissionGate(maxCalls: 0)
        ) { services, _ in
            CallerLoop(services: services, plan: plan, started: start, results: end)
        }
        let follower = CallFollower(client: plan.calls == 1 ? client : nil, prints: prints)
        let watching = Task { await follower.follow(starts) }
        for await result in ends {
            results.append(result)
            if results.count == plan.calls { break }
        }
        loop.stop(drainLimit: .zero)
        await loop.ended()
        start.finish()
        await watching.value
        if let failure = results.first?.failure, results.allSatisfy({ $0.failure != nil }) {
            throw CallerError.connect(url, failure)
        }
        return await report()
    }

    /// Writes the first call as a stereo WAV file: left the caller, right the agent.
    ///
    /// - Returns: the path.
    func write(recording path: String) throws -> String {
        guard let call = results.first else { return path }
        let caller = Self.samples(call.callerAudio)
        let agent = Self.samples(call.agentAudio)
        let stereo = zip(caller, agent).flatMap { [$0, $1] }
        let file = WAVFile(samples: stereo, sampleRate: 8_000, channelCount: 2)
        try Data(file.serialize()).write(to: URL(fileURLWithPath: path))
        return path
    }

    private static func samples(_ octets: [UInt8]) -> [Int16] {
        var samples = [Int16](repeating: 0, count: octets.count)
        var span = samples.mutableSpan
        MuLaw.decode(octets.span, into: &span)
        return samples
    }

    private func report() async -> CallReport {
        var report = CallReport(
            url: url, calls: plan.calls, failedCalls: 0, problems: [], turns: [],
            interruptions: [], warnings: [:], recording: nil, hasGatewayFigures: false)
        for result in results.sorted(by: { $0.call < $1.call }) {
            if let failure = result.failure {
                report.failedCalls += 1
                report.problems.append("call \(result.call): \(failure)")
                continue
            }
            report.problems += result.problems
            for (code, count) in result.warnings {
                report.warnings[String(code), default: 0] += count
            }
            for said in result.observations where said.interrupts {
                report.interruptions.append(
                    .init(
                        call: result.call, recording: said.recording,
                        onsetToClear: said.onsetToClear.map(rounded), staleMarks: said.staleMarks,
                        earlyClears: said.earlyClears))
            }
            let records = await client?.turns(of: result.callSID)
            report.hasGatewayFigures = report.hasGatewayFigures || records != nil
            report.turns += Self.turns(result, records)
        }
        return report
    }

    /// Pairs what the gateway recorded with what the ear noticed, in order.
    ///
    /// When the gateway heard another number of turns than were said, the pairs are not known and
    /// the ear's figures are left out; a server that tells nothing gives the ear's figures alone.
    private static func turns(
        _ result: CallerResult, _ records: [TurnRecord]?
    ) -> [CallReport.Turn] {
        guard let records else {
            return result.observations.enumerated().map { index, said in
                let record = TurnRecord(turn: index + 1, user: said.text ?? said.recording)
                return .init(call: result.call, record: record, ear: said.earMilliseconds)
            }
        }
        let isPaired = records.count == result.observations.count
        return records.enumerated().map { index, record in
            let ear = isPaired ? result.observations[index].earMilliseconds : nil
            return .init(call: result.call, record: record, ear: ear)
        }
    }
}
