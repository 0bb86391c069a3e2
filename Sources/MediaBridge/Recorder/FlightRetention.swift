internal import Foundation

/// Which flight records are kept: none too old, and no more than there is room for.
struct FlightRetention: Sendable {
    struct File: Equatable, Sendable {
        let name: String
        let octetCount: Int
        /// Of the last write; wall clock.
        let age: Duration
    }

    /// A file younger than this belongs to a call that may be live.
    private static let liveAge = Duration.seconds(60)

    let longestAge: Duration
    let mostOctets: Int

    /// The files to delete: what is too old, then the oldest until the rest fits.
    func expired(_ files: [File]) -> [File] {
        var kept = files.reduce(0) { $0 + $1.octetCount }
        var result: [File] = []
        for file in files.sorted(by: { $0.age > $1.age }) where file.age >= Self.liveAge {
            guard file.age > longestAge || kept > mostOctets else { break }
            kept -= file.octetCount
            result.append(file)
        }
        return result
    }
}
