import Codecs
import Foundation
import Pipeline

/// A telephone line that returns the agent's voice, made from the fixtures.
enum EchoLine {
    struct Heard {
        /// When `SpeechActivity` decided that speech had started, in milliseconds.
        var onsets: [Int] = []
        var delayMilliseconds: Int?
        var returnLossDecibels: Float?
    }

    /// −23 dBov while they speak, as prompts and callers are on a line.
    private static let activeLevel: Float = 2_300
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "audio-fixtures/speech")

    /// Five seconds of prompts, through µ-law.
    static func agent(seed: UInt64) throws -> [Int16] {
        let prompts = try load { $0.hasPrefix("prompt-") }
        var random = SeededGenerator(seed: seed)
        var result: [Int16] = []
        while result.count < 40_000 {
            result += prompts[Int.random(in: 0..<prompts.count, using: &random)]
        }
        return throughMuLaw(result)
    }

    /// What callers say.
    static func callers() throws -> [[Int16]] {
        try load { $0.hasPrefix("spoken-") && !$0.contains("backchannel") }
    }

    /// The quietest line there is.
    static func silence(milliseconds: Int) -> [Int16] {
        var line = SeededGenerator(seed: 1)
        return (0..<milliseconds * 8).map { _ in Int16.random(in: -6...6, using: &line) }
    }

    /// The line while the agent speaks from `startingAt` milliseconds on, and two seconds more.
    static func echo(
        of agent: [Int16], _ line: EchoEstimatorTests.Line, startingAt start: Int
    ) -> [Int16] {
        var inbound = silence(milliseconds: agent.count / 8 + 2_000)
        // A hybrid's response: 4 ms, decaying, of the energy that the loss leaves.
        var random = SeededGenerator(seed: UInt64(line.delayMilliseconds))
        var response = (0..<32).map {
            Float.random(in: -1...1, using: &random) * exp(-Float($0) / 8)
        }
        let energy = response.reduce(0) { $0 + $1 * $1 }
        let gain = pow(10, -line.lossDecibels / 20) / energy.squareRoot()
        for index in response.indices { response[index] *= gain }
        let first = (start + line.delayMilliseconds) * 8
        for index in agent.indices where first + index < inbound.count {
            var sum: Float = 0
            for tap in 0..<min(response.count, index + 1) {
                sum += response[tap] * Float(agent[index - tap])
            }
            inbound[first + index] += Int16(sum)
        }
        return throughMuLaw(inbound)
    }

    static func add(_ voice: [Int16], to line: inout [Int16], at milliseconds: Int) {
        for index in voice.indices where milliseconds * 8 + index < line.count {
            let sum = Int(line[milliseconds * 8 + index]) + Int(voice[index])
            line[milliseconds * 8 + index] = Int16(clamping: sum)
        }
        line = throughMuLaw(line)
    }

    /// Hears the line frame by frame while the agent's audio is sent as `Playout` sends it.
    static func hear(_ line: [Int16], while agent: [Int16], startsAt start: Int) -> Heard {
        var detector = EnergyDetector()
        var activity = SpeechActivity()
        var estimator = EchoEstimator()
        var sent = 0
        var heard = Heard()
        for frame in 0..<line.count / 160 {
            let played = (frame * 20 - start) * 8
            if played >= 0, sent < agent.count, sent - played < 1_600 {
                let end = min(agent.count, played + 3_200)
                estimator.send(agent.span.extracting(sent..<end))
                sent = end
            }
            let span = line.span.extracting(frame * 160..<frame * 160 + 160)
            estimator.hear(span)
            let probability = estimator.adjusted(detector.speechProbability(in: span))
            let now = MonotonicTime(sinceStart: .milliseconds(frame * 20 + 20))
            if case .started = activity.hear(probability, lasting: .milliseconds(20), at: now) {
                heard.onsets.append(frame * 20 + 20)
            }
        }
        heard.delayMilliseconds = estimator.delayMilliseconds
        heard.returnLossDecibels = estimator.returnLossDecibels
        return heard
    }

    private static func load(_ isWanted: (String) -> Bool) throws -> [[Int16]] {
        var result: [[Int16]] = []
        for language in ["en", "es"] {
            let names = try FileManager.default.contentsOfDirectory(
                atPath: folder.appending(path: language).path(percentEncoded: false))
            for name in names.sorted() where isWanted(name) {
                let data = try Data(contentsOf: folder.appending(path: "\(language)/\(name)"))
                result.append(leveled(try WAVFile.parse([UInt8](data).span).channel(0)))
            }
        }
        return result
    }

    /// At the active level: the mean power of frames that are within 30 dB of the loudest.
    private static func leveled(_ pcm: [Int16]) -> [Int16] {
        let powers = stride(from: 0, to: pcm.count - 159, by: 160).map { start in
            pcm[start..<start + 160].reduce(Float(0)) { $0 + Float($1) * Float($1) } / 160
        }
        let active = powers.filter { $0 > (powers.max() ?? 0) / 1_000 }
        let level = (active.reduce(0, +) / Float(max(1, active.count))).squareRoot()
        return pcm.map { Int16(clamping: Int(Float($0) * activeLevel / max(level, 1))) }
    }

    private static func throughMuLaw(_ pcm: [Int16]) -> [Int16] {
        var octets = [UInt8](repeating: 0, count: pcm.count)
        var octetSpan = octets.mutableSpan
        MuLaw.encode(pcm.span, into: &octetSpan)
        var result = [Int16](repeating: 0, count: pcm.count)
        var span = result.mutableSpan
        MuLaw.decode(octets.span, into: &span)
        return result
    }
}
