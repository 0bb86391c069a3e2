/// Says whether questions asked before the end of a turn are worth their price.
///
/// When more than `wasteLimit` of the last ones were asked in vain, none is asked for
/// `Self.turnsOff` turns of the caller; the one after that is a probe, which decides whether it
/// goes on or stays off as long again.
package struct SpeculationBudget: Sendable {
    /// What the share is taken of: so many of the last ones, once there are so many.
    package static let window = 20
    package static let fewest = 6
    package static let turnsOff = 5

    private let wasteLimit: Float
    /// The last ones, the newest in bit 0; set: wasted.
    private var outcomes: UInt32 = 0
    private var outcomeCount = 0
    private var turnsToSitOut = 0
    private var isProbing = false

    /// - Parameter wasteLimit: the share that may be wasted, from 0 to 1.
    package init(wasteLimit: Float) { self.wasteLimit = wasteLimit }

    /// Whether the next one may be asked.
    package var isOpen: Bool { turnsToSitOut == 0 }

    /// What came of the one asked last.
    package mutating func add(wasted: Bool) {
        if isProbing {
            isProbing = false
            if wasted { sitOut() }
            return
        }
        outcomes = (outcomes << 1 | (wasted ? 1 : 0)) & (1 << Self.window - 1)
        outcomeCount = min(outcomeCount + 1, Self.window)
        let wastedCount = outcomes.nonzeroBitCount
        guard outcomeCount >= Self.fewest,
            Float(wastedCount) > wasteLimit * Float(outcomeCount)
        else { return }
        sitOut()
    }

    /// The caller took another turn.
    package mutating func turnEnded() {
        if turnsToSitOut > 0 { turnsToSitOut -= 1 }
    }

    private mutating func sitOut() {
        turnsToSitOut = Self.turnsOff
        isProbing = true
        outcomes = 0
        outcomeCount = 0
    }
}
