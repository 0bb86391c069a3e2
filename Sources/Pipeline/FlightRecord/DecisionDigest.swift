internal import Events

/// All decisions of a call in 64 bits, cheap enough for the live call (FNV-1a, without memory).
///
/// A live call writes it at the end of its flight record; that a replay arrives at the same value
/// proves that it decided the same at the same times.
package struct DecisionDigest: Equatable, Sendable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    package mutating func add(_ action: Conversation.Action, at now: MonotonicTime) {
        let (seconds, attoseconds) = now.sinceStart.components
        add(seconds)
        add(attoseconds)
        switch action {
        case .beginUtterance(let utterance): add(1, utterance.id)
        case .finishUtterance(let id): add(2, id)
        case .cancelUtterance(let id): add(3, id)
        case .askModel(let request, let generation): add(4, generation, request.history.count)
        case .runTool(let call, let generation):
            add(5, generation)
            add(call.id)
        case .speak(let text, let chunk):
            add(6, chunk.generation, chunk.index)
            add(text)
        case .speakByFace(let text, let chunk):
            add(0x38, chunk.generation, chunk.index)
            add(text)
        case .cancelAnswer(let generation): add(7, generation)
        case .sendAudio(let octets): add(8, octets.count)
        case .sendMark(let mark): add(9, mark.generation, mark.epoch, mark.position)
        case .sendClear: add(10)
        case .emit(let body): add(body)
        case .transfer(let target):
            add(12)
            add(target.reason)
            if !target.destination.isEmpty { add(target.destination) }
        case .hangUp(let reason):
            add(13)
            add(reason.rawValue)
        }
    }

    private mutating func add(_ body: EventBody) {
        add(11)
        add(body.type.rawValue)
        switch body {
        case .transcript(let transcript): add(transcript.text)
        case .interruption(let interruption):
            add(interruption.heard)
            add(interruption.onsetToClearMilliseconds)
        case .turnCompleted(let turn):
            add(turn.heard)
            for figure in [
                turn.endpointing, turn.sttLatency, turn.llmLatency, turn.chunking, turn.ttsLatency,
                turn.send, turn.totalLatency, turn.bridge, turn.firstAudioHeard,
            ] {
                add(figure ?? -1)
            }
        case .callStarted, .callEnded, .speechStarted, .speechEnded, .agentSpeech, .toolCall,
            .toolResult, .sentiment, .sentimentAlert, .contextIssue, .callbackScheduled,
            .transferRequested, .dtmf, .carrierStatus, .quality, .error,
            .providerFailover:
            break
        }
    }

    private mutating func add(_ first: Int, _ second: Int = 0, _ third: Int = 0, _ fourth: Int = 0)
    {
        add(Int64(first))
        add(Int64(second))
        add(Int64(third))
        add(Int64(fourth))
    }

    private mutating func add(_ number: Double) { add(Int64(bitPattern: number.bitPattern)) }

    private mutating func add(_ number: Int64) {
        var rest = UInt64(bitPattern: number)
        for _ in 0..<8 {
            mix(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    private mutating func add(_ text: String) {
        for octet in text.utf8 { mix(octet) }
        mix(0xFF)  // no text ends so
    }

    private mutating func mix(_ octet: UInt8) {
        value = (value ^ UInt64(octet)) &* 0x100_0000_01B3
    }
}
