import Codecs
import Foundation
import Testing

@Suite struct FrameBase64Tests {
    /// RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func standardVectors(plain: String, text: String) throws {
        #expect(try decode(Array(text.utf8)) == Array(plain.utf8))
        #expect(encode(Array(plain.utf8)) == Array(text.utf8))
    }

    @Test(arguments: UInt64(1)...20)
    func agreesWithFoundation(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for count in [0, 1, 2, 3, 159, 160, 161, 320, Int.random(in: 0...2_000, using: &random)] {
            let octets = random.octets(count)
            let text = Array(Data(octets).base64EncodedString().utf8)
            #expect(encode(octets) == text)
            #expect(try decode(text) == octets)
            #expect(FrameBase64.encodedCount(count) == text.count)
        }
    }

    @Test(arguments: [
        ("Zg=", Base64Error.length(3)),
        ("Zm9vY", .length(5)),
        ("Zm 9", .character(0x20, at: 2)),
        ("Zm9v\nZg=", .character(0x0A, at: 4)),
        ("Zm9vZm-v", .character(0x2D, at: 6)),  // the URL-safe alphabet
        ("_m9v", .character(0x5F, at: 0)),
        ("Zm9vZg==Zm9v", .padding(at: 6)),
        ("=m9v", .padding(at: 0)),
        ("Z===", .padding(at: 1)),
        ("====", .padding(at: 0)),
        ("Zg=v", .padding(at: 2)),
        ("Zh==", .trailingBits(at: 1)),
        ("Zm9vZm9=", .trailingBits(at: 6)),
    ])
    func rejects(text: String, error: Base64Error) {
        #expect(throws: error) { try decode(Array(text.utf8)) }
    }

    /// Every octet at every place of a group, in a middle and in the last group.
    @Test func alphabetIsExact() {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for place in 0..<8 {
            for octet in UInt8.min...UInt8.max {
                var text = Array("AAAAAAAA".utf8)
                text[place] = octet
                let isPadding = place == 7 && octet == UInt8(ascii: "=")
                let isAccepted = (try? decode(text)) != nil
                #expect(
                    isAccepted == (alphabet.contains(octet) || isPadding), "\(octet) at \(place)")
            }
        }
    }

    /// What is refused leaves the memory as it was; what is accepted stays within its count.
    @Test(arguments: UInt64(1)...20)
    func keepsWithinItsRoom(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let octets = random.octets(Int.random(in: 0...64, using: &random))
            var text = encode(octets)
            if Bool.random(using: &random), let place = text.indices.randomElement(using: &random) {
                text[place] = UInt8(truncatingIfNeeded: random.next())
            }
            var memory = [UInt8](repeating: guardOctet, count: 128)
            var written = 0
            let promised = (try? FrameBase64.decodedCount(text.span)) ?? 0
            unsafe memory.withUnsafeMutableBufferPointer { buffer in
                let room = unsafe UnsafeMutableBufferPointer(rebasing: buffer[16..<16 + promised])
                var output = unsafe OutputSpan(buffer: room, initializedCount: 0)
                try? FrameBase64.decode(text.span, into: &output)
                written = unsafe output.finalize(for: room)
            }
            #expect(memory[..<16].allSatisfy { $0 == guardOctet })
            #expect(written == 0 || written == promised)
            #expect(memory[(16 + promised)...].allSatisfy { $0 == guardOctet })
        }
    }

    private let guardOctet: UInt8 = 0xA5

    private func decode(_ text: [UInt8]) throws -> [UInt8] {
        let count = try FrameBase64.decodedCount(text.span)
        return try [UInt8](capacity: count) { octets in
            do { try FrameBase64.decode(text.span, into: &octets) } catch {
                let isUntouched = octets.isEmpty
                #expect(isUntouched)
                throw error
            }
        }
    }

    private func encode(_ octets: [UInt8]) -> [UInt8] {
        [UInt8](capacity: FrameBase64.encodedCount(octets.count)) {
            FrameBase64.encode(octets.span, into: &$0)
        }
    }
}
