internal import ProviderSimulators
internal import Synchronization

/// The faults that are still to happen; any thread.
final class FaultBoard: Sendable {
    private let orders = Mutex<[FaultOrder]>([])
    private let log: CloudLog

    init(log: CloudLog) { self.log = log }

    func add(_ order: FaultOrder) { orders.withLock { $0.append(order) } }
    func clear() { orders.withLock { $0 = [] } }

    /// The next fault for a request of `service`, if `suits` takes its kind.
    private func take(
        _ service: CloudService, where suits: (FaultOrder.Kind) -> Bool
    ) -> FaultOrder? {
        let order = orders.withLock { orders -> FaultOrder? in
            guard
                let index = orders.firstIndex(where: { $0.provider == service && suits($0.kind) })
            else { return nil }
            let order = orders[index]
            let count = order.count ?? 1
            if count == 1 {
                orders.remove(at: index)
            } else if count > 1 {
                orders[index].count = count - 1
            }
            return order
        }
        if let order { log.note(service, "fault", order.kind.rawValue) }
        return order
    }

    func model(_ service: CloudService) -> SimulatedModelAnswer.Fault? {
        guard let order = take(service, where: { $0 != .refused && $0 != .cut }) else { return nil }
        let after = order.after ?? 6
        if let status = order.kind.status {
            return .status(
                status, retryAfter: order.kind == .rateLimited ? "\(order.seconds ?? 2)" : nil)
        }
        switch order.kind {
        case .stallBeforeFirst: return .stallBeforeFirst
        case .stallMidStream: return .stall(after: after)
        case .garbage: return .garbage(after: after)
        case .closeMidWord: return .closeMidPiece(after: after)
        case .halfClosed: return .endEarly(after: after)
        case .refused, .cut, .unauthorised, .rateLimited, .serverError, .overloaded: return nil
        }
    }

    func speech(
        _ service: CloudService, at moment: SimulatedSpeechScript.Moment
    ) -> SimulatedSpeechScript.Fault? {
        // Over HTTP a refusal answers the text, on a socket its handshake.
        let refusals = moment == .handshake || service == .speech
        let order = take(service) { kind in
            switch kind {
            case .refused, .cut: false
            case .unauthorised, .rateLimited, .serverError, .overloaded: refusals
            case .stallBeforeFirst, .stallMidStream, .garbage, .closeMidWord, .halfClosed:
                moment == .text
            }
        }
        guard let order else { return nil }
        let after = order.after ?? 400
        if let status = order.kind.status {
            return .refuse(
                status: status,
                retryAfterSeconds: order.kind == .rateLimited ? order.seconds ?? 2 : nil)
        }
        switch order.kind {
        case .stallBeforeFirst: return .stallBeforeFirst
        case .stallMidStream: return .stallAfter(milliseconds: after)
        case .garbage: return .garbageAfter(milliseconds: after)
        case .closeMidWord: return .abortAfter(milliseconds: after)
        case .halfClosed: return .closeAfter(milliseconds: after)
        case .refused, .cut, .unauthorised, .rateLimited, .serverError, .overloaded: return nil
        }
    }

    func recognition(at moment: SimulatedDeepgram.Script.Moment) -> SimulatedDeepgram.Fault? {
        let order = take(.deepgram) { kind in
            switch kind {
            case .refused, .cut: false
            case .unauthorised, .rateLimited, .serverError, .overloaded: moment == .handshake
            case .stallBeforeFirst, .stallMidStream, .garbage, .closeMidWord, .halfClosed:
                moment == .audio
            }
        }
        guard let order else { return nil }
        if let status = order.kind.status { return .refuse(status: status) }
        switch order.kind {
        case .stallBeforeFirst, .stallMidStream: return .stall(afterMilliseconds: 0)
        case .garbage: return .garbage(afterMilliseconds: 0)
        case .closeMidWord: return .drop(afterMilliseconds: 0)
        case .halfClosed: return .halfClose(afterMilliseconds: 0)
        case .refused, .cut, .unauthorised, .rateLimited, .serverError, .overloaded: return nil
        }
    }

    func transcription() -> SimulatedTranscription.Fault? {
        guard let order = take(.transcription, where: { $0 != .refused && $0 != .cut }) else {
            return nil
        }
        if let status = order.kind.status { return .status(status) }
        switch order.kind {
        case .stallBeforeFirst, .stallMidStream: return .stall
        case .garbage: return .garbage
        case .closeMidWord, .halfClosed: return .drop
        case .refused, .cut, .unauthorised, .rateLimited, .serverError, .overloaded: return nil
        }
    }

    func dialogue() -> SimulatedRasa.Fault? {
        guard let order = take(.rasa, where: { $0 != .refused && $0 != .cut }) else { return nil }
        if let status = order.kind.status { return .status(status) }
        switch order.kind {
        case .stallBeforeFirst, .stallMidStream: return .stall
        case .garbage: return .garbage
        case .closeMidWord, .halfClosed: return .closeMidBody
        case .refused, .cut, .unauthorised, .rateLimited, .serverError, .overloaded: return nil
        }
    }
}
