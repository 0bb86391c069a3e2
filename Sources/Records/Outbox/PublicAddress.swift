/// Tells addresses of the public internet from those that lead to this machine or its network.
///
/// Source: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890).
package enum PublicAddress {
    /// What is not public, as the first octets and the number of their bits that count.
    private static let private4: [([UInt8], bits: Int)] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12),
        ([192, 0, 0], 24), ([192, 0, 2], 24), ([192, 88, 99], 24), ([192, 168], 16),
        ([198, 18], 15), ([198, 51, 100], 24), ([203, 0, 113], 24), ([224], 4), ([240], 4),
    ]
    /// Within 2000::/3, outside of which nothing is public.
    private static let private6: [([UInt8], bits: Int)] = [
        ([0x20, 0x01, 0x00], 23), ([0x20, 0x01, 0x0D, 0xB8], 32), ([0x3F, 0xFF, 0x00], 20),
    ]

    /// Whether an address is of the public internet.
    ///
    /// - Parameter octets: 4 of IPv4 or 16 of IPv6, as on the wire.
    /// - Returns: false also for anything that is no address.
    package static func holds(_ octets: [UInt8]) -> Bool {
        switch octets.count {
        case 4: return !private4.contains { matches(octets, $0.0, $0.bits) }
        case 16:
            // IPv4 in IPv6: mapped, translated (RFC 6052) and 6to4.
            let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
            if octets.starts(with: mapped) { return holds(Array(octets[12...])) }
            let translated: [UInt8] = [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]
            if octets.starts(with: translated) { return holds(Array(octets[12...])) }
            if octets.starts(with: [0x20, 0x02] as [UInt8]) { return holds(Array(octets[2..<6])) }
            return matches(octets, [0x20], 3)
                && !private6.contains { matches(octets, $0.0, $0.bits) }
        default: return false
        }
    }

    private static func matches(_ octets: [UInt8], _ prefix: [UInt8], _ bits: Int) -> Bool {
        for bit in 0..<bits {
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            let wanted = bit / 8 < prefix.count ? prefix[bit / 8] : 0
            if octets[bit / 8] & mask != wanted & mask { return false }
        }
        return true
    }
}
