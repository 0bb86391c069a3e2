import Foundation
import Testing

@testable import ControlAPI

/// Signatures by Twilio's own Python package; `script/twilio-signatures` makes the file.
private struct Fixtures: Decodable {
    struct Vector: Decodable, CustomTestStringConvertible {
        let name: String
        let token: String
        let url: String
        let body: String
        let contentType: String
        let signature: String
        /// What the package thinks of the signature for this URL and body.
        let valid: Bool

        var testDescription: String { name }
        var request: TwilioSignature.SignedRequest {
            .init(url: url, body: Array(body.utf8), contentType: contentType)
        }
    }

    let vectors: [Vector]

    static let all: [Vector] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/twilio-signatures.json")
        let data = (try? Data(contentsOf: file)) ?? Data()
        return (try? JSONDecoder().decode(Fixtures.self, from: data))?.vectors ?? []
    }()
}

@Test func theFixturesAreThere() {
    #expect(Fixtures.all.count >= 40)
    #expect(Fixtures.all.contains { !$0.valid })
}

@Test(arguments: Fixtures.all)
private func twilioJudgesLikeItsOwnPackage(vector: Fixtures.Vector) {
    let verdict = TwilioSignature(authTokens: [vector.token])
        .judge(vector.signature, of: vector.request)
    #expect((verdict == .valid) == vector.valid)
}

/// Whatever is changed in a request that Twilio signed, it is refused.
@Test(arguments: Fixtures.all.filter(\.valid))
private func nothingOfASignedRequestMayChange(vector: Fixtures.Vector) {
    let signature = TwilioSignature(authTokens: [vector.token])
    func judge(_ change: (inout TwilioSignature.SignedRequest) -> Void) -> TwilioSignature.Verdict {
        var request = vector.request
        change(&request)
        return signature.judge(vector.signature, of: request)
    }
    #expect(judge { $0.url += "x" } != .valid)
    #expect(judge { $0.url = $0.url.replacing("example.com", with: "example.org") } != .valid)
    let isJSON = vector.contentType == "application/json"
    #expect(judge { $0.body += Array((isJSON ? " " : "&Added=1").utf8) } != .valid)
    if !vector.body.isEmpty {
        #expect(judge { $0.body = [] } != .valid)
        #expect(isJSON || judge { $0.contentType = "application/json" } == .bodyMismatch)
    }
    #expect(signature.judge(nil, of: vector.request) == .missing)
    #expect(signature.judge("", of: vector.request) == .missing)
    for forged in [
        "nonsense", "AAAA", String(vector.signature.reversed()), vector.signature.lowercased(),
        vector.signature + "AAAA",
    ] where forged != vector.signature {
        #expect(signature.judge(forged, of: vector.request) == .mismatch)
    }
    let other = TwilioSignature(authTokens: ["another"])
    #expect(other.judge(vector.signature, of: vector.request) == .mismatch)
    let both = TwilioSignature(authTokens: ["another", vector.token])
    #expect(both.judge(vector.signature, of: vector.request) == .valid)
    let none = TwilioSignature(authTokens: [])
    #expect(none.judge(vector.signature, of: vector.request) == .mismatch)
}

/// The published example of Twilio's documents ("Validating requests").
@Test func thePublishedExampleIsSignedAlike() {
    let fields = FormFields(
        parsing:
            "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
            .utf8)
    let signed = TwilioSignature(authTokens: ["12345"])
        .signature(of: "https://mycompany.com/myapp.php?foo=1&bar=2", fields)
    #expect(signed == "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
}

@Test(arguments: [
    ("a=1&b=2", ["a=1", "b=2"]), ("", []), ("&&", []), ("a", ["a="]), ("=x", ["=x"]),
    ("a=b=c", ["a=b=c"]), ("a=%2B+%20", ["a=+  "]), ("a=%", ["a=%"]), ("a=%+1", ["a=% 1"]),
    ("a=%zz", ["a=%zz"]), ("a=%C3%A9", ["a=é"]), ("a=%FF", ["a=\u{FFFD}"]),
    ("a=%0D%0A", ["a=\r\n"]),
])
func formFieldsAreReadOctetByOctet(text: String, expected: [String]) {
    let fields = FormFields(parsing: Array(text.utf8)).fields
    #expect(fields.map { "\($0.name)=\($0.value)" } == expected)
}

@Test(arguments: 0..<50)
func formFieldsComeBack(seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    let letters = Array("aZ09 +&=%~é😀\r\n\u{0301}")
    func text() -> String {
        String(
            (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                letters[Int.random(in: 0..<letters.count, using: &random)]
            })
    }
    let fields = FormFields((0..<5).map { _ in .init("n" + text(), text()) })
    #expect(FormFields(parsing: fields.octets) == fields)
}
