package import Events
package import Foundation

/// Something that happened, before the journal gives it its place in the call.
package struct JournalEntry: Sendable {
    package let body: EventBody
    /// Wall clock.
    package let time: Date
    /// Since the call was answered.
    package let secondsFromStart: Double

    package init(_ body: EventBody, time: Date, secondsFromStart: Double) {
        self.body = body
        self.time = time
        self.secondsFromStart = secondsFromStart
    }
}

/// Why a batch was refused or did not reach the disk.
package enum JournalError: Error, Equatable {
    /// Nothing was kept: the first batch of a call must begin with `call_started`.
    ///
    /// A batch that comes after an ended call was forgotten is told the same.
    case callNotStarted(callID: String)
    /// Nothing was kept: the call has begun already.
    case callStartedTwice(callID: String)
    /// Everything was kept in memory and told to readers; the file lacks it so far.
    ///
    /// The next batch of the call writes what is missing, as long as memory holds it.
    case notWritten(callID: String, reason: String)
    /// Nobody was told so far; the next batch brings it to the store, as long as memory holds it.
    case notStored(reason: String)
    /// Nothing was kept: the store refuses these entries, and would again.
    case notKept(callID: String, reason: String)
}
