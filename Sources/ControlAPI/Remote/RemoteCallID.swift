internal import Crypto
internal import Foundation
internal import Records

/// Our name for a call that runs elsewhere: the same whenever it is heard of, so that no call is
/// begun twice.
enum RemoteCallID {
    /// - Parameters:
    ///   - id: what those who run the call name it.
    ///   - source: whose name it is.
    /// - Returns: a UUID, in lower case: `id` itself where it is one, else one of version 8 made from
    ///   its digest (RFC 9562 §5.8).
    static func uuid(of id: String, from source: CallSource) -> String {
        if let uuid = UUID(uuidString: id) { return uuid.uuidString.lowercased() }
        var octets = Array(SHA256.hash(data: Data("\(source.rawValue):\(id)".utf8)).prefix(16))
        octets[6] = octets[6] & 0x0F | 0x80
        octets[8] = octets[8] & 0x3F | 0x80
        let digits = octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        let groups = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }
        return groups.joined(separator: "-")
    }

    /// Whether text can be somebody's name for a call.
    static func isGood(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count) && id.utf8.allSatisfy { $0 > 32 && $0 < 127 }
    }
}
