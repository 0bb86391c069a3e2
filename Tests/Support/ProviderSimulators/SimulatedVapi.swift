internal import Foundation
internal import Synchronization

/// Vapi for the integration tests: a call that sends its server messages in the documented forms,
/// and the control address that steers it.
///
/// Source: Vapi's documentation of server events and live call control, August 2026.
package final class SimulatedVapi: Sendable {
    private struct State {
        var orders: [String] = []
        var isOver = false
    }

    package let callID: String
    /// 2026-11-03T10:20:00Z, when every call begins.
    package static let start = 1_793_701_200.0
    private let state = Mutex(State())
    private let server = Mutex<SimulatedServer?>(nil)

    /// Bodies of the orders that were taken, in order.
    package var orders: [String] { state.withLock { $0.orders } }
    package var controlURL: String {
        "http://127.0.0.1:\(server.withLock { $0?.port ?? 0 })/\(callID)/control"
    }

    package init(callID: String) async throws {
        self.callID = callID
        let server = try await SimulatedServer(http: { [weak self] request, exchange in
            try await exchange.answer(status: self?.take(request) ?? 500)
        })
        self.server.withLock { $0 = server }
    }

    package func stop() async { await server.withLock { $0 }?.stop() }

    private func take(_ request: SimulatedRequest) -> Int {
        guard request.method == "POST", request.path == "/\(callID)/control" else { return 404 }
        guard let order = SimulatedJSON.object(request.body), let type = order["type"] as? String
        else { return 400 }
        return state.withLock { state in
            guard !state.isOver else { return 404 }
            state.orders.append(String(decoding: request.body, as: UTF8.self))
            if type == "end-call" || type == "transfer" { state.isOver = true }
            return 200
        }
    }

    // MARK: Server messages

    /// A message with further `members` as JSON, so many seconds after the call's start.
    package func message(_ type: String, at seconds: Double, _ members: String = "") -> String {
        let milliseconds = Int(((Self.start + seconds) * 1_000).rounded())
        return #"{"message":{"type":"\#(type)","timestamp":\#(milliseconds),"#
            + #""call":{"id":"\#(callID)","orgId":"9a1b","type":"inboundPhoneCall","#
            + #""monitor":{"listenUrl":"wss://example.com","controlUrl":"\#(controlURL)"}},"#
            + #""customer":{"number":"+447700900123"},"#
            + #""phoneNumber":{"id":"pn-1","number":"+15005550006"}"#
            + (members.isEmpty ? "" : "," + members) + "}}"
    }

    package func transcript(
        _ role: String, _ text: String, isFinal: Bool = true, at seconds: Double
    ) -> String {
        message(
            "transcript", at: seconds,
            #""role":"\#(role)","transcript":"\#(text)","#
                + #""transcriptType":"\#(isFinal ? "final" : "partial")""#)
    }

    package func toolCall(
        _ id: String, _ name: String, _ arguments: String, at seconds: Double
    ) -> String {
        let text = arguments.replacing("\"", with: "\\\"")
        return message(
            "tool-calls", at: seconds,
            #""toolCallList":[{"id":"\#(id)","type":"function","function":{"name":"\#(name)","#
                + #""arguments":"\#(text)"}}]"#)
    }

    /// Of a call of 61 s that cost 0.0931 US dollars.
    package func report(_ sentences: [(role: String, text: String, seconds: Double)]) -> String {
        let messages = sentences.map { sentence in
            let time = Int((Self.start + sentence.seconds) * 1_000)
            return #"{"role":"\#(sentence.role)","message":"\#(sentence.text)","time":\#(time),"#
                + #""endTime":\#(time + 500)}"#
        }
        return message(
            "end-of-call-report", at: 65,
            #""endedReason":"customer-ended-call","startedAt":"2026-11-03T10:20:00.000Z","#
                + #""endedAt":"2026-11-03T10:21:01.000Z","cost":0.0931,"#
                + #""analysis":{"summary":"An order was asked for.","successEvaluation":"true"},"#
                + #""artifact":{"recordingUrl":"https://storage.example.com/r.wav","#
                + #""messages":[\#(messages.joined(separator: ","))]}"#)
    }
}
