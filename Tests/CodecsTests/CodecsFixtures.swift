import Foundation
import Testing

private let fixtures = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "audio-fixtures")

/// The rows of a golden table in `audio-fixtures/vectors`, split at spaces.
func vectorRows(_ name: String) throws -> [[Substring]] {
    let url = fixtures.appending(path: "vectors/\(name)")
    let text = try String(contentsOf: url, encoding: .utf8)
    return text.split(separator: "\n").map { $0.split(separator: " ") }
}

/// A golden file of `audio-fixtures/vectors` as it is.
func vectorOctets(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: fixtures.appending(path: "vectors/\(name)")))
}

/// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers from the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func octets(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

/// A sine of `amplitude` at `frequency` hertz.
func sine(_ frequency: Double, rate: Int, count: Int, amplitude: Double = 16_000) -> [Int16] {
    (0..<count).map { index in
        Int16((amplitude * sin(2 * .pi * frequency * Double(index) / Double(rate))).rounded())
    }
}

/// Speech-like audio: a gliding voice with formant-weighted harmonics, in syllables of 180 ms with
/// 60 ms between them.
func voice(rate: Int, seconds: Double) -> [Int16] {
    let weights = (1...24).map { harmonic in
        let frequency = 130 * Double(harmonic)
        return exp(-pow((frequency - 600) / 250, 2)) + exp(-pow((frequency - 1_400) / 300, 2)) / 2
            + exp(-pow((frequency - 2_500) / 400, 2)) / 4
    }
    var phase = 0.0
    return (0..<Int(seconds * Double(rate))).map { index in
        let time = Double(index) / Double(rate)
        phase += 2 * .pi * (130 + 15 * sin(2 * .pi * 0.7 * time)) / Double(rate)
        let place = time.truncatingRemainder(dividingBy: 0.24)
        guard place < 0.18 else { return 0 }
        var sample = 0.0
        for index in weights.indices { sample += weights[index] * sin(phase * Double(index + 1)) }
        return Int16((4_000 * sample * sin(.pi * place / 0.18)).rounded())
    }
}

/// Signal over difference in decibels.
func signalToNoise(_ signal: some Sequence<Int16>, _ other: some Sequence<Int16>) -> Double {
    var energy = 0.0
    var noise = 0.0
    for (left, right) in zip(signal, other) {
        energy += Double(left) * Double(left)
        let difference = Double(left) - Double(right)
        noise += difference * difference
    }
    return 10 * log10(energy / max(noise, 1))
}
