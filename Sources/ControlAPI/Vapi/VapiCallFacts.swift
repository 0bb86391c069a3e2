internal import Foundation

/// What a message says of the call it belongs to.
struct VapiCallFacts: Equatable, Sendable {
    let id: String
    var isOutbound = false
    /// The human's on the other side; a call from a web page has none.
    var customerNumber: String?
    /// Ours.
    var phoneNumber: String?
    var started: Date?
    /// ISO 639-1, of the assistant's ears.
    var language: String?
    /// Who has this address can steer the call.
    var controlURL: String?

    /// - Parameter message: the member `message` of a body.
    init?(_ message: LenientObject) {
        guard let call = message["call"], let id = call.word("id") else { return nil }
        self.id = id
        isOutbound = call.word("type") == "outboundPhoneCall"
        let customer = message["customer"] ?? call["customer"]
        customerNumber = customer?.number
        phoneNumber = (message["phoneNumber"] ?? call["phoneNumber"])?.number
        started = call.time("startedAt")
        let assistant = message["assistant"] ?? call["assistant"]
        language = assistant?["transcriber"]?.word("language").flatMap { text in
            let code = text.prefix(2).lowercased()
            return code.count == 2 && code.allSatisfy { $0.isASCII && $0.isLetter } ? code : nil
        }
        controlURL = call["monitor"]?.word("controlUrl")
    }
}

extension LenientObject {
    /// The number of a customer or of a phone number, at most as long as any.
    fileprivate var number: String? { word("number").map { String($0.prefix(64)) } }
}
