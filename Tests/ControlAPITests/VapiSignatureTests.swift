import Foundation
import Testing

@testable import ControlAPI

/// Vectors of Vapi's default plan, made with OpenSSL from its documented rule.
@Suite struct VapiSignatureTests {
    private static let body = Data(#"{"message":{"type":"hang"}}"#.utf8)
    private static let key = "vapi_hmac_secret_0123456789"
    private static let now = Date(timeIntervalSince1970: 1_793_702_530)
    private static let hex = "a6ba3b2fa9269efb2b935b0411cd98a606d1feda0a164458967a0c1c358949ef"

    private func judge(
        _ signature: VapiSignature, _ headers: [String: String], body: Data = Self.body,
        at now: Date = Self.now
    ) -> VapiSignature.Verdict {
        signature.judge({ headers[$0] }, at: now)
            ?? signature.judge({ headers[$0] }, method: "POST", body: body)
    }

    @Test func theDefaultPlan() {
        let signature = VapiSignature(secret: nil, signingKey: Self.key)
        let headers = ["x-timestamp": "1793702521000", "x-signature": Self.hex]
        #expect(judge(signature, headers) == .valid)
        #expect(judge(signature, headers, body: Data(#"{"message":{}}"#.utf8)) == .mismatch)
        var other = headers
        other["x-timestamp"] = "1793702522000"
        #expect(judge(signature, other) == .mismatch)
        other = headers
        other["x-signature"] = "b" + Self.hex.dropFirst()
        #expect(judge(signature, other) == .mismatch)
        other["x-signature"] = "no digits"
        #expect(judge(signature, other) == .mismatch)
        #expect(judge(signature, ["x-timestamp": "1793702521000"]) == .missing)
        #expect(judge(signature, ["x-signature": Self.hex]) == .missing)
        #expect(judge(signature, headers, at: Self.now + 400) == .stale)
        #expect(judge(signature, headers, at: Self.now - 400) == .stale)
    }

    @Test func otherPlans() {
        var plan = VapiSignature.Plan()
        plan.encoding = .base64
        plan.signatureHeader = "X-My-Signature"
        plan.prefix = "sha256="
        let headers = [
            "x-timestamp": "1793702521000",
            "x-my-signature": "sha256=pro7L6kmnvsrk1sEEc2YpgbR/toKFkRYlnoMHDWJSe8=",
        ]
        #expect(
            judge(VapiSignature(secret: nil, signingKey: Self.key, plan: plan), headers) == .valid)
        var bodyOnly = VapiSignature.Plan()
        bodyOnly.payload = "{body}"
        #expect(
            judge(
                VapiSignature(secret: nil, signingKey: Self.key, plan: bodyOnly),
                [
                    "x-signature":
                        "5a375e0d9dc266d7d84415c1efde4b93d179d8978ea4e369abd2dcc05083d3e7"
                ], at: .distantFuture) == .valid)
    }

    @Test func secrets() {
        let signature = VapiSignature(secret: "s3cret-of-ours", signingKey: nil)
        #expect(judge(signature, ["x-vapi-secret": "s3cret-of-ours"]) == .valid)
        #expect(judge(signature, ["authorization": "Bearer s3cret-of-ours"]) == .valid)
        #expect(judge(signature, ["x-vapi-secret": "s3cret-of-ourS"]) == .mismatch)
        #expect(judge(signature, ["x-vapi-secret": ""]) == .mismatch)
        #expect(judge(signature, [:]) == .missing)
        let nobody = VapiSignature(secret: nil, signingKey: nil)
        #expect(judge(nobody, ["x-vapi-secret": ""]) == .unconfigured)
    }

    /// The vector of ElevenLabs' documentation.
    @Test func elevenLabs() throws {
        let time = Date(timeIntervalSince1970: 1_795_251_600)
        let field =
            "t=1795251600,v0=7109ad93d903e9bc9815011d2b0bb197c28bdd4108055a9bf8350339f34bbaf0"
        let secret = "wsec_test_secret"
        var signature = try #require(ElevenLabsSignature(field, secret: secret, at: time))
        signature.update(Array(#"{"type":"post_call_"#.utf8))
        #expect(!signature.isValid())
        signature.update(Array(#"transcription","data":{}}"#.utf8))
        #expect(signature.isValid())
        #expect(ElevenLabsSignature(field, secret: secret, at: time + 1_800) != nil)
        #expect(ElevenLabsSignature(field, secret: secret, at: time + 1_801) == nil)
        #expect(ElevenLabsSignature(field, secret: secret, at: time - 1_801) == nil)
        for bad in ["", "t=1", "v0=00", "t=x,v0=00", "t=1795251600,v0=0", "t=1795251600,v0=zz"] {
            #expect(ElevenLabsSignature(bad, secret: secret, at: time) == nil)
        }
    }
}
