internal import Foundation
internal import Records
internal import Synchronization

/// Steers calls that run at Vapi through their control addresses, and leaves the others to whoever
/// owns them.
///
/// Source: Vapi, "Live Call Control", August 2026.
package struct VapiCallControl: CallControl {
    private let vapi: VapiService
    private let others: any CallControl

    package init(_ vapi: VapiService, others: any CallControl) {
        self.vapi = vapi
        self.others = others
    }

    package func end(callID: String) async throws(CallControlError) {
        _ = try await perform(.end, on: callID)
    }

    package func perform(
        _ action: CallAction, on callID: String
    ) async throws(CallControlError) -> CallActionEffect {
        guard await vapi.runs(callID) else { return try await others.perform(action, on: callID) }
        return try await vapi.perform(action, on: callID)
    }
}

extension VapiService {
    /// What Vapi is told, and how the call stands afterwards.
    struct Order: Equatable, Sendable {
        let body: JSONTree
        let state: String
    }

    private static let orderLimit = Duration.seconds(10)

    func runs(_ callID: String) async -> Bool {
        await journal.summary(of: callID)?.carrier == CallSource.vapi.rawValue
    }

    func perform(
        _ action: CallAction, on callID: String
    ) async throws(CallControlError) -> CallActionEffect {
        let order = try order(for: action)
        let keeper = await desk.keeper(of: callID)
        do throws(CallControlError) {
            guard let told = try await controlAddress(of: callID, keeper) else {
                throw .refused(
                    reason: "Vapi has not told this call's control address so far; set "
                        + "VAPI_API_KEY to have it asked for")
            }
            try await send(order, to: try checked(told))
        } catch {
            counters.withLock { $0.steered[false, default: 0] += 1 }
            throw error
        }
        counters.withLock { $0.steered[true, default: 0] += 1 }
        let now = Date()
        if case .transfer(let destination, _, let reason) = action {
            await keeper.transferred(
                to: destination.isEmpty ? settings.humanDestination : destination, reason: reason,
                at: now)
        }
        return CallActionEffect(
            time: now, secondsFromStart: await keeper.seconds(at: now), state: order.state)
    }

    func order(for action: CallAction) throws(CallControlError) -> Order {
        switch action {
        case .say(let text):
            return Order(body: ["type": "say", "content": .text(text)], state: "speaking")
        case .addContext(let text):
            return Order(
                body: [
                    "type": "add-message",
                    "message": ["role": "system", "content": .text(text)],
                    "triggerResponseEnabled": false,
                ], state: "added")
        case .mute:
            return Order(body: ["type": "control", "control": "mute-assistant"], state: "muted")
        case .unmute:
            return Order(
                body: ["type": "control", "control": "unmute-assistant"], state: "unmuted")
        case .end: return Order(body: ["type": "end-call"], state: "ended")
        case .transfer(let destination, _, _):
            guard let place = settings.destination(to: destination) else {
                throw .refused(
                    reason: "say in `to` where the call goes, or set MEDIABRIDGE_MOBILE_NUMBER")
            }
            return Order(
                body: [
                    "type": "transfer", "destination": place,
                    "content": .text(settings.text(.transferring)),
                ], state: "transferred")
        case .changeAgent, .sendTones:
            throw .refused(
                reason: "calls at Vapi take inject, context, mute, unmute, transfer and end")
        }
    }

    /// Judges an address that came with a message, literally or in the angle brackets of a sample.
    func checked(_ told: String) throws(CallControlError) -> String {
        let text = told.trimmingCharacters(in: CharacterSet(charactersIn: "<> \t\r\n"))
        guard text.utf8.count <= 2_048, let url = URL(string: text), let scheme = url.scheme,
            url.host()?.isEmpty == false, url.user() == nil,
            scheme == "https" || (scheme == "http" && settings.allowsPrivateControl)
        else { throw .refused(reason: "the control address that Vapi told is none over HTTPS") }
        return text
    }

    private func send(_ order: Order, to url: String) async throws(CallControlError) {
        var request = OutboxRequest(
            url: url, headers: [("Content-Type", "application/json")],
            body: order.body.octets)
        if let key = settings.publicKey, settings.allowsPrivateControl || Self.isVapis(url) {
            request.headers.append(("Authorization", "Bearer " + key))
        }
        request.limit = Self.orderLimit
        request.isPublicOnly = !settings.allowsPrivateControl
        let status: Int
        do throws(OutboxTransportError) {
            status = try await transport.send(request).status
        } catch {
            throw CallControlError(error)
        }
        switch status {
        case 200..<300: return
        case 404, 410: throw .callEnded
        case 401, 403:
            throw .refused(
                reason: "Vapi wants a key for this call; set VAPI_PUBLIC_KEY to its public key")
        case 400..<500: throw .refused(reason: "Vapi refused it with \(status)")
        default: throw .unavailable(reason: "Vapi answered with \(status)")
        }
    }

    private func controlAddress(
        of callID: String, _ keeper: VapiCallKeeper
    ) async throws(CallControlError) -> String? {
        if let known = await keeper.controlURL { return known }
        guard let key = settings.apiKey,
            let vapiID = await journal.summary(of: callID)?.carrierCallID
        else { return nil }
        let name = vapiID.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        var request = OutboxRequest(
            method: "GET", url: "\(settings.baseURL)/call/\(name)",
            headers: [("Authorization", "Bearer " + key)])
        request.limit = Self.orderLimit
        request.answerOctetLimit = settings.bodyOctetLimit
        do throws(OutboxTransportError) {
            let answer = try await transport.send(request)
            return answer.isSuccess
                ? LenientObject.parsed(Data(answer.body))?["monitor"]?.word("controlUrl") : nil
        } catch {
            throw CallControlError(error)
        }
    }

    private static func isVapis(_ url: String) -> Bool {
        let host = URL(string: url)?.host()?.lowercased() ?? ""
        return host == "vapi.ai" || host.hasSuffix(".vapi.ai")
    }
}

extension CallControlError {
    fileprivate init(_ error: OutboxTransportError) {
        self =
            switch error {
            case .privateAddress:
                .refused(
                    reason: "the control address is private; set vapi.allowPrivateControl to "
                        + "allow it")
            case .timedOut, .brokenOff: .timedOut
            case .unreachable: .unavailable(reason: "Vapi cannot be reached")
            case .cancelled: .unavailable(reason: "the gateway stops")
            }
    }
}
