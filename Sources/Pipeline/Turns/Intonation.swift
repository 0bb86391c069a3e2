/// How a voice moved before it paused.
package enum Intonation: UInt8, CaseIterable, Sendable {
    /// Too little voice, or too little known of this caller's range.
    case unknown
    /// Down to the low end of the caller's range, as sentences end.
    case falling
    /// Up from the middle, as questions end; some clauses do too.
    case rising
    /// Held in the middle, as one does who looks for a word.
    case level
}
