import Records
import Testing

/// By the IANA special-purpose address registries.
@Test(
    arguments: [
        ([8, 8, 8, 8], true), ([1, 1, 1, 1], true), ([172, 15, 0, 1], true),
        ([172, 32, 0, 1], true),
        ([100, 63, 0, 1], true), ([100, 128, 0, 1], true), ([11, 0, 0, 1], true),
        ([127, 0, 0, 1], false), ([127, 255, 0, 1], false), ([10, 1, 2, 3], false),
        ([172, 16, 0, 1], false), ([172, 31, 255, 255], false), ([192, 168, 1, 1], false),
        ([169, 254, 169, 254], false), ([100, 64, 0, 1], false), ([0, 0, 0, 0], false),
        ([224, 0, 0, 1], false), ([255, 255, 255, 255], false), ([198, 19, 0, 1], false),
        ([1, 2, 3], false),
    ] as [([UInt8], Bool)])
func addressesOfIPv4(octets: [UInt8], isPublic: Bool) {
    #expect(PublicAddress.holds(octets) == isPublic)
}

@Test(
    arguments: [
        ([0x20, 0x01, 0x48, 0x60], true), ([0x26, 0x06], true), ([0xFE, 0x80], false),
        ([0xFC], false), ([0xFD, 0x12], false), ([0xFF, 0x02], false), ([], false),
        ([0x20, 0x01, 0x0D, 0xB8], false), ([0x20, 0x02, 127, 0, 0, 1], false),
        ([0x20, 0x02, 8, 8, 8, 8], true),
        ([0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, 10], false),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1], false),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 8, 8, 4, 4], true),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], false),
    ] as [([UInt8], Bool)])
func addressesOfIPv6(start: [UInt8], isPublic: Bool) {
    let octets = start + [UInt8](repeating: 0, count: 16 - start.count)
    #expect(PublicAddress.holds(octets) == isPublic)
}
