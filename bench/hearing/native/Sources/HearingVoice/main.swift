// What bench/hearing/voice.py asks of the gateway's own voice detection:
//   HearingVoice probabilities WEIGHTS LIST    a line per detector for each WAV file of LIST
//   HearingVoice speed WEIGHTS WAV             a line of figures for each line of standard input
//   HearingVoice rule WEIGHTS -                the probabilities that begin speech and hold it
import Codecs
import Foundation
import Pipeline

func octets(of path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}

/// The whole 20 ms frames of a file, as the gateway gets them.
func frames(of path: String) throws -> [Int16] {
    let octets = try octets(of: path)
    let samples = try WAVFile.parse(octets.span).samples
    return Array(samples.prefix(samples.count / 160 * 160))
}

guard CommandLine.arguments.count == 4 else {
    print("usage: HearingVoice probabilities|speed|rule WEIGHTS LIST|WAV|-")
    exit(2)
}
let weights = try SileroWeights(SafetensorsFile(octets(of: CommandLine.arguments[2])))
let subject = CommandLine.arguments[3]

switch CommandLine.arguments[1] {
case "probabilities":
    let paths = try String(contentsOfFile: subject, encoding: .utf8).split(separator: "\n")
    for start in stride(from: 0, to: paths.count, by: VoiceListing.fileCount) {
        let end = min(start + VoiceListing.fileCount, paths.count)
        let files = try paths[start..<end].map { try frames(of: String($0)) }
        for line in VoiceListing(weights: weights).lines(for: files) { print(line) }
    }
case "speed":
    let pcm = try frames(of: subject)
    while let round = readLine() {
        var timer = VoiceTimer(weights: weights, pcm: pcm)
        print(timer.figures(of: round))
        fflush(nil)
    }
case "rule":
    let settings = SpeechActivity.Settings.neural
    print(settings.startThreshold, settings.holdThreshold)
default:
    print("there is no \(CommandLine.arguments[1])")
    exit(2)
}
