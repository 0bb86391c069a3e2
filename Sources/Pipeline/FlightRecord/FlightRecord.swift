/// A flight record as far as it can be read.
package struct FlightRecord: Sendable {
    package let call: FlightCall
    package let entries: [FlightEntry]
    /// Why reading stopped before the end of the file.
    package let fault: FlightRecordError?

    /// Reads all whole entries.
    ///
    /// - Throws: when the header cannot be read; what is wrong behind it is told by `fault`.
    package init(reading octets: [UInt8]) throws(FlightRecordError) {
        var reader = try FlightRecordReader(octets)
        var entries: [FlightEntry] = []
        var fault: FlightRecordError?
        do {
            while let entry = try reader.next() { entries.append(entry) }
        } catch {
            fault = error
        }
        call = reader.call
        self.entries = entries
        self.fault = fault
    }

    /// Whether everything that happened in the call is here.
    package var isComplete: Bool {
        fault == nil
            && !entries.contains {
                switch $0 {
                case .missing, .full: true
                case .event, .performed, .audio, .digest: false
                }
            }
    }

    /// What the live call decided, in short; `nil` when the record does not reach its end.
    package var digest: UInt64? {
        for entry in entries.reversed() {
            if case .digest(let value) = entry { return value }
        }
        return nil
    }

    /// From the first event to the last.
    package var length: Duration {
        guard let first = entries.lazy.compactMap(\.eventTime).first,
            let last = entries.lazy.reversed().compactMap(\.eventTime).first
        else { return .zero }
        return first.duration(to: last)
    }
}

extension FlightEntry {
    var eventTime: MonotonicTime? {
        if case .event(_, let time) = self { time } else { nil }
    }
}
