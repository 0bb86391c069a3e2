internal import ArgumentParser
internal import Events
internal import Foundation
internal import Pipeline

/// `mediabridge replay`: a recorded call again, as it was or with other settings.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Runs a recorded call again, with its own settings or with others.",
        discussion: """
            Calls are recorded into flightDirectory. Without --set the replay decides exactly as \
            the call did; with it, engines answer as they did in the record as far as that fits. \
            Names for --set: \(ConversationSetting.all.map(\.name).joined(separator: ", ")); \
            \(ConversationSetting.aliases.keys.sorted().joined(separator: " and ")) are short for \
            two of them.

            --tune searches \(ReplayTuning.grid.map(\.name).joined(separator: ", ")) over all \
            records of a folder for the least cost: seconds of endpointing, 2 s a turn cut off, \
            0.5 s a pause taken back, 1 s a word lost.

            --wav makes a stereo recording of a call whose record holds audio (recordAudio, with \
            consent): left the caller as heard, right the agent as played, on the caller's clock; \
            OUT.wav.json beside it tells the drift of that clock in ppm.
            """)

    @Argument(help: "A flight record.")
    var file: String?

    @Option(help: "A setting to try, as name=value; may be given several times.")
    var set: [String] = []

    @Option(help: "A folder of flight records to find the best settings for.")
    var tune: String?

    @Option(help: "Write a stereo recording here: left the caller, right the agent.")
    var wav: String?

    @Flag(help: "Print every decision with its time, and nothing else.")
    var decisions = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (file == nil) != (tune == nil) else {
            throw ValidationError("Name one flight record, or a folder with --tune.")
        }
        guard tune == nil || (set.isEmpty && !decisions && wav == nil) else {
            throw ValidationError(
                "--tune tries settings of its own, prints no decisions and writes no recording.")
        }
        var settings = ConversationSettings(language: .english, octetsPerSecond: 8_000)
        try apply(to: &settings)
    }

    func run() async throws {
        if let tune { return try ReplayTuningReport(folder: tune).print(asJSON: json) }
        guard let file else { return }
        let record = try FlightRecord(file: file)
        if let wav { try export(record, to: wav) }
        var changed: ConversationSettings?
        if !set.isEmpty {
            var settings = record.call.settings
            try apply(to: &settings)
            changed = settings
        }
        if decisions {
            let log = changed.map { WhatIf(record).run(settings: $0).log } ?? Replay(record).run()
            return print(log.text, terminator: "")
        }
        ReplayReport(record, changed: changed, changes: set.joined(separator: " "))
            .print(asJSON: json)
    }

    private func export(_ record: FlightRecord, to path: String) throws {
        let export: RecordingExport
        do throws(StereoRecordingError) {
            export = try RecordingExport(record)
        } catch {
            throw ValidationError("There is no recording in this record: \(error).")
        }
        guard export.write(to: path) else { throw ValidationError("Cannot write \(path).") }
    }

    private func apply(to settings: inout ConversationSettings) throws {
        for change in set {
            guard let equals = change.firstIndex(of: "=") else {
                throw ValidationError("--set takes name=value, not \"\(change)\".")
            }
            let name = String(change[..<equals])
            do {
                let setting = try ConversationSetting(named: name)
                try setting.set(String(change[change.index(after: equals)...]), in: &settings)
            } catch {
                throw ValidationError(error.text)
            }
        }
    }
}

extension ConversationSetting.SettingError {
    fileprivate var text: String {
        switch self {
        case .unknown(let name):
            "There is no setting \"\(name)\"; there are "
                + ConversationSetting.all.map(\.name).joined(separator: ", ") + "."
        case .value(let name, let value, let wanted):
            "The setting \(name) is \"\(value)\"; it takes \(wanted)."
        }
    }
}

extension FlightRecord {
    /// Reads a file.
    ///
    /// - Throws: when it cannot be read, or is no flight record.
    init(file: String) throws {
        let octets: [UInt8]
        do {
            octets = Array(try Data(contentsOf: URL(filePath: file)))
        } catch {
            throw ValidationError("Cannot read \(file): \(error.localizedDescription)")
        }
        do {
            try self.init(reading: octets)
        } catch {
            throw ValidationError("\(file) is no flight record this program reads: \(error)")
        }
    }
}
