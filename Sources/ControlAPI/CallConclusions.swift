package import Events
internal import Foundation
internal import Insight

/// What follows from what happens in a call: how the caller sounds, what goes wrong, callbacks.
///
/// A pure machine, events in and events out, for calls that are led here, by a speech agent or
/// elsewhere. It decides nothing of the call, so a replay of the call needs none of it.
package struct CallConclusions: Sendable {
    /// Tools under way that are remembered; a model that never waits for results fills no memory.
    private static let callbackLimit = 32

    private var watch: CallerWatch
    /// By the tool call's id, oldest first.
    private var callbacks: [(id: String, wish: CallbackScheduled)] = []

    /// - Parameter language: of the call, ISO 639-1; English stands in for those without rules.
    package init(language: String) {
        watch = CallerWatch(language: SpokenLanguage(rawValue: language) ?? .english)
    }

    /// Takes the next event of the call.
    ///
    /// - Returns: what follows from it, in order; it is told right behind the event.
    /// - Complexity: some tens of microseconds for a final transcript, nothing for most events.
    package mutating func conclude(from body: EventBody) -> [EventBody] {
        switch body {
        case .transcript(let said) where said.isFinal: return heard(said)
        case .toolCall(let call) where call.name == CallbackWish.tool:
            guard let wish = CallbackWish(arguments: call.arguments)?.event else { return [] }
            if callbacks.count == Self.callbackLimit { callbacks.removeFirst() }
            callbacks.append((call.id, wish))
            return []
        case .toolResult(let result) where result.name == CallbackWish.tool:
            guard let index = callbacks.firstIndex(where: { $0.id == result.id }) else { return [] }
            let wish = callbacks.remove(at: index).wish
            return result.succeeded ? [.callbackScheduled(wish)] : []
        default: return []  // whatever else happens leads to nothing more
        }
    }

    private mutating func heard(_ said: Transcript) -> [EventBody] {
        guard let finding = watch.hear(said.text) else { return [] }
        let name = finding.sentiment.rawValue
        let score = finding.sentiment.score
        var events: [EventBody] = [
            .sentiment(SentimentRecord(sentiment: name, score: score, turn: said.turn))
        ]
        if finding.sentiment.isAlarming {
            events.append(
                .sentimentAlert(SentimentAlert(sentiment: name, score: score, message: said.text)))
        }
        if let urgent = finding.issues.first {
            events.append(
                .contextIssue(
                    ContextIssueRecord(
                        issues: finding.issues.map(\.rawValue),
                        needsEscalation: finding.issues.contains { $0.needsHuman },
                        confidenceLevel: (finding.confidence * 100).rounded() / 100,
                        suggestedAction: urgent.suggestedAction, turn: said.turn)))
        }
        return events
    }
}

extension ContextIssue {
    fileprivate var needsHuman: Bool {
        switch self {
        case .humanRequested, .frustration: true
        case .confusion, .repeatedQuestion: false
        }
    }

    fileprivate var suggestedAction: String {
        switch self {
        case .humanRequested: "transfer_to_agent"
        case .frustration: "offer_human"
        case .confusion: "simplify"
        case .repeatedQuestion: "rephrase"
        }
    }
}

/// The arguments of the tool `schedule_callback` (CONTRACT §6); models leave some out.
private struct CallbackWish: Decodable {
    static let tool = "schedule_callback"

    let phone: String?
    let datetime: String?
    let reason: String?

    init?(arguments: String) {
        guard let wish = try? JSONDecoder().decode(Self.self, from: Data(arguments.utf8)) else {
            return nil
        }
        self = wish
    }

    var event: CallbackScheduled {
        CallbackScheduled(phone: phone ?? "", datetime: datetime ?? "", reason: reason ?? "")
    }
}
