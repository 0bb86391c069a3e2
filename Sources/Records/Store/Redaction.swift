package import Events

/// What is taken out of events before they are kept or told to anyone.
package struct Redaction: Equatable, Sendable {
    /// Phone numbers, also in what was said, keep two digits of the country and the last three:
    /// `+34******123`.
    package var phoneNumbers = false
    /// Words, and what tools were asked and answered, are replaced.
    package var transcripts = false
    /// Stands where words were.
    package static let removed = "[redacted]"

    package init(phoneNumbers: Bool = false, transcripts: Bool = false) {
        self.phoneNumbers = phoneNumbers
        self.transcripts = transcripts
    }

    /// - Complexity: linear in the length of the texts.
    package func callAsFunction(_ body: EventBody) -> EventBody {
        guard phoneNumbers || transcripts else { return body }
        switch body {
        case .callStarted(var start):
            start.from = start.from.map(number)
            start.to = start.to.map(number)
            return .callStarted(start)
        case .transcript(let said):
            var kept = Transcript(text: words(said.text), isFinal: said.isFinal, turn: said.turn)
            kept.speaker = said.speaker
            return .transcript(kept)
        case .agentSpeech(let said):
            return .agentSpeech(
                AgentSpeech(text: words(said.text), turn: said.turn, filler: said.filler))
        case .interruption(let cut):
            return .interruption(
                Interruption(
                    turn: cut.turn, heard: words(cut.heard),
                    onsetToClearMilliseconds: cut.onsetToClearMilliseconds))
        case .turnCompleted(var turn):
            turn.user = words(turn.user)
            turn.agent = words(turn.agent)
            turn.heard = words(turn.heard)
            return .turnCompleted(turn)
        case .toolCall(let call):
            let arguments = transcripts ? "{}" : words(call.arguments)
            return .toolCall(ToolCallRecord(id: call.id, name: call.name, arguments: arguments))
        case .toolResult(let result):
            return .toolResult(
                ToolResultRecord(
                    id: result.id, name: result.name, succeeded: result.succeeded,
                    result: words(result.result),
                    durationMilliseconds: result.durationMilliseconds))
        case .transferRequested(let transfer):
            var kept = TransferRequested(
                department: transfer.department, priority: transfer.priority,
                reason: words(transfer.reason))
            kept.destination = transfer.destination.map(number)
            return .transferRequested(kept)
        case .sentimentAlert(let alert):
            return .sentimentAlert(
                SentimentAlert(
                    sentiment: alert.sentiment, score: alert.score, message: words(alert.message)))
        case .callbackScheduled(let callback):
            return .callbackScheduled(
                CallbackScheduled(
                    phone: number(callback.phone), datetime: callback.datetime,
                    reason: words(callback.reason)))
        case .dtmf(let keys):
            // A caller's keys are their numbers: of telephones, accounts, birthdays.
            return .dtmf(
                keys.input == nil ? DTMFRecord(digit: "?") : DTMFRecord(input: Self.removed))
        case .callEnded, .speechStarted, .speechEnded, .sentiment, .contextIssue, .carrierStatus,
            .providerFailover, .quality, .error:
            return body
        }
    }

    /// A phone number as it is kept: `+34******123`.
    package func number(_ number: String) -> String {
        phoneNumbers ? Self.masked(number, shortest: 4) : number
    }

    /// Words as they are kept.
    package func words(_ text: String) -> String {
        if transcripts { return text.isEmpty ? text : Self.removed }
        return phoneNumbers ? Self.masked(text, shortest: 7) : text
    }

    /// JSON as it is kept: without numbers in its texts, and not at all where words are not kept.
    package func json(_ text: String) -> String? {
        guard phoneNumbers || transcripts else { return text }
        guard !transcripts, let tree = try? JSONText.decode(JSONTree.self, from: text) else {
            return nil
        }
        return try? JSONText.encode(masked(tree))
    }

    private func masked(_ tree: JSONTree) -> JSONTree {
        switch tree {
        case .text(let text): .text(words(text))
        case .list(let list): .list(list.map(masked))
        case .object(let members): .object(members.mapValues(masked))
        case .null, .bool, .integer, .number: tree
        }
    }

    /// Hides the middle of runs of digits, which blanks and `-./()` may part.
    ///
    /// - Parameters:
    ///   - text: anything.
    ///   - shortest: digits that make a number; shorter runs stay.
    /// - Returns: the text, as long as before.
    private static func masked(_ text: String, shortest: Int) -> String {
        var characters = Array(text)
        var run: [Int] = []  // places of the digits of the run so far
        var hasPlus = false
        func hide() {
            guard run.count >= shortest else { return }
            let head = hasPlus ? 2 : 0
            let tail = min(3, max(0, run.count - head - 1))
            for place in run.dropFirst(head).dropLast(tail) { characters[place] = "*" }
        }
        var gap = 0
        for index in 0..<characters.count {
            let character = characters[index]
            if character.isASCII, character.isNumber {
                if run.isEmpty { hasPlus = index > 0 && characters[index - 1] == "+" }
                run.append(index)
                gap = 0
            } else if !run.isEmpty {
                gap += 1
                if gap > 2 || !" -./()".contains(character) {
                    hide()
                    run.removeAll(keepingCapacity: true)
                    gap = 0
                }
            }
        }
        hide()
        return String(characters)
    }
}
