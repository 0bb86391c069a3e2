/// Where a voice stood in its caller's own range when it paused.
///
/// A value is an octet, as flight records keep it.
package struct Intonation: RawRepresentable, Equatable, Sendable {
    package let rawValue: UInt8

    /// Too little voice, or too little known of this caller's range.
    package static let unknown = Intonation(octet: 0)

    /// - Parameter semitonesAboveLow: above the tenth of the caller's pitches that is lowest;
    ///   −5…10, to a tenth.
    package init(semitonesAboveLow: Float) {
        let tenths = (max(-5, min(10, semitonesAboveLow)) * 10).rounded()
        rawValue = UInt8(Int(tenths) + Self.zero)
    }

    package init?(rawValue: UInt8) {
        guard rawValue <= 3 || Self.heights.contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(octet: UInt8) { rawValue = octet }

    /// `nil`: unknown.
    package var semitonesAboveLow: Float? {
        switch rawValue {
        case Self.heights: Float(Int(rawValue) - Self.zero) / 10
        // Records of before knew a fall, a rise and a voice held in the middle.
        case 1: -1
        case 2, 3: 3
        default: nil  // what `init` lets through is 0
        }
    }

    private static let zero = 66
    private static let heights = UInt8(zero - 50)...UInt8(zero + 100)
}
