internal import Crypto
internal import Foundation
internal import Records

extension WebhookSignature {
    /// Signs with HMAC-SHA256.
    static let standard = WebhookSignature { octets, key in
        Array(HMAC<SHA256>.authenticationCode(for: Data(octets), using: SymmetricKey(data: key)))
    }
}
