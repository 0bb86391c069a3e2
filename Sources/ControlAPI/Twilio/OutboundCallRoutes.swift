internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// `POST /api/v1/calls` and `/api/v1/calls/test`: calls that we make.
struct OutboundCallRoutes: Sendable {
    let service: TwilioService
    let bodyOctetLimit: Int

    func add(to router: ControlRouter) {
        router.route("/api/v1/calls", .post) { request, _ in try await create(request) }
        router.route("/api/v1/calls/test", .post) { request, _ in try await test(request) }
    }

    private struct Wish {
        let to: PhoneNumber?
        let from: PhoneNumber?
        let language: String
        let detectsMachine: Bool
        let ringSeconds: Int
    }

    private struct Created: Encodable {
        let callSID: String
        let status: String

        enum CodingKeys: String, CodingKey {
            case callSID = "carrier_call_id"
            case status
        }
    }

    /// Calls somebody, who then talks to the agent.
    private func create(_ request: Request) async throws -> Response {
        let spoken = service.settings.language
        let wish = try await request.body(octetLimit: bodyOctetLimit) { fields in
            Wish(
                to: fields.phoneNumber("to"), from: fields.optionalPhoneNumber("from"),
                language: fields.language(default: spoken),
                detectsMachine: fields.optionalFlag("detect_machine") ?? true,
                ringSeconds: fields.number("ring_seconds", in: 5...600, default: 60))
        }
        guard let client = service.client else {
            throw Problem(.notConfigured(TwilioService.accountAdvice))
        }
        guard let base = service.settings.publicURL else {
            throw Problem(.notConfigured(TwilioService.publicURLAdvice))
        }
        guard let to = wish.to else { throw Problem.badRequest("to is missing.") }
        var call = OutboundCall(
            to: to, from: try wish.from ?? ours(),
            course: .url("\(base)/api/twilio/voice?language=\(wish.language)"))
        call.ringSeconds = wish.ringSeconds
        call.statusCallback = "\(base)/api/twilio/status"
        if wish.detectsMachine { call.machineCallback = "\(base)/api/twilio/amd" }
        do {
            let made = try await client.create(call)
            return try .json(Created(callSID: made.sid, status: made.status), status: .created)
        } catch let error as CarrierError {
            throw Problem(error)
        }
    }

    /// Calls the operator's mobile, says a sentence, and tells how it went.
    private func test(_ request: Request) async throws -> Response {
        let spoken = service.settings.language
        let (number, message, language) = try await request.body(octetLimit: bodyOctetLimit) {
            (
                $0.optionalPhoneNumber("to"), $0.optionalText("message", length: 1...500),
                $0.language(default: spoken)
            )
        }
        guard let client = service.client else {
            throw Problem(.notConfigured(TwilioService.accountAdvice))
        }
        guard let to = number ?? service.settings.mobileNumber else {
            throw Problem(.notConfigured("There is no number to call: set MOBILE_NUMBER."))
        }
        let test = TestCall(client: client, from: try ours(), language: language)
        do {
            return try .json(try await test.run(to: to, message: message))
        } catch let error as CarrierError {
            throw Problem(error)
        }
    }

    private func ours() throws(Problem) -> PhoneNumber {
        guard let number = service.settings.phoneNumber else {
            throw Problem(
                .notConfigured("There is no number to call from: set TWILIO_PHONE_NUMBER."))
        }
        return number
    }
}

extension RequestFields {
    fileprivate mutating func phoneNumber(_ name: String) -> PhoneNumber? {
        let text = text(name, length: 1...64)
        return text.isEmpty ? nil : number(name, text)
    }

    fileprivate mutating func optionalPhoneNumber(_ name: String) -> PhoneNumber? {
        guard let text = optionalText(name, length: 1...64), !text.isEmpty else { return nil }
        return number(name, text)
    }

    private mutating func number(_ name: String, _ text: String) -> PhoneNumber? {
        PhoneNumber(text) ?? refuse(name, "is a phone number such as +34600123456", standIn: nil)
    }

    /// ISO 639-1.
    fileprivate mutating func language(default fallback: String) -> String {
        guard let text = optionalText("language", length: 2...2), !text.isEmpty else {
            return fallback
        }
        guard text.allSatisfy({ $0.isASCII && $0.isLowercase }) else {
            return refuse("language", "is two letters such as es", standIn: fallback)
        }
        return text
    }
}

extension Problem {
    init(_ error: CarrierError) {
        switch error {
        // Trying again would not help before somebody has changed the configuration.
        case .notConfigured(let advice): self.init(status: .conflict, detail: advice)
        case .numberRefused(let reason):
            self.init(status: .unprocessableContent, detail: reason)
        case .callOver: self.init(status: .conflict, detail: error.description)
        case .overloaded(let retryAfter):
            let seconds = max(1, retryAfter.map { Int($0 / .seconds(1)) } ?? 1)
            self.init(
                status: .serviceUnavailable, detail: error.description,
                headers: [.retryAfter: String(seconds)])
        case .credentialsRefused, .refused, .unavailable:
            self.init(status: .badGateway, detail: error.description)
        case .outcomeUnknown: self.init(status: .gatewayTimeout, detail: error.description)
        }
    }
}
