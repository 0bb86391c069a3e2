package import Foundation

extension Date {
    private static let recordStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// As events and records carry times: ISO 8601 in UTC with milliseconds, rounded.
    ///
    /// The style cuts digits off; half a millisecond more makes that rounding.
    package var recordText: String { addingTimeInterval(0.000_5).formatted(Self.recordStyle) }

    /// Reads what `recordText` wrote; `nil` for anything else.
    package init?(recordText: String) {
        guard let date = try? Date(recordText, strategy: Self.recordStyle) else { return nil }
        self = date
    }
}
