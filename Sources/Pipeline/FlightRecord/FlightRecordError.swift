/// Why octets are no flight record, or no whole one; offsets count from the start of the file.
package enum FlightRecordError: Error, Equatable, Sendable {
    /// The file ends within the header, or within the entry that starts at `offset`.
    case truncated(offset: Int)
    /// It does not begin as a flight record does.
    case notARecord
    case version(UInt8)
    /// The entry that starts at `offset` is not one that was ever written.
    case corrupt(offset: Int, Fault)

    package enum Fault: Equatable, Sendable {
        case unknownTag(UInt8)
        /// A number with more digits than it can have, or a value outside its range.
        case number
        case text
        /// Earlier than the entry before it, or beyond every call's length.
        case time
        /// A setting this program does not have.
        case unknownSetting(String)
    }
}
