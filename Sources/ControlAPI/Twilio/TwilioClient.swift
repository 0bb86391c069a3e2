package import Foundation
internal import Synchronization

/// Makes, changes and looks up calls through Twilio's REST API.
///
/// Source: Twilio, "Call resource" and "Requests to the REST API", read November 2026.
package final class TwilioClient: Sendable {
    package struct Configuration: Sendable {
        package var accountSID: String
        /// Never logged.
        package var authToken: String
        package var baseURL = "https://api.twilio.com/2010-04-01"
        package var callsPerSecond = 1.0

        package init(accountSID: String, authToken: String) {
            self.accountSID = accountSID
            self.authToken = authToken
        }
    }

    /// A call as the carrier describes it.
    package struct Call: Equatable, Sendable {
        package let sid: String
        /// `queued`, `ringing`, `in-progress`, `completed`, `busy`, `failed`, `no-answer`, `canceled`.
        package let status: String
        package let durationSeconds: Int?
        package let answeredBy: String?
        /// In millionths of `currency`; known some time after the call.
        package let costMicros: Int64?
        package let currency: String?

        package var isOver: Bool { CarrierReport.finalStatuses.contains(status) }
    }

    private let configuration: Configuration
    private let transport: any CarrierTransport
    private let retry = CarrierRetry()
    private let pace: Mutex<CallPace>
    private let origin = ContinuousClock.now
    private let now: @Sendable () -> Date
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - configuration: whose calls they are.
    ///   - transport: carries the requests.
    ///   - now: the wall clock, to look for a call whose creation got no answer.
    ///   - sleep: waits between attempts and for the pace.
    package init(
        _ configuration: Configuration, transport: any CarrierTransport,
        now: @escaping @Sendable () -> Date = { Date() },
        sleep: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        }
    ) {
        self.configuration = configuration
        self.transport = transport
        self.now = now
        self.sleep = sleep
        pace = Mutex(CallPace(callsPerSecond: configuration.callsPerSecond))
    }

    /// Makes a call; waits for its place in the pace.
    ///
    /// A creation that got no answer is not repeated but looked for: there is no idempotency key.
    package func create(_ call: OutboundCall) async throws(CarrierError) -> Call {
        guard let wait = pace.withLock({ $0.take(at: origin.duration(to: .now)) }) else {
            throw .overloaded(retryAfter: .seconds(10))
        }
        try await pause(wait)
        let asked = now()
        do throws(CarrierError) {
            return try await perform("POST", "/Calls.json", call.fields, isRepeatable: false)
        } catch {
            guard error == .outcomeUnknown, let found = try? await latest(call, since: asked)
            else { throw error }
            return found
        }
    }

    package func fetch(_ sid: String) async throws(CarrierError) -> Call {
        try await perform("GET", path(of: sid), nil, isRepeatable: true)
    }

    /// Ends a call; one that is over already is fine.
    package func hangUp(_ sid: String) async throws(CarrierError) {
        let fields = FormFields([.init("Status", "completed")])
        do throws(CarrierError) {
            _ = try await perform("POST", path(of: sid), fields, isRepeatable: true)
        } catch {
            guard error == .callOver else { throw error }
        }
    }

    /// Lets a live call do something else from now on; its stream or dialled leg is cut.
    package func redirect(_ sid: String, to document: TwiML) async throws(CarrierError) {
        let fields = FormFields([.init("Twiml", document.text)])
        // Sent twice, it would start a conversation anew.
        _ = try await perform("POST", path(of: sid), fields, isRepeatable: false)
    }

    /// The call that a creation without an answer may have made.
    private func latest(_ call: OutboundCall, since asked: Date) async throws -> Call? {
        try await sleep(.seconds(1))
        var query = FormFields([
            .init("To", call.to.text), .init("From", call.from.text), .init("PageSize", "5"),
        ]).octets
        let day = asked.addingTimeInterval(-60).formatted(.iso8601.year().month().day())
        query += Array("&StartTime%3E=\(day)".utf8)
        let octets = try await exchange(
            "GET", "/Calls.json?" + String(decoding: query, as: UTF8.self), nil,
            isRepeatable: true)
        let list = try JSONDecoder().decode(CallList.self, from: Data(octets))
        // The list is sorted by time, the latest first; a call of before is not the one.
        let found = list.calls.first { resource in
            guard let created = resource.created else { return false }
            return created >= asked.addingTimeInterval(-2)
        }
        return found.map(Call.init)
    }

    private func path(of sid: String) -> String { "/Calls/\(sid.filter(\.isPathSafe)).json" }

    private func perform(
        _ method: String, _ path: String, _ fields: FormFields?, isRepeatable: Bool
    ) async throws(CarrierError) -> Call {
        let octets = try await exchange(method, path, fields, isRepeatable: isRepeatable)
        guard let resource = try? JSONDecoder().decode(CallResource.self, from: Data(octets))
        else { throw isRepeatable ? .unavailable : .outcomeUnknown }
        return Call(resource)
    }

    private func exchange(
        _ method: String, _ path: String, _ fields: FormFields?, isRepeatable: Bool
    ) async throws(CarrierError) -> [UInt8] {
        let request = request(method, path, fields)
        var attempt = 0
        while true {
            attempt += 1
            let outcome: CarrierRetry.Outcome
            let failure: CarrierError
            do throws(CarrierTransportError) {
                let answer = try await transport.send(request)
                if (200..<300).contains(answer.status) { return answer.body }
                outcome = .answered(status: answer.status, retryAfter: answer.retryAfter)
                let problem = try? JSONDecoder().decode(Refusal.self, from: Data(answer.body))
                let refusal = CarrierError(
                    status: answer.status, code: problem?.code, retryAfter: answer.retryAfter)
                failure = refusal == .unavailable && !isRepeatable ? .outcomeUnknown : refusal
            } catch {
                outcome = .failed(error)
                failure = error == .lost && !isRepeatable ? .outcomeUnknown : .unavailable
            }
            guard
                let delay = retry.delay(
                    after: outcome, attempt: attempt, isRepeatable: isRepeatable,
                    chance: Double.random(in: 0..<1))
            else { throw failure }
            try await pause(delay)
        }
    }

    private func pause(_ duration: Duration) async throws(CarrierError) {
        guard duration > .zero else { return }
        do { try await sleep(duration) } catch { throw .unavailable }
    }

    private func request(_ method: String, _ path: String, _ fields: FormFields?) -> CarrierRequest
    {
        let credentials = "\(configuration.accountSID):\(configuration.authToken)"
        var headers = [
            (name: "Authorization", value: "Basic \(Data(credentials.utf8).base64EncodedString())"),
            (name: "Accept", value: "application/json"),
        ]
        if fields != nil {
            headers.append((name: "Content-Type", value: "application/x-www-form-urlencoded"))
        }
        return CarrierRequest(
            method: method,
            url: "\(configuration.baseURL)/Accounts/\(configuration.accountSID)\(path)",
            headers: headers, body: fields?.octets)
    }
}

private struct Refusal: Decodable {
    let code: Int?
}

private struct CallList: Decodable {
    let calls: [CallResource]
}

/// Twilio's JSON, where numbers are texts or `null`.
private struct CallResource: Decodable {
    let sid: String
    let status: String
    let duration: String?
    let price: String?
    let currency: String?
    let answeredBy: String?
    let dateCreated: String?

    private enum CodingKeys: String, CodingKey {
        case sid, status, duration, price
        case currency = "price_unit"
        case answeredBy = "answered_by"
        case dateCreated = "date_created"
    }

    /// RFC 2822, such as `Tue, 03 Nov 2026 10:22:01 +0000`.
    var created: Date? {
        guard let dateCreated else { return nil }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss Z"
        return formatter.date(from: dateCreated)
    }
}

extension TwilioClient.Call {
    fileprivate init(_ resource: CallResource) {
        sid = resource.sid
        status = resource.status
        durationSeconds = resource.duration.flatMap(Int.init)
        answeredBy = resource.answeredBy
        // A price is what the account's balance changes by: negative.
        let price = resource.price.flatMap(Double.init).flatMap { $0.isFinite ? abs($0) : nil }
        costMicros = price.map { Int64(min($0, 1_000_000) * 1_000_000) }
        currency = resource.currency
    }
}

extension Character {
    fileprivate var isPathSafe: Bool { isASCII && (isLetter || isNumber || self == "-") }
}
