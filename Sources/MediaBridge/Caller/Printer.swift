internal import Foundation

/// Prints lines for people, at once, so that a conversation can be followed live.
struct Printer: Sendable {
    let toStandardError: Bool

    func line(_ text: String) {
        let handle = toStandardError ? FileHandle.standardError : FileHandle.standardOutput
        handle.write(Data((text + "\n").utf8))
    }
}
