internal import Crypto
internal import Foundation

/// The header `ElevenLabs-Signature: t=<seconds>,v0=<hexadecimal>`: HMAC-SHA256 of `<t>.<body>`,
/// keyed with the octets of the secret.
///
/// Source: ElevenLabs, "Post-call webhooks", 2026; requests older than 30 minutes are replays.
struct ElevenLabsSignature {
    static let header = "elevenlabs-signature"
    static let tolerance = 30 * 60.0

    private let codes: [Data]
    private var authentication: HMAC<SHA256>

    /// `nil` for what is no such header, or one that is too old or from the future.
    ///
    /// - Parameters:
    ///   - field: the header's value.
    ///   - secret: of the webhook.
    ///   - now: wall clock.
    init?(_ field: String, secret: String, at now: Date) {
        var time: Substring?
        var codes: [Data] = []
        for part in field.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            switch pair[0].trimmingCharacters(in: .whitespaces) {
            case "t": time = pair[1]
            case "v0": codes += Hexadecimal.octets(of: pair[1]).map { [Data($0)] } ?? []
            default: continue  // versions to come
            }
        }
        guard let time, let seconds = Double(time), seconds.isFinite, !codes.isEmpty,
            codes.count <= 8, abs(now.timeIntervalSince1970 - seconds) <= Self.tolerance
        else { return nil }
        self.codes = codes
        authentication = HMAC<SHA256>(key: SymmetricKey(data: Data(secret.utf8)))
        authentication.update(data: Data("\(time).".utf8))
    }

    /// Takes the next part of the body.
    mutating func update(_ part: some Sequence<UInt8>) {
        authentication.update(data: Data(part))
    }

    /// Whether the whole body is the one that was signed.
    func isValid() -> Bool {
        let code = Data(authentication.finalize())
        return codes.reduce(false) { APIKeySecret.areEqual($1, code) || $0 }
    }
}
