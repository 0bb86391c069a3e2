internal import Codecs
internal import Foundation
internal import Pipeline

/// One simulated call's socket: frames out every 20 ms, audio, marks and clears in.
final class CallerConnection: ConnectionHandler {
    var onEnd: ((CallerResult) -> Void)?
    var callSID: String { result.callSID }
    private let socket: WebSocket
    private let streamSID: String
    private var writer: TwilioCallerWriter
    private var phone: SimulatedPhone
    private var result: CallerResult
    private var sentFrames = 0
    private var hungUp = false

    init(call: Int, plan: CallPlan, socket: WebSocket, at now: MonotonicTime) {
        self.socket = socket
        let callSID = Self.identifier("CA")
        streamSID = Self.identifier("MZ")
        writer = TwilioCallerWriter(
            accountSID: Self.identifier("AC"), callSID: callSID, streamSID: streamSID)
        phone = SimulatedPhone(steps: plan.steps, startedAt: now)
        result = CallerResult(call: call)
        result.callSID = callSID
        send(writer.connected())
        send(writer.start(parameters: plan.parameters))
    }

    /// Sends the frames that are due.
    func step(at now: MonotonicTime) {
        guard !hungUp else { return }
        while phone.nextStepDue <= now, !phone.isDone {
            phone.step()
            sendOutputs()
        }
    }

    func received(_ message: Span<UInt8>, isText: Bool, at now: MonotonicTime) {
        guard isText else { return warn(.binary) }
        let text = [UInt8](capacity: message.count) { $0.append(copying: message) }
        do throws(TwilioCallerWarning) {
            switch try TwilioCallerMessage(parsing: text, streamSID: streamSID) {
            case .media(let octets): phone.received(audio: octets)
            case .mark(let name): phone.received(mark: name)
            case .clear: phone.receivedClear(at: now)
            }
        } catch {
            warn(error)
        }
        sendOutputs()
    }

    func closed(_ reason: CloseReason, at now: MonotonicTime) {
        result.endedByGateway = !hungUp
        result.observations = phone.observations
        result.problems = phone.problems
        if result.endedByGateway, phone.stepsLeft > 0 {
            result.problems.append(
                "the call ended with \(phone.stepsLeft) steps of the script left")
        }
        result.callerAudio = phone.callerAudio
        result.agentAudio = phone.agentAudio
        onEnd?(result)
        onEnd = nil
    }

    private func sendOutputs() {
        while let output = phone.nextOutput() {
            switch output {
            case .audio(let octets):
                send(writer.media(octets, timestampMilliseconds: sentFrames * 20))
                sentFrames += 1
            case .digit(let digit): send(writer.dtmf(digit))
            case .mark(let name): send(writer.mark(name))
            case .hangUp:
                hungUp = true
                send(writer.stop())
                socket.close(.normal)
            }
        }
    }

    private func send(_ text: String) { socket.send(text: Array(text.utf8).span) }

    private func warn(_ warning: TwilioCallerWarning) {
        result.warnings[warning.rawValue, default: 0] += 1
    }

    /// Two letters and 32 hexadecimal digits, as Twilio names things.
    private static func identifier(_ prefix: String) -> String {
        prefix + UUID().uuidString.replacing("-", with: "").lowercased()
    }
}
