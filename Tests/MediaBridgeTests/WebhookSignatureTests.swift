import Foundation
import Records
import Testing

@testable import MediaBridge

/// Expected values are those of Python's `hmac` and `base64`, for instance
/// `hmac.new(secret.encode(), body, "sha256").hexdigest()` and
/// `base64.b64encode(hmac.new(key, b"id.timestamp." + body, "sha256").digest())`; the first secret,
/// id, time and body are the test vector of protocols/crm.md §5.
@Test(arguments: [
    (
        "whsec_dm9pY2VicmlkZ2Utc3RhbmRhcmQtd2ViaG9vay1rZXkh", "msg_0001", 1_795_251_600,
        #"{"type":"call.ended","timestamp":"2026-11-21T09:00:00Z","data":{"call_id":"c_1"}}"#,
        "v1,yihCmuNHyny0afbQE/waHZ6jmjScBjEFQd1CDwJ/9zU=",
        "9c9e577dbd1684f57522a9f581f8229252acd64287ab41f019cd62a961ac11ed"
    ),
    (
        "a-plain-shared-secret", "id-2", 1_795_251_601, #"{"data":{"text":"¿Mañana?"}}"#,
        "v1,/Vv/+vZmofNWYNkz3hOIuRdyMdhqm+fRY34RvBb1GIU=",
        "41409840583ef1adc6d3691038b7e45b462d5ff3eb2e17b0857804d8fc4f531b"
    ),
])
func webhooksAreSigned(
    secret: String, id: String, seconds: Int, body: String, standard: String, plain: String
) {
    let headers = WebhookSignature.standard.headers(
        id: id, body: Array(body.utf8), secret: secret,
        at: .init(timeIntervalSince1970: Double(seconds) + 0.9))
    let values = Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) })
    #expect(
        values == [
            "webhook-id": id, "webhook-timestamp": "\(seconds)", "webhook-signature": standard,
            "X-Webhook-Signature": plain,
        ])
}

@Test func withoutASecretNothingIsSigned() {
    let headers = WebhookSignature.standard.headers(
        id: "a", body: [], secret: nil, at: .init(timeIntervalSince1970: 1))
    #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp"])
}
