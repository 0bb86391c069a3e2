internal import Codecs
internal import Foundation
internal import Pipeline

/// What `mediabridge replay FILE --wav OUT.wav` writes: stereo audio, and beside it what it is.
struct RecordingExport {
    /// `OUT.wav.json`.
    private struct Description: Encodable {
        let callID: String
        /// Wall clock in seconds since 1970.
        let startedAt: Double
        let left = "caller, as heard"
        let right = "agent, as played"
        let samplesPerSecond = StereoRecording.rate.rawValue
        let seconds: Double
        /// Silence before the caller's first sample, while the agent spoke already.
        let leadInSeconds: Double
        let clockDriftPPM: Double?
        /// The right channel is what the live call decided; `nil`: the record does not tell.
        let isIdentical: Bool?
    }

    private let recording: StereoRecording
    private let description: Description

    /// - Throws: `StereoRecordingError`.
    init(_ record: FlightRecord) throws(StereoRecordingError) {
        let replay = Replay(record)
        let log = replay.run()
        recording = try StereoRecording(record, decisions: log)
        let rate = Double(StereoRecording.rate.rawValue)
        description = Description(
            callID: record.call.callID, startedAt: record.call.startedAt,
            seconds: Double(recording.left.count) / rate,
            leadInSeconds: Double(recording.leadIn) / rate,
            clockDriftPPM: recording.drift.partsPerMillion, isIdentical: replay.isFaithful(log))
    }

    /// Writes both files, readable by their owner only.
    ///
    /// - Returns: whether they could be written.
    func write(to path: String) -> Bool {
        let files = FileManager.default
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        let isWritten = files.createFile(
            atPath: path, contents: Data(recording.file.serialize()), attributes: attributes)
        return isWritten
            && files.createFile(
                atPath: path + ".json", contents: Data((replayJSON(description) + "\n").utf8),
                attributes: attributes)
    }
}
