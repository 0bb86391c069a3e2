internal import Foundation
internal import Synchronization

/// Twilio's REST API for the integration tests: creating, fetching, listing and changing calls, as
/// its "Call resource" describes them, and whatever can go wrong on the way.
package final class SimulatedTwilioREST: Sendable {
    /// Happens to one request each, in order.
    package enum Fault: Sendable {
        case status(Int, code: Int, retryAfter: Int? = nil)
        /// Done, but the connection is cut before the answer.
        case cutAfter
        /// Not done, and the connection is cut.
        case cutBefore
        case garbage
    }

    /// A request as it came.
    package struct Entry: Equatable, Sendable {
        package let method: String
        /// Behind the account, such as `/Calls.json`.
        package let path: String
        package let fields: [String: [String]]
        package let isAuthorized: Bool

        package subscript(_ name: String) -> String? { fields[name]?.first }
    }

    private struct State {
        var faults: [Fault]
        var entries: [Entry] = []
        var calls: [[String: String]] = []
        /// What fetches of a call tell, one after the other.
        var course: [String]
    }

    private final class Box: Sendable {
        let state: Mutex<State>

        init(_ state: State) { self.state = Mutex(state) }
    }

    package static let account = "AC00000000000000000000000000000001"
    private let server: SimulatedServer
    private let box: Box

    package var url: String { "http://127.0.0.1:\(server.port)/2010-04-01" }
    package var entries: [Entry] { box.state.withLock { $0.entries } }

    /// - Parameters:
    ///   - token: the password that the account's requests must have.
    ///   - faults: of the first requests.
    ///   - course: the statuses that fetches of a call tell; the last one stays.
    /// - Throws: when no port can be bound.
    package init(
        token: String, faults: [Fault] = [], course: [String] = ["ringing", "completed"]
    ) async throws {
        let box = Box(State(faults: faults, course: course))
        self.box = box
        let credentials = Data("\(Self.account):\(token)".utf8).base64EncodedString()
        server = try await SimulatedServer(http: { request, exchange in
            let prefix = "/2010-04-01/Accounts/\(Self.account)"
            let entry = Entry(
                method: request.method, path: String(request.path.dropFirst(prefix.count)),
                fields: Self.fields(
                    request.method == "GET"
                        ? String(request.target.dropFirst(request.path.count + 1))
                        : String(decoding: request.body, as: UTF8.self)),
                isAuthorized: request.header("Authorization") == "Basic \(credentials)")
            let fault = box.state.withLock { state -> Fault? in
                state.entries.append(entry)
                return state.faults.isEmpty ? nil : state.faults.removeFirst()
            }
            guard request.path.hasPrefix(prefix) else {
                return try await exchange.refuse(404, code: 20_404)
            }
            guard entry.isAuthorized else { return try await exchange.refuse(401, code: 20_003) }
            switch fault {
            case .status(let status, let code, let retryAfter):
                return try await exchange.refuse(status, code: code, retryAfter: retryAfter)
            case .cutBefore: return await exchange.abort()
            case .garbage: return try await exchange.answer(status: 200, body: "<html>")
            case .cutAfter, nil: break
            }
            let (status, body) = box.state.withLock { Self.answer(entry, &$0) }
            if case .cutAfter = fault { return await exchange.abort() }
            try await exchange.answer(
                status: status, headers: [("Content-Type", "application/json")], body: body)
        })
    }

    package func stop() async { await server.stop() }

    private static func answer(_ entry: Entry, _ state: inout State) -> (Int, String) {
        if entry.path == "/Calls.json" {
            guard entry.method == "POST" else {
                let found = state.calls.filter { $0["to"] == entry["To"] }.reversed()
                return (200, #"{"calls":["# + found.map(json).joined(separator: ",") + "]}")
            }
            guard let to = entry["To"], let from = entry["From"] else { return (400, "{}") }
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss Z"
            let sid = "CA" + String(format: "%032x", 0xC0FFEE + state.calls.count)
            let call = [
                "sid": sid, "status": "queued", "to": to, "from": from,
                "date_created": formatter.string(from: Date()),
            ]
            state.calls.append(call)
            return (201, json(call))
        }
        let sid = String(entry.path.dropFirst("/Calls/".count).dropLast(".json".count))
        var call = state.calls.first { $0["sid"] == sid } ?? ["sid": sid, "status": "in-progress"]
        if entry.method == "GET" {
            call["status"] = state.course.first
            if state.course.count > 1 { state.course.removeFirst() }
            if call["status"] == "completed" {
                call["duration"] = "7"
                call["price"] = "-0.0140"
                call["price_unit"] = "USD"
            }
        } else if let status = entry["Status"] {
            call["status"] = status
        }
        return (200, json(call))
    }

    private static func json(_ call: [String: String]) -> String { SimulatedJSON.text(call) }

    private static func fields(_ text: String) -> [String: [String]] {
        text.split(separator: "&").reduce(into: [:]) { fields, pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { String($0.replacing("+", with: " ")).removingPercentEncoding ?? "" }
            fields[parts[0], default: []].append(parts.count < 2 ? "" : parts[1])
        }
    }
}

extension SimulatedExchange {
    fileprivate func refuse(_ status: Int, code: Int, retryAfter: Int? = nil) async throws {
        var headers = [("Content-Type", "application/json")]
        if let retryAfter { headers.append(("Retry-After", "\(retryAfter)")) }
        try await answer(
            status: status, headers: headers,
            body: SimulatedJSON.text([
                "code": code, "message": "Scripted for +34600000000", "status": status,
                "more_info": "https://www.twilio.com/docs/errors/\(code)",
            ]))
    }
}
